/**
 * The Pythons of this machine, and the one with the newest version of a package.
 *
 * @module
 */
import { peerPath } from "./peer.ts";

/** A Python and its packages, as `peers/versions.py` prints them. */
export interface Python {
  /** The executable. */
  command: string;
  /** Its version. */
  python: string;
  /** The version of PyTorch, if it has one. */
  torch?: string;
  /** The kernels of PyTorch. */
  torchKernels?: string;
  /** The version of numpy, if it has one. */
  numpy?: string;
  /** The kernels of numpy. */
  numpyKernels?: string;
}

/** The command that installs PyTorch where it is found. */
export const GET_PYTORCH = "python3 -m venv bench/.venv && bench/.venv/bin/pip install " +
  "torch numpy --index-url https://download.pytorch.org/whl/cpu";

/** The Pythons to try: that of the virtual environment here, and those of the system. */
const COMMANDS = [
  new URL("./.venv/bin/python", import.meta.url).pathname,
  "python3",
  "/usr/bin/python3",
];

/** Returns all Pythons that are installed. */
export async function pythons(): Promise<Python[]> {
  const all = await Promise.all(
    COMMANDS.map(async (command) => {
      try {
        const { success, stdout } = await new Deno.Command(command, {
          args: [peerPath("versions.py")],
          stderr: "null",
        }).output();
        return success ? [{ command, ...JSON.parse(new TextDecoder().decode(stdout)) }] : [];
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return [];
        throw error;
      }
    }),
  );
  return all.flat();
}

/** Returns the first Python with the newest version of a package, or undefined if none has it. */
export function newest(all: readonly Python[], name: "torch" | "numpy"): Python | undefined {
  const [best] = all.filter((python) => python[name] !== undefined)
    .sort((a, b) => compareVersions(b[name]!, a[name]!));
  return best;
}

/** Compares versions such as 2.13.0+cpu and 1.13.0a0 numerically. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split("+")[0].split(".").map(parseFloat));
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
