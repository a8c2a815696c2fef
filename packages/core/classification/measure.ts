/**
 * Forward passes over any number of sentences, and the loss and accuracy of the labels.
 *
 * @module
 */
import type { FloatArray, Indices, Ops, Tensor } from "../backend.ts";
import { type Batch, batchHandles } from "../network/batch.ts";
import { areHeavy, CHUNK, logitsInChunks } from "../network/chunks.ts";
import type { NetworkConfig } from "../network/config.ts";
import { listOf, meanOfTensors, type OneOrSeveral } from "../network/ensemble.ts";
import { readCrf, scaledCrf } from "../network/crf_sequences.ts";
import { poolingOf } from "../network/head.ts";
import { argmax, crossEntropy } from "../network/loss.ts";
import { forward } from "../network/network.ts";
import { createTextBatch } from "../network/text_batch.ts";
import { readAndDispose } from "../ops/reading.ts";
import { type EncodedSet, wordsAt } from "../training/encoded.ts";
import type { Spellings } from "../text/spellings.ts";
import type { Metrics } from "../training/metrics.ts";
import { resultOf } from "../training/training_task.ts";
import type { Combine } from "./combine.ts";
import { measureCrf } from "./measure_crf.ts";
import { largestProbability, rightLosses } from "./measure_rows.ts";

const BATCH_SIZE = 16; // sentences that share a forward pass

/** The parts of a model that determine the numbers of words and labels. */
interface Sizes {
  config: NetworkConfig;
  vocabulary: readonly string[];
  labels: readonly string[];
}

/** Sentences so long that they are read in chunks. */
interface LongBatch {
  sentences: Int32Array[];
}

/** Sentences on a device. */
export interface Arranged {
  /** Batches of sentences of similar length, to keep padding small. */
  batches: (Batch | LongBatch)[];
  /** The row of each target in the logits of all batches, in the order of the sentences. */
  rows: Indices;
}

function isLong(batch: Batch | LongBatch): batch is LongBatch {
  return "sentences" in batch;
}

/**
 * Uploads sentences to a device, in the open scope.
 *
 * @param spellings What their ids stand for, for a model that reads letters.
 */
export function arrange(
  ops: Ops,
  { config, vocabulary }: Pick<Sizes, "config" | "vocabulary">,
  sentences: readonly Int32Array[],
  spellings?: Spellings,
): Arranged {
  const order = sentences.map((_, i) => i).sort((i, j) =>
    sentences[i].length - sentences[j].length
  );
  const { isPerStep } = poolingOf(config);
  const batches: Arranged["batches"] = [];
  const places: number[][] = sentences.map(() => []); // the rows of each sentence
  let rows = 0;
  for (let start = 0; start < order.length; start += BATCH_SIZE) {
    const some = order.slice(start, start + BATCH_SIZE);
    const texts = some.map((i) => sentences[i]);
    const batch = areHeavy(config, texts)
      ? { sentences: texts }
      : createTextBatch(ops, config, texts, spellings ?? vocabulary.length);
    for (const [column, i] of some.entries()) {
      const count = isPerStep ? sentences[i].length : 1;
      for (let t = 0; t < count; t++) places[i].push(rows + t * some.length + column);
    }
    rows += isPerStep && !isLong(batch) ? batch.words.length : some.length;
    batches.push(batch);
  }
  return { batches, rows: ops.indices(places.flat(), rows) };
}

/** Returns the logits of each sentence (head `token`: of each word), averaged over the networks. */
export function allLogits(
  ops: Ops,
  config: NetworkConfig,
  networks: OneOrSeveral,
  { batches, rows }: Arranged,
): Tensor {
  const logits = listOf(networks).map((weights) => {
    const parts = batches.flatMap((batch) =>
      isLong(batch)
        ? [logitsInChunks(ops, config, weights, batch.sentences, CHUNK)]
        : ops.scope(() => [forward(ops, config, weights, batch).logits])
    );
    return ops.gatherRows(ops.concatRows(parts), rows);
  });
  return meanOfTensors(ops, logits);
}

/** Examples that can be measured repeatedly. */
export interface MeasureSet {
  /** The parts of the model that determine the numbers of words and labels. */
  sizes: Sizes;
  /** The examples. */
  examples: EncodedSet;
  /** The id of each target's true label; -1 for one that the model does not have. */
  truth: Int32Array;
  /** The first target of each example, and at the end the number of targets. */
  starts: Uint32Array;
  /** The examples' indices, sorted by length. */
  order: Uint32Array;
  /** All examples on the device, if they are few enough to stay there. */
  groups?: Group[];
}

/** Some examples on a device. */
interface Group {
  /** Their indices among all examples. */
  places: Uint32Array;
  /** Their sentences on the device. */
  arranged: Arranged;
  /** The id of each target's true label. */
  labels: Indices;
}

/** The number of examples whose outputs are in memory at a time. */
export const TOGETHER = 64 * BATCH_SIZE;
const MAX_KEPT = 2 ** 22; // the most words of examples kept on the device

/** Prepares examples to be measured; if they are few, uploads them at once, in the open scope. */
export function createMeasureSet(ops: Ops, model: Sizes, examples: EncodedSet): MeasureSet {
  const { length } = examples;
  const starts = new Uint32Array(length + 1);
  let words = 0;
  for (let i = 0; i < length; i++) {
    words += wordsAt(examples, i);
    starts[i + 1] = starts[i] + examples.at(i)!.labels.length;
  }
  const truth = new Int32Array(starts[length]);
  for (let i = 0; i < length; i++) truth.set(examples.at(i)!.labels, starts[i]);
  const set: MeasureSet = { sizes: model, examples, truth, starts, order: byLength(examples) };
  if (words <= MAX_KEPT) {
    set.groups = Array.from(groupsOf(set), (places) => upload(ops, set, places));
  }
  return set;
}

