/**
 * Runs series through a network, and measures loss and accuracy.
 *
 * @module
 */
import type { FloatArray, Ops, Tensor } from "../backend.ts";
import { argmax, crossEntropy } from "../network/loss.ts";
import { forward } from "../network/network.ts";
import type { Weights } from "../network/weights.ts";
import { readAndDispose } from "../ops/reading.ts";
import type { Sequence } from "../sequence.ts";
import type { Uploaded } from "../task.ts";
import type { Metrics } from "../training/metrics.ts";
import { uploadSeries } from "./batch.ts";
import type { EncodedSeries } from "./encode.ts";
import type { SeriesClassificationModel } from "./model.ts";

const TOGETHER = 64; // series in one forward pass

/** The logits and probabilities of series, one row for each series, and their losses. */
export interface Measured {
  /** The logits y, `[series, classes]`. */
  logits: FloatArray;
  /** The softmax of the logits, `[series, classes]`. */
  probabilities: FloatArray;
  /** The cross-entropy of each series in nats; 0 if it has no label that the model knows. */
  losses: Float64Array;
}

/**
 * Runs series through a network in batches of similar length. Yields in each batch, so that other
 * work may run.
 *
 * @param outputs Returns the tensors to read, given the logits of a batch.
 * @param take Called with the numbers read, and with the indices of the batch's series in the set.
 */
export async function* readSeriesTogether(
  { ops, model, weights }: {
    ops: Ops;
    model: Parameters<typeof uploadSeries>[1];
    weights: Weights<Tensor>;
  },
  set: Sequence<EncodedSeries>,
  outputs: (logits: Tensor, some: readonly EncodedSeries[]) => Tensor[],
  take: (read: readonly FloatArray[], places: readonly number[]) => void,
): AsyncGenerator<void, void> {
  const order = Array.from({ length: set.length }, (_, i) => i)
    .sort((a, b) => set.at(a)!.words.length - set.at(b)!.words.length || a - b);
  for (let start = 0; start < order.length; start += TOGETHER) {
    const places = order.slice(start, start + TOGETHER);
    const some = places.map((i) => set.at(i)!);
    const tensors = ops.scope(() => {
      const { batch, inputs } = uploadSeries(ops, model, some);
      return outputs(forward(ops, model.config, weights, batch, { inputs }).logits, some);
    });
    const read = await readAndDispose(ops, tensors);
    yield;
    take(read, places);
  }
}

/** Computes logits, probabilities and losses of series. Yields in each batch. */
export async function* measureSeries(
  on: Uploaded<SeriesClassificationModel>,
  set: Sequence<EncodedSeries>,
): AsyncGenerator<void, Measured> {
  const { ops, model } = on, classes = model.labels.length, { length } = set;
  const measured: Measured = {
    logits: new Float64Array(length * classes),
    probabilities: new Float64Array(length * classes),
    losses: new Float64Array(length),
  };
  const outputs = (logits: Tensor, some: readonly EncodedSeries[]) => {
    const labels = ops.indices(some.map(({ labels }) => labels[0] ?? -1), classes);
    return [logits, ops.softmax(logits), crossEntropy(ops, logits, labels)];
  };
  yield* readSeriesTogether(on, set, outputs, ([y, p, l], places) => {
    for (const [row, i] of places.entries()) {
      measured.logits.set(y.subarray(row * classes, (row + 1) * classes), i * classes);
      measured.probabilities.set(p.subarray(row * classes, (row + 1) * classes), i * classes);
      measured.losses[i] = l[row];
    }
  });
  return measured;
}

/**
 * Computes the mean loss and the accuracy. A label that the model does not have counts as wrong,
 * and is not in the loss.
 *
 * @param labelWeights The weight of each label in the loss. Default: 1 for all.
 */
export function seriesMetrics(
  { logits, losses }: Measured,
  set: Sequence<EncodedSeries>,
  classes: number,
  labelWeights?: readonly number[],
): Metrics {
  let loss = 0, total = 0, right = 0, i = 0;
  for (const { labels: [label] } of set) {
    if (label >= 0) {
      const weight = labelWeights?.[label] ?? 1;
      loss += weight * losses[i];
      total += weight;
      if (argmax(logits, i, classes) === label) right++;
    }
    i++;
  }
  return { loss: loss / total, accuracy: right / set.length };
}
