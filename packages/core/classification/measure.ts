/**
 * Sentences through a network, as many as there are, and how often its labels are right.
 *
 * @module
 */
import type { FloatArray, Indices, Ops, Tensor } from "../backend.ts";
import { type Batch, batchHandles, createBatch } from "../network/batch.ts";
import { canReadInChunks, CHUNK, logitsInChunks, LONG } from "../network/chunks.ts";
import type { NetworkConfig } from "../network/config.ts";
import { poolingOf } from "../network/head.ts";
import { argmax, crossEntropy } from "../network/loss.ts";
import { forward } from "../network/network.ts";
import type { Weights } from "../network/weights.ts";
import { readAndDispose } from "../ops/reading.ts";
import type { EncodedExample } from "../training/buckets.ts";
import type { Metrics } from "../training/metrics.ts";

const BATCH_SIZE = 16; // sentences that share a forward pass

/** What of a model settles how many words and labels there are. */
interface Sizes {
  config: NetworkConfig;
  vocabulary: readonly string[];
  labels: readonly string[];
}

/** Sentences so long that they go to the device in chunks. */
interface LongBatch {
  sentences: Int32Array[];
}

/** Sentences on a device. */
export interface Arranged {
  /** Those of like length together, so that padding costs little. */
  batches: (Batch | LongBatch)[];
  /** The row of each target, in the order of the sentences, among the logits of all batches. */
  rows: Indices;
}

function isLong(batch: Batch | LongBatch): batch is LongBatch {
  return "sentences" in batch;
}

/** Puts sentences on a device, in the open scope. */
export function arrange(
  ops: Ops,
  { config, vocabulary }: Pick<Sizes, "config" | "vocabulary">,
  sentences: readonly Int32Array[],
): Arranged {
  const order = sentences.map((_, i) => i).sort((i, j) =>
    sentences[i].length - sentences[j].length
  );
  const { isPerStep } = poolingOf(config);
  const batches: Arranged["batches"] = [];
  const places: number[][] = sentences.map(() => []); // of a sentence's rows among all
  let rows = 0;
  for (let start = 0; start < order.length; start += BATCH_SIZE) {
    const some = order.slice(start, start + BATCH_SIZE);
    const texts = some.map((i) => sentences[i]);
    const batch = texts.at(-1)!.length > LONG && canReadInChunks(config)
      ? { sentences: texts }
      : createBatch(ops, config, texts, vocabulary.length);
    for (const [column, i] of some.entries()) {
      const count = isPerStep ? sentences[i].length : 1;
      for (let t = 0; t < count; t++) places[i].push(rows + t * some.length + column);
    }
    rows += isPerStep && !isLong(batch) ? batch.words.length : some.length;
    batches.push(batch);
  }
  return { batches, rows: ops.indices(places.flat(), rows) };
}

/** The logits of each sentence, or for the head `token` of each word. */
export function allLogits(
  ops: Ops,
  config: NetworkConfig,
  weights: Weights<Tensor>,
  { batches, rows }: Arranged,
): Tensor {
  const parts = batches.flatMap((batch) =>
    isLong(batch)
      ? [logitsInChunks(ops, config, weights, batch.sentences, CHUNK)]
      : ops.scope(() => [forward(ops, config, weights, batch).logits])
  );
  return ops.gatherRows(ops.concatRows(parts), rows);
}

/** Examples on a device, to be measured any number of times. */
export interface MeasureSet {
  /** The sentences. */
  arranged: Arranged;
  /** The right label of each target; -1 for one that the model does not have. */
  truth: number[];
  /** The same, on the device. */
  labels: Indices;
}

/** Puts examples on a device, in the open scope. */
export function createMeasureSet(
  ops: Ops,
  model: Sizes,
  examples: readonly EncodedExample[],
): MeasureSet {
  const truth = examples.flatMap(({ labels }) => [...labels]);
  const arranged = arrange(ops, model, examples.map(({ words }) => words));
  return { arranged, truth, labels: ops.indices(truth, model.labels.length) };
}

/** All that a set has on the device. */
export function handlesOf({ arranged, labels }: MeasureSet): (Tensor | Indices)[] {
  const { batches, rows } = arranged;
  return [labels, rows, ...batches.flatMap((batch) => isLong(batch) ? [] : batchHandles(batch))];
}

/** What {@linkcode measure} finds. */
export interface Measured {
  /** Loss and accuracy. */
  metrics: Metrics;
  /** The label id given to each target. */
  predicted: number[];
  /** The probability of that label. */
  probabilities: number[];
}

/**
 * Loss, accuracy, and the label id given to each target with its probability: to each example, or
 * for the head `token` to each word. The weights may be disposed of at once.
 *
 * @param options `labelWeights`, what each label's losses count in the loss; without, all the same;
 *   `check`, which is given the logits and the sum of all losses, and may throw.
 */
export async function measure(
  ops: Ops,
  config: NetworkConfig,
  weights: Weights<Tensor>,
  { arranged, truth, labels }: MeasureSet,
  { labelWeights, check }: {
    labelWeights?: readonly number[];
    check?: (numbers: FloatArray, what?: string) => void;
  } = {},
): Promise<Measured> {
  const classes = weights.by.shape[1];
  const [logits, losses] = ops.scope(() => {
    const logits = allLogits(ops, config, weights, arranged);
    return [logits, crossEntropy(ops, logits, labels)];
  });
  const [l, y] = await readAndDispose(ops, [losses, logits]);
  check?.(y);
  const predicted = truth.map((_, i) => argmax(y, i, classes));
  let loss = 0, total = 0, right = 0;
  for (let i = 0; i < truth.length; i++) {
    if (truth[i] < 0) continue; // a label that the model does not have: wrong, and without a loss
    const weight = labelWeights?.[truth[i]] ?? 1;
    loss += weight * l[i];
    total += weight;
    if (predicted[i] === truth[i]) right++;
  }
  // -ln p of the right label is its loss, and ln of a quotient of two p the difference of their y.
  const probabilities = predicted.map((label, i) =>
    truth[i] < 0
      ? largestProbability(y, i, classes)
      : Math.exp(y[i * classes + label] - y[i * classes + truth[i]] - l[i])
  );
  check?.(Float64Array.of(loss), "losses");
  return {
    metrics: { loss: loss / total, accuracy: right / truth.length },
    predicted,
    probabilities,
  };
}

/** The softmax of the largest of a row of logits. */
function largestProbability(logits: FloatArray, row: number, classes: number): number {
  const start = row * classes, largest = logits[start + argmax(logits, row, classes)];
  let sum = 0;
  for (let j = start; j < start + classes; j++) sum += Math.exp(logits[j] - largest);
  return 1 / sum;
}
