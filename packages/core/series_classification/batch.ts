/**
 * Batches of series: drawing, augmentation and upload.
 *
 * @module
 */
import type { FloatArray, Ops } from "../backend.ts";
import { type Batch, createBatch } from "../network/batch.ts";
import { denseInputs, type Inputs } from "../network/inputs.ts";
import { Random, STREAMS } from "../random.ts";
import type { Sequence } from "../sequence.ts";
import { roomFor } from "../training/buckets.ts";
import type { EncodedSeries } from "./encode.ts";
import { inputWidth } from "./features.ts";
import type { SeriesClassificationModel } from "./model.ts";

const SORTED_TOGETHER = 16; // batches whose series are sorted by length together, as for texts

/**
 * Draws the batches of an epoch, as indices into the set: with a generator in random order and with
 * similar lengths in each batch, without one in the order of the set.
 */
export function drawSeries(
  set: Sequence<EncodedSeries>,
  batchSize: number,
  random?: Random,
): Uint32Array[] {
  const order = Uint32Array.from({ length: set.length }, (_, i) => i);
  random?.shuffle(order);
  const stepsOf = (i: number) => set.at(i)!.words.length;
  const span = SORTED_TOGETHER * batchSize;
  for (let start = 0; random && start < order.length; start += span) {
    order.subarray(start, start + span).sort((a, b) => stepsOf(a) - stepsOf(b));
  }
  const batches: Uint32Array[] = [];
  for (let start = 0; start < order.length; start += batchSize) {
    batches.push(order.subarray(start, start + batchSize));
  }
  random?.shuffle(batches);
  return batches;
}

/** Returns the augmentation of training step t, see {@linkcode vary}; undefined for none. */
export function variationOf(
  { noise, stretch, columns }: Pick<SeriesClassificationModel, "noise" | "stretch" | "columns">,
  { seed, t }: { seed: number; t: number },
): ((inputs: FloatArray) => FloatArray) | undefined {
  if (noise === 0 && stretch === 0) return undefined;
  const random = new Random(seed, STREAMS.augmentation, t);
  return (inputs) => vary(inputs, 2 * columns.length, noise, stretch, random);
}

/**
 * Augments a series, so that a few dozen series teach as much as more would: multiplies each column
 * by one random factor, and adds noise to each value.
 *
 *     x' = x (1 + stretch e_column) + noise e,   e standard normal
 */
function vary(
  inputs: FloatArray,
  width: number,
  noise: number,
  stretch: number,
  random: Random,
): FloatArray {
  const factors = Float64Array.from({ length: width }, () => 1 + stretch * random.normal());
  const varied = new Float32Array(inputs.length);
  for (let i = 0; i < inputs.length; i++) {
    varied[i] = inputs[i] * factors[i % width] + (noise > 0 ? noise * random.normal() : 0);
  }
  return varied;
}

/** Uploads a batch of series, padded to the same number of time steps, in the open scope. */
export function uploadSeries(
  ops: Ops,
  model: Pick<SeriesClassificationModel, "config" | "columns" | "scaling" | "segment">,
  series: readonly EncodedSeries[],
  vary?: (inputs: FloatArray) => FloatArray,
): { batch: Batch; inputs: Inputs; timeSteps: number } {
  const size = series.length, width = inputWidth(model);
  const longest = series.reduce((most, { words }) => Math.max(most, words.length), 1);
  const timeSteps = roomFor(longest);
  const rows = new Float32Array(timeSteps * size * width);
  for (const [i, each] of series.entries()) {
    const inputs = vary ? vary(each.inputs) : each.inputs;
    for (let t = 0; t < each.words.length; t++) {
      rows.set(inputs.subarray(t * width, (t + 1) * width), (t * size + i) * width);
    }
  }
  const batch = createBatch(ops, model.config, series.map(({ words }) => words), 1, timeSteps);
  // Without `backward`: no gradient is needed for inputs from data.
  const { project, gradient } = denseInputs(ops.tensor(rows, [timeSteps * size, width]));
  return { batch, inputs: { project, gradient }, timeSteps };
}
