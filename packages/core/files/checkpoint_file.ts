/**
 * A checkpoint as one .safetensors file: a model's, with more in it.
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
 * The bytes of a checkpoint's file, which {@linkcode readModel} can read too.
 *
 * @param notes Anything to keep beside it, as JSON.
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
      `a checkpoint keeps at most ${values} values and ${keys} keys, ${depth} deep; note less`,
    );
  }
  return writeSafetensors(metadataOf(task, model, { training }), tensors);
}

/**
 * The checkpoint in a file, and the notes beside it.
 *
 * @throws {InputError} Where the file is cut, damaged, hostile, or no checkpoint of Unroll's.
 */
export async function readCheckpoint(
  source: ByteSource,
  name = "checkpoint",
  { tasks }: TaskOptions = {},
): Promise<{ checkpoint: Checkpoint<Model>; notes: unknown }> {
  const { training, model, ...parts } = await readParts(source, name, allTasks(tasks));
  if (!training) throw new InputError(`${name}: is a model, but no checkpoint to resume from`);
  const { progress, options, examples, notes } = training;
  const checkpoint = { model: model as Model, ...parts, progress, options, examples };
  return { checkpoint, notes };
}
