/**
 * Reads and writes checkpoints: .safetensors model files that also hold the training state.
 *
 * @module
 */
import type { FloatArray, Shape } from "../backend.ts";
import { InputError } from "../errors.ts";
import type { StoredTensor } from "../network/torch_names.ts";
import { prefixed, type Weights } from "../network/weights.ts";
import { allTasks, type Model, taskOf, type TaskOptions } from "../tasks.ts";
import type { Checkpoint } from "../training/checkpoint.ts";
import { isWithin } from "./bounded_json.ts";
import { metadataOf } from "./model_metadata.ts";
import {
  BEST,
  CARRIED_STATE,
  EARLY,
  networkTensors,
  readParts,
  SLOT,
  TRAINING_BOUNDS,
} from "./model_parts.ts";
import { type ByteSource, writeSafetensors } from "./safetensors.ts";

/**
 * Returns the bytes of a checkpoint file, which {@linkcode readModel} can read too.
 *
 * @param notes Additional data to store with it, as JSON.
 * @throws {InputError} If the progress, options and notes are too large for a file.
 *
 * @example
 * ```ts
 * import { createModel, readCheckpoint, train, writeCheckpoint } from "@unroll/core";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assertEquals } from "@std/assert";
 *
 * const examples = [{ text: "good", label: "up" }, { text: "bad", label: "down" }];
 * const model = createModel(examples);
 * const options = { epochs: 1, checkpointEvery: 1 };
 * for await (const event of train(createCpuBackend(), model, examples, options)) {
 *   if (event.type !== "checkpoint") continue;
 *   const bytes = writeCheckpoint(event.checkpoint);
 *   assertEquals((await readCheckpoint(new Blob([bytes]))).checkpoint, event.checkpoint);
 * }
 * ```
 */
export function writeCheckpoint(
  checkpoint: Checkpoint,
  notes?: unknown,
  { tasks }: TaskOptions = {},
): Uint8Array<ArrayBuffer> {
  const { model, best, early = [], slots, progress, options, examples, carriedState = {} } =
    checkpoint;
  const task = taskOf(model, tasks);
  const tensors: Record<string, StoredTensor> = {
    ...networkTensors(task, model),
    ...task.file.companions?.tensors(model),
  };
  const shapes: Weights<Shape> = task.shapes(model);
  for (const [key, data] of Object.entries(slots)) {
    tensors[SLOT + key] = { shape: shapes[key.slice(key.indexOf(".") + 1)], data };
  }
  const add = (prefix: string, weights: Weights<FloatArray>) =>
    Object.assign(tensors, prefixed<StoredTensor>(prefix, task.file.toTorch(model, weights)));
  if (best) add(BEST, best);
  for (const [k, weights] of early.entries()) add(`${EARLY}${k}.`, weights);
  for (const [key, data] of Object.entries(carriedState)) {
    const { hidden } = model.config;
    tensors[CARRIED_STATE + key] = { shape: [data.length / hidden, hidden], data };
  }
  const training = JSON.stringify({ progress, options, examples, notes });
  if (!isWithin(new TextEncoder().encode(training), TRAINING_BOUNDS)) {
    const { values, keys, depth } = TRAINING_BOUNDS;
    throw new InputError(
      `a checkpoint stores at most ${values} values and ${keys} keys, nested at most ${depth} ` +
        "deep; store fewer notes",
    );
  }
  return writeSafetensors(metadataOf(task, model, { training }), tensors);
}

/**
 * Reads a checkpoint file: the checkpoint, and the notes stored with it.
 *
 * @param source The file's bytes: a `Blob`, a `File`, or anything with the same `slice()`.
 * @param name The file's name in errors. Default: `"checkpoint"`.
 * @throws {InputError} If the file is truncated, damaged, malicious, or not an Unroll checkpoint.
 */
export async function readCheckpoint(
  source: ByteSource,
  name = "checkpoint",
  { tasks }: TaskOptions = {},
): Promise<{ checkpoint: Checkpoint<Model>; notes: unknown }> {
  const { training, model, ...parts } = await readParts(source, name, allTasks(tasks));
  if (!training) throw new InputError(`${name}: is a model, not a checkpoint to resume from`);
  const { progress, options, examples, notes } = training;
  const checkpoint = { model: model as Model, ...parts, progress, options, examples };
  return { checkpoint, notes };
}
