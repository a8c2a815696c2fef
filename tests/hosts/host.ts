/**
 * Runs the few tests on another host, and holds what came of them against this one.
 *
 * @module
 */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { bundle } from "#tests/browser/bundle.ts";
import { few, type HostReport } from "./few.ts";

let here: Promise<HostReport> | undefined;

/** What came of them in this Deno. */
export function fewHere(): Promise<HostReport> {
  return here ??= few();
}

/** A program as one file that does them, and then what it is told to with the `report`. */
export async function fewAsScript(after: string): Promise<string> {
  const file = new URL("./few.ts", import.meta.url);
  return await bundle(`import { few } from "${file}"; const report = await few(); ${after}`);
}

/** What came of them on a host that runs a script file and prints. */
export async function fewOn(command: string, ...args: string[]): Promise<HostReport> {
  const few = await fewAsScript("console.log(JSON.stringify(report));");
  return await printedBy(command, args, { "few.mjs": few });
}

/**
 * What a script prints as JSON, in a folder of its own.
 *
 * @param files What stands in the folder, by name: the last of them is run.
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
 * Throws unless a host does as this one: in float32 the same kernels give the same weights, bit for bit.
 * In float64 the last digits are those of the engine's `Math.exp` and `Math.tanh`, which change from
 * one version of V8 to the next.
 */
export async function assertAsHere(there: HostReport): Promise<void> {
  assertEquals(there.failures, []);
  const { passed, hashes, losses } = await fewHere();
  assertEquals(there.passed.length, passed.length);
  const runs = Object.keys(there.hashes).filter((run) => run in hashes); // those on kernels of both
  assert(runs.some((run) => run.endsWith("plain")) && runs.some((run) => run.endsWith("simd")));
  for (const run of runs) {
    if (run.includes("float32")) assertEquals(there.hashes[run], hashes[run], run);
    assertAlmostEquals(there.losses[run], losses[run], 1e-9, run);
  }
}

/** Whether Node.js is on this machine. */
export function hasNode(): boolean {
  try {
    return new Deno.Command("node", { args: ["--version"] }).outputSync().success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
