/**
 * Independent checks of exported ONNX files: ONNX Runtime, which npm downloads without running its
 * scripts, and the checker of Python's package onnx, if it is installed.
 *
 * @module
 */
import { assert } from "@std/assert";

/** An input or output tensor of a graph. */
export interface OnnxTensor {
  /** Its data type. */
  type: "int64" | "int32" | "float32" | "float64";
  /** Its shape. */
  dims: number[];
  /** Its values, row by row. */
  data: number[];
}

/** A file to run, and its inputs. */
export interface OnnxRun {
  /** Its name in errors. */
  name: string;
  /** The file. */
  bytes: Uint8Array;
  /** The inputs: tensors, or outputs of the previous run. */
  feeds: Record<string, OnnxTensor | { previous: string }>;
}

/** The outputs of a run. */
export type OnnxOutputs = Record<string, Omit<OnnxTensor, "type">>;

const script = new URL("./onnx_runtime.mjs", import.meta.url).pathname;
const PACKAGE = "onnxruntime-node@1";

async function run(command: string, args: string[], cwd: string) {
  try {
    const { success, stdout, stderr } = await new Deno.Command(command, { args, cwd }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { success, out: text(stdout), err: text(stderr) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** A folder with ONNX Runtime; undefined, with the reason, if npm cannot download it. */
export async function installOnnxRuntime(): Promise<{ folder?: string; problem?: string }> {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/package.json`, `{ "private": true }`);
  const args = ["install", "--ignore-scripts", "--no-audit", "--no-fund", PACKAGE];
  const installed = await run("npm", args, folder);
  if (installed?.success) return { folder };
  await Deno.remove(folder, { recursive: true });
  return { problem: installed ? installed.err.slice(-300) : "npm is not here" };
}

/** The Pythons that may have the package onnx: Debian's `python3-onnx`, or pip's. */
const PYTHONS = [
  new URL("../../bench/.venv/bin/python", import.meta.url).pathname,
  "python3",
  "/usr/bin/python3",
];

/** A Python that has the package onnx; undefined if none has it. */
export async function findOnnxChecker(): Promise<string | undefined> {
  for (const python of PYTHONS) {
    if ((await run(python, ["-c", "import onnx"], "."))?.success) return python;
  }
  return undefined;
}

const CHECK = `
import glob, onnx
for path in glob.glob("*.onnx"):
    try:
        onnx.checker.check_model(onnx.load(path), full_check=True)
    except Exception as error:
        raise SystemExit(f"{path}: {error}")
`;

/** Throws unless the checker accepts all files in a folder, including the shapes of all values. */
export async function checkOnnxFiles(python: string, folder: string): Promise<void> {
  const done = await run(python, ["-c", CHECK], folder);
  assert(done?.success, done?.err.slice(-2000));
}

/** Runs files in ONNX Runtime, in the given order. */
export async function runOnnx(folder: string, runs: readonly OnnxRun[]): Promise<OnnxOutputs[]> {
  const cases = await Promise.all(runs.map(async ({ bytes, feeds }, i) => {
    const file = `${folder}/${i}.onnx`;
    await Deno.writeFile(file, bytes);
    return { file, feeds };
  }));
  await Deno.writeTextFile(`${folder}/cases.json`, JSON.stringify(cases));
  const done = await run("node", [script, `${folder}/cases.json`], folder);
  assert(done?.success, done?.err.slice(-2000));
  const results: (OnnxOutputs & { error?: string })[] = JSON.parse(done.out);
  for (const [i, { error }] of results.entries()) assert(!error, `${runs[i].name}: ${error}`);
  return results;
}
