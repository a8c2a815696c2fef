/**
 * Runs exported `train.py` programs, to compare them with training in Unroll.
 *
 * @module
 */
import { createCpuBackend } from "@unroll/backend-cpu";
import { type ExampleOf, type Model, type Sequence, train, type TrainOptions } from "@unroll/core";
import { newest, pythons } from "../../bench/python.ts";

export { exportInto } from "../../bench/torch_folder.ts";

/** The Python with PyTorch, if there is one. */
export async function pythonWithTorch(): Promise<string | undefined> {
  return newest(await pythons(), "torch")?.command;
}

/** The loss of each step by number, the mean of each epoch, and the validation losses. */
export interface Losses {
  steps: Map<number, number>;
  epochs: number[];
  validation: number[];
}

/** Trains in Unroll; records each step's loss but an epoch's last, which no event reports. */
export async function lossesHere<M extends Model>(
  model: M,
  examples: Sequence<ExampleOf<M>>,
  options: TrainOptions<ExampleOf<M>>,
): Promise<Losses> {
  const losses: Losses = { steps: new Map(), epochs: [], validation: [] };
  let before = { loss: 0, weight: 0 };
  const backend = createCpuBackend();
  try {
    for await (const event of train(backend, model, examples, { ...options, checkpointEvery: 1 })) {
      if (event.type === "epoch") {
        losses.epochs.push(event.train.loss);
        if (event.validation) losses.validation.push(event.validation.loss);
      }
      if (event.type !== "checkpoint") continue;
      const { loss, weight, steps, batches } = event.checkpoint.progress;
      if (batches > 0) {
        losses.steps.set(steps, (loss - before.loss) / (weight - before.weight));
      }
      before = { loss, weight };
    }
  } finally {
    backend.dispose();
  }
  return losses;
}

/** Reads the losses that `train.py` wrote, the last of each step, and their means. */
export async function lossesThere(folder: string): Promise<Losses["steps"]> {
  const rows = (await Deno.readTextFile(`${folder}/losses.csv`)).trim().split("\n");
  return new Map(
    rows.map((row) => row.split(",").map(Number)).map(([step, , loss]) => [step, loss]),
  );
}

/** Runs several `train.py` in one process; returns the output of each. */
export async function runTogether(python: string, folders: readonly string[]): Promise<string> {
  const program = `import runpy, sys
for folder in sys.argv[1:]:
    print("#", folder)
    sys.path[0] = folder
    for own in "folder", "cells":
        sys.modules.pop(own, None)
    runpy.run_path(folder + "/train.py", run_name="__main__")`;
  // With networks this small, threads would only wait for each other.
  return await run(python, ["-c", program, ...folders], { env: { OMP_NUM_THREADS: "1" } });
}

/** Runs Python in a folder, on one thread. */
export async function runTorch(
  python: string,
  args: readonly string[],
  cwd: string,
): Promise<string> {
  return await run(python, args, { cwd, env: { OMP_NUM_THREADS: "1" } });
}

/** The arguments that start processes like torchrun, without the program in Python's `bin`. */
export function torchrun(processes: number): string[] {
  return ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", String(processes)];
}

/** Runs a program, and returns its output. */
export async function run(
  command: string,
  args: readonly string[],
  options: Deno.CommandOptions = {},
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    ...options,
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!success) throw new Error(`${command} failed: ${text(stderr).slice(-3000)}`);
  return text(stdout);
}
