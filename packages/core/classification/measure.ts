/**
 * Sentences through a network, as many as there are, and how often its labels are right.
 *
 * @module
 */
import type { FloatArray, Indices, Ops, Tensor } from "../backend.ts";
import { type Batch, batchHandles } from "../network/batch.ts";
import { canReadInChunks, CHUNK, logitsInChunks, LONG } from "../network/chunks.ts";
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

/**
 * Puts sentences on a device, in the open scope.
 *
 * @param spellings What their ids stand for, where letters are read.
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
  const places: number[][] = sentences.map(() => []); // of a sentence's rows among all
  let rows = 0;
  for (let start = 0; start < order.length; start += BATCH_SIZE) {
    const some = order.slice(start, start + BATCH_SIZE);
    const texts = some.map((i) => sentences[i]);
    const batch = texts.at(-1)!.length > LONG && canReadInChunks(config)
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

/** The logits of each sentence, or for the head `token` of each word; of several networks the mean. */
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

/** Examples to be measured any number of times. */
export interface MeasureSet {
  /** What settles how many words and labels there are. */
  sizes: Sizes;
  /** The examples. */
  examples: EncodedSet;
  /** The right label of each target; -1 for one that the model does not have. */
  truth: Int32Array;
  /** The first target of each example, and behind them the number of targets. */
  starts: Uint32Array;
  /** The examples' places, those of like length together. */
  order: Uint32Array;
  /** All of them on the device, where they are few. */
  groups?: Group[];
}

/** Some examples on a device. */
interface Group {
  /** Their places among all. */
  places: Uint32Array;
  /** Their sentences. */
  arranged: Arranged;
  /** The right label of each target. */
  labels: Indices;
}

/** Examples whose outputs are in memory at a time. */
export const TOGETHER = 64 * BATCH_SIZE;
const MAX_KEPT = 2 ** 22; // words of examples that stay on the device

/** Examples to be measured; in the open scope, as few of them go to the device at once. */
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

/** The places of examples, the shortest first, else in their order. */
export function byLength(examples: EncodedSet): Uint32Array {
  const lengths = Uint32Array.from({ length: examples.length }, (_, i) => wordsAt(examples, i));
  return Uint32Array.from(lengths, (_, i) => i).sort((i, j) => lengths[i] - lengths[j] || i - j);
}

function* groupsOf({ order }: MeasureSet): Generator<Uint32Array> {
  for (let start = 0; start < order.length; start += TOGETHER) {
    yield order.subarray(start, start + TOGETHER);
  }
}

/** Puts some examples on the device, in the open scope. */
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

/** All that a set has on the device. */
export function handlesOf({ groups = [] }: MeasureSet): (Tensor | Indices)[] {
  return groups.flatMap(({ labels, arranged: { batches, rows } }) => [
    labels,
    rows,
    ...batches.flatMap((batch) => isLong(batch) ? [] : batchHandles(batch)),
  ]);
}

/** What {@linkcode measure} finds. */
export interface Measured {
  /** Loss and accuracy. */
  metrics: Metrics;
  /** The label id given to each target. */
  predicted: Int32Array;
  /** The probability of that label. */
  probabilities: Float64Array;
}

/**
 * Loss, accuracy, and the label id given to each target with its probability: to each example, or
 * for the head `token` to each word. The weights must stay until it is done.
 *
 * @param options `labelWeights`, what each label's losses count in the loss; without, all the same;
 *   `check`, which is given the logits and the sum of all losses, and may throw; `combine`, which
 *   makes ln p of the logits of the examples at some places, or with a CRF logits for it; `scale`,
 *   what the CRF's own scores count then.
 */
export function measure(
  ...given: Parameters<typeof measureSteps>
): Promise<Measured> {
  return resultOf(measureSteps(...given));
}

/** The same in steps, between which others may have a turn. */
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
        // -ln p of the right label is its loss, and ln of a quotient of two p the difference of their y.
        probabilities[k] = right < 0
          ? largestProbability(y, row, classes)
          : Math.exp(y[row * classes + best] - y[row * classes + right] - l[row]);
      }
    }
  }
  let loss = 0, total = 0, right = 0;
  for (let k = 0; k < truth.length; k++) {
    if (truth[k] < 0) continue; // a label that the model does not have: wrong, and without a loss
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
