/**
 * Temporary folders that are gone when the process ends, by a signal too.
 *
 * @module
 */

const folders = new Set<string>();
const EXIT_STATUS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/** What `fn` makes with a temporary folder, which is then removed. */
export async function withTemporaryFolder<T>(fn: (folder: string) => Promise<T>): Promise<T> {
  const folder = Deno.makeTempDirSync(); // at once, so that no signal comes before it is known
  folders.add(folder);
  try {
    return await fn(folder);
  } finally {
    folders.delete(folder);
    await Deno.remove(folder, { recursive: true });
  }
}

/** Has the temporary folders removed where a signal ends the process. */
export function removeFoldersOnSignals(): void {
  for (const [signal, status] of Object.entries(EXIT_STATUS)) {
    if (Deno.build.os === "windows" && signal === "SIGTERM") continue; // is not known there
    Deno.addSignalListener(signal as Deno.Signal, () => {
      for (const folder of folders) removeNow(folder);
      Deno.exit(status);
    });
  }
}

const TRIES = 5; // while something still writes into a folder, it is not empty at the end

function removeNow(folder: string): void {
  for (let i = 0; i < TRIES; i++) {
    try {
      return Deno.removeSync(folder, { recursive: true });
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return;
    }
  }
}
