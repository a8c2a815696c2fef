/** The output and exit status of a run of the command line. */
export interface Ended {
  status: number;
  out: string;
  err: string;
}

const main = new URL("../../packages/cli/main.ts", import.meta.url).pathname;
const lock = new URL("../../gpujs.lock", import.meta.url).pathname;

/** Runs the command line in a folder, as a user would. */
export async function unroll(
  args: string[],
  { cwd, input }: { cwd?: string; input?: string } = {},
): Promise<Ended> {
  const child = start(args, { cwd, input: input !== undefined });
  if (input !== undefined) {
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(input));
    await writer.close();
  }
  const { code, stdout, stderr } = await child.output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { status: code, out: decode(stdout), err: decode(stderr) };
}

/** Starts the command line and leaves it running. */
export function start(
  args: string[],
  { cwd, input = false }: { cwd?: string; input?: boolean } = {},
): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      `--lock=${lock}`,
      "--no-prompt",
      "--allow-read",
      "--allow-write",
      main,
      ...args,
    ],
    cwd,
    env: { NO_COLOR: "1" },
    stdin: input ? "piped" : "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Runs a test in a new folder, and removes it afterwards. */
export async function inFolder(fn: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await fn(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Returns the sorted names of the files in a folder. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  return entries.map(({ name }) => name).sort();
}
