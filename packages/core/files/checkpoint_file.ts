/**
 * A checkpoint as one .safetensors file: a model's, with more in it.
 *
 * @module
 */
import { isWithin } from "./bounded_json.ts";
import type { Checkpoint } from "../training/checkpoint.ts";
import { InputError } from "../errors.ts";
import { metadataOf } from "./model_metadata.ts";
import { BEST, CARRIED, readParts, SLOT, TRAINING_BOUNDS } from "./model_parts.ts";
import { shapesOf } from "../model.ts";
import { type ByteSource, writeSafetensors } from "./safetensors.ts";
import { toTorch } from "./torch_names.ts";

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
export function writeCheckpoint(checkpoint: Checkpoint, notes?: unknown): Uint8Array<ArrayBuffer> {
  const { model, best, slots, progress, options, examples, carried = {} } = checkpoint;
  const tensors = toTorch(model, model.weights);
  const shapes = shapesOf(model);
  for (const [key, data] of Object.entries(slots)) {
    tensors[SLOT + key] = { shape: shapes[key.slice(key.indexOf(".") + 1)], data };
  }
  for (const [key, tensor] of Object.entries(best ? toTorch(model, best) : {})) {
    tensors[BEST + key] = tensor;
  }
  for (const [key, data] of Object.entries(carried)) {
    const { hidden } = model.config;
    tensors[CARRIED + key] = { shape: [data.length / hidden, hidden], data };
  }
  const training = JSON.stringify({ progress, options, examples, notes });
  if (!isWithin(new TextEncoder().encode(training), TRAINING_BOUNDS)) {
    const { values, keys, depth } = TRAINING_BOUNDS;
    throw new InputError(
      `a checkpoint keeps at most ${values} values and ${keys} keys, ${depth} deep; note less`,
    );
  }
  return writeSafetensors(metadataOf(model, { training }), tensors);
}

/**
 * The checkpoint in a file, and the notes beside it.
 *
 * @throws {InputError} Where the file is cut, damaged, hostile, or no checkpoint of Unroll's.
 */
export async function readCheckpoint(
  source: ByteSource,
  name = "checkpoint",
): Promise<{ checkpoint: Checkpoint; notes: unknown }> {
  const { training, ...parts } = await readParts(source, name);
  if (!training) throw new InputError(`${name}: is a model, but no checkpoint to go on from`);
  const { progress, options, examples, notes } = training;
  return { checkpoint: { ...parts, progress, options, examples }, notes };
}
