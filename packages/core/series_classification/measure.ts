/**
 * Series through a network, as many as there are, and how often its labels are right.
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

const TOGETHER = 64; // series that share a forward pass

/** The logits and the probabilities of series, a row for each, and their losses. */
export interface Measured {
  /** The logits y. */
  logits: FloatArray;
  /** Their softmax. */
  probabilities: FloatArray;
  /** The cross-entropy of each, 0 where it has no known label. */
  losses: Float64Array;
}

/**
 * Series through a network, some of like length at a time, in steps between which others may have a
 * turn.
 *
 * @param outputs What to read, of the logits of some series.
 * @param take Takes that, and the places of these series in the set.
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

/** What a network makes of series, in steps between which others may have a turn. */
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
 * The mean loss, and the fraction of labels that are right; a label that the model does not have
 * counts as wrong, and has no loss.
 *
 * @param labelWeights What each label's losses count. Default: all the same.
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