/** Returns the examples' indices sorted by length, shortest first; ties keep their order. */
export function byLength(examples: EncodedSet): Uint32Array {
  const lengths = Uint32Array.from({ length: examples.length }, (_, i) => wordsAt(examples, i));
  return Uint32Array.from(lengths, (_, i) => i).sort((i, j) => lengths[i] - lengths[j] || i - j);
}

function* groupsOf({ order }: MeasureSet): Generator<Uint32Array> {
  for (let start = 0; start < order.length; start += TOGETHER) {
    yield order.subarray(start, start + TOGETHER);
  }
}

/** Uploads some examples to the device, in the open scope. */
function upload(
  ops: Ops,
  { sizes, examples, truth, starts }: MeasureSet,
  places: Uint32Array,
): Group {
  const sentences = Array.from(places, (i) => examples.at(i)!.words);
  const labels: number[] = [];
  for (const i of places) for (let k = starts[i]; k < starts[i + 1]; k++) labels.push(truth[k]);
  return {
    places,
    arranged: arrange(ops, sizes, sentences, examples.at(places[0])?.spellings),
    labels: ops.indices(labels, sizes.labels.length),
  };
}

/** Returns all handles that a set has on the device. */
export function handlesOf({ groups = [] }: MeasureSet): (Tensor | Indices)[] {
  return groups.flatMap(({ labels, arranged: { batches, rows } }) => [
    labels,
    rows,
    ...batches.flatMap((batch) => isLong(batch) ? [] : batchHandles(batch)),
  ]);
}

/** The result of {@linkcode measure}. */
export interface Measured {
  /** Loss and accuracy. */
  metrics: Metrics;
  /** The predicted label id of each target. */
  predicted: Int32Array;
  /** The probability of each predicted label. */
  probabilities: Float64Array;
}

/**
 * Computes loss and accuracy, and predicts a label for each target: for each example, or for each
 * word with the head `token`. The weights must stay on the device until it is done.
 *
 * @param options `labelWeights`: each label's weight in the loss, by default 1; `check`: gets the
 *   logits and the sum of all losses, and may throw; `combine`: turns the logits of the examples at
 *   some indices into ln p, or with a CRF into logits for it; `scale`: the factor of the CRF's own
 *   scores with `combine`.
 */
export function measure(
  ...given: Parameters<typeof measureSteps>
): Promise<Measured> {
  return resultOf(measureSteps(...given));
}

/** Like {@linkcode measure}, in steps, so that other work can run between them. */
export async function* measureSteps(
  ops: Ops,
  config: NetworkConfig,
  networks: OneOrSeveral,
  set: MeasureSet,
  { labelWeights, check, combine, scale = 1 }: {
    labelWeights?: readonly number[];
    combine?: Combine;
    scale?: number;
    check?: (numbers: FloatArray, what?: string) => void;
  } = {},
): AsyncGenerator<void, Measured> {
  const { truth, starts } = set;
  const all = listOf(networks), classes = all[0].by.shape[1];
  const predicted = new Int32Array(truth.length);
  const probabilities = new Float64Array(truth.length), losses = new Float64Array(truth.length);
  const own = config.crf ? await readCrf(ops, ...all) : undefined;
  const crf = own && combine ? scaledCrf(own, scale) : own;
  for (const group of set.groups ?? groupsOf(set)) {
    let places: Uint32Array;
    const outputs = ops.scope(() => {
      const { arranged, labels, ...own } = "places" in group ? group : upload(ops, set, group);
      places = own.places;
      const logits = allLogits(ops, config, all, arranged);
      return [logits, crossEntropy(ops, logits, labels)];
    });
    const [logits, l] = await readAndDispose(ops, outputs);
    yield;
    check?.(logits);
    const y = combine?.(logits, places!, own) ?? logits;
    if (combine) rightLosses(y, l, places!, set, classes);
    let row = 0;
    for (const i of places!) {
      if (crf) {
        const words = starts[i + 1] - starts[i];
        const logits = y.subarray(row * classes, (row + words) * classes) as FloatArray;
        measureCrf(crf, logits, starts[i], { truth, predicted, probabilities, losses });
        row += words;
        continue;
      }
      for (let k = starts[i]; k < starts[i + 1]; k++, row++) {
        const best = argmax(y, row, classes), right = truth[k];
        predicted[k] = best;
        losses[k] = l[row];
        // ln p of the true label is -loss, and ln p differs between labels by the difference of y.
        probabilities[k] = right < 0
          ? largestProbability(y, row, classes)
          : Math.exp(y[row * classes + best] - y[row * classes + right] - l[row]);
      }
    }
  }
  let loss = 0, total = 0, right = 0;
  for (let k = 0; k < truth.length; k++) {
    if (truth[k] < 0) continue; // a label unknown to the model counts as wrong and has no loss
    const weight = labelWeights?.[truth[k]] ?? 1;
    loss += weight * losses[k];
    total += weight;
    if (predicted[k] === truth[k]) right++;
  }
  check?.(Float64Array.of(loss), "losses");
  return {
    metrics: { loss: loss / total, accuracy: right / truth.length },
    predicted,
    probabilities,
  };
}
