/**
 * Temporary folders that are removed when the process ends, including by a signal.
 *
 * @module
 */

const folders = new Set<string>();
const EXIT_STATUS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/** Calls `fn` with a temporary folder, and removes the folder afterwards. */
export async function withTemporaryFolder<T>(fn: (folder: string) => Promise<T>): Promise<T> {
  const folder = Deno.makeTempDirSync(); // synchronous: no signal comes before it is registered
  folders.add(folder);
  try {
    return await fn(folder);
  } finally {
    folders.delete(folder);
    await Deno.remove(folder, { recursive: true });
  }
}

/** Removes the temporary folders when a signal ends the process. */
export function removeFoldersOnSignals(): void {
  for (const [signal, status] of Object.entries(EXIT_STATUS)) {
    if (Deno.build.os === "windows" && signal === "SIGTERM") continue; // not supported there
    Deno.addSignalListener(signal as Deno.Signal, () => {
      for (const folder of folders) removeNow(folder);
      Deno.exit(status);
    });
  }
}

const TRIES = 5; // a folder is not empty while something still writes into it

function removeNow(folder: string): void {
  for (let i = 0; i < TRIES; i++) {
    try {
      return Deno.removeSync(folder, { recursive: true });
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return;
    }
  }
}
