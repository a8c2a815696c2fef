/**
 * Runs the small suite on another host, and compares the results with this one's.
 *
 * @module
 */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { bundle } from "#tests/browser/bundle.ts";
import { few, type HostReport } from "./few.ts";

let here: Promise<HostReport> | undefined;

/** Its results in this Deno. */
export function fewHere(): Promise<HostReport> {
  return here ??= few();
}

/** A program in one file that runs the suite, and then runs code with the `report`. */
export async function fewAsScript(after: string): Promise<string> {
  const file = new URL("./few.ts", import.meta.url);
  return await bundle(`import { few } from "${file}"; const report = await few(); ${after}`);
}

/** Returns the results of a host that runs a script file and prints. */
export async function fewOn(command: string, ...args: string[]): Promise<HostReport> {
  const few = await fewAsScript("console.log(JSON.stringify(report));");
  return await printedBy(command, args, { "few.mjs": few });
}

/**
 * Returns what a script prints as JSON, in a temporary folder.
 *
 * @param files The contents of the folder, by name; the last file is run.
 */
export async function printedBy<T>(
  command: string,
  args: readonly string[],
  files: Record<string, string>,
): Promise<T> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${folder}/${name}`, text);
    }
    const { success, stdout, stderr } = await new Deno.Command(command, {
      args: [...args, `${folder}/${Object.keys(files).at(-1)}`],
      cwd: folder,
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    if (!success) throw new Error(`${command} failed: ${text(stderr).slice(-2000)}`);
    return JSON.parse(text(stdout));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * Throws unless a host has the results of this one. In float32 the same kernels make the same
 * weights, bit for bit. In float64 the last digits depend on the engine's `Math.exp` and
 * `Math.tanh`, which differ between versions of V8.
 */
export async function assertAsHere(there: HostReport): Promise<void> {
  assertEquals(there.failures, []);
  const { passed, hashes, losses } = await fewHere();
  assertEquals(there.passed.length, passed.length);
  const runs = Object.keys(there.hashes).filter((run) => run in hashes); // those on kernels that both have
  assert(runs.some((run) => run.endsWith("plain")) && runs.some((run) => run.endsWith("simd")));
  for (const run of runs) {
    if (run.includes("float32")) assertEquals(there.hashes[run], hashes[run], run);
    assertAlmostEquals(there.losses[run], losses[run], 1e-9, run);
  }
}

/** Whether Node.js is installed. */
export function hasNode(): boolean {
  try {
    return new Deno.Command("node", { args: ["--version"] }).outputSync().success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
