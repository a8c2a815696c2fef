/**
 * Loss, accuracy and exact match of translation models.
 *
 * @module
 */
import type { FloatArray, Ops, Tensor } from "../backend.ts";
import type { NetworkConfig } from "../network/config.ts";
import { crossEntropy, isRightSymbol } from "../network/loss.ts";
import type { Weights } from "../network/weights.ts";
import { readAndDispose } from "../ops/reading.ts";
import { type EncodedExample, type EncodedSet, wordsAt } from "../training/encoded.ts";
import type { Metrics } from "../training/metrics.ts";
import { resultOf } from "../training/training_task.ts";
import { disposeSources, greedy, type Hypothesis, readSources } from "./decode.ts";
import { seq2seqForward } from "./network.ts";
import { arrangePairs, packPairs, targetIds, uploadPairs } from "./pairs.ts";

const BATCH_SIZE = 32; // sources that share a forward pass

/**
 * The most held-out pairs that `train` decodes after each epoch for the exact match, evenly spaced:
 * decoding takes much longer than loss and accuracy, which are computed on all pairs. `evaluate`
 * decodes all.
 */
export const DECODED_IN_TRAINING = 128;

/** The result of {@linkcode measurePairs}. */
export interface MeasuredPairs {
  /** Loss, accuracy and exact match. */
  metrics: Metrics & { accuracy: number; exact: number };
  /** The freely decoded target of each example that was decoded. */
  hypotheses: Hypothesis[];
}

/** Options of {@linkcode measurePairs}. */
export interface MeasureOptions {
  /** The most examples to decode, evenly spaced. Default: all. */
  decoded?: number;
  /** Called with each symbol's logits and the sum of all losses; it may throw. */
  check?: (numbers: FloatArray, what?: string) => void;
}

/**
 * Computes the mean loss and the accuracy per symbol, both under teacher forcing, and exact match:
 * the fraction of targets that free decoding reproduces exactly.
 *
 * @param symbols The size of the source vocabulary.
 */
export function measurePairs(...given: Parameters<typeof measureSteps>): Promise<MeasuredPairs> {
  return resultOf(measureSteps(...given));
}

/** Like {@linkcode measurePairs}, in steps, so that other work can run between them. */
export async function* measureSteps(
  ops: Ops,
  config: NetworkConfig,
  weights: Weights<Tensor>,
  examples: EncodedSet,
  symbols: number,
  { decoded = Infinity, check }: MeasureOptions = {},
): AsyncGenerator<void, MeasuredPairs> {
  const targets = weights.by.shape[1];
  let loss = 0, right = 0, count = 0;
  const places = Array.from({ length: examples.length }, (_, i) => i);
  for (const { some } of batchesOf(examples, places)) {
    const pairs = packPairs(ops, arrangePairs(some, some.at(-1)!.words.length, symbols));
    const ids = targetIds(pairs);
    const [losses, logits] = ops.scope(() => {
      const batch = uploadPairs(ops, config, weights, pairs);
      const { decoded } = seq2seqForward(ops, config, weights, batch);
      return [crossEntropy(ops, decoded.logits, ops.indices(ids, targets)), decoded.logits];
    });
    const [l, y] = await readAndDispose(ops, [losses, logits]);
    yield;
    for (const [i, id] of ids.entries()) {
      if (id < 0) continue;
      check?.(y.subarray(i * targets, (i + 1) * targets) as FloatArray);
      loss += l[i];
      count++;
      if (isRightSymbol(y, i, targets, id)) right++;
    }
  }
  const sample = evenlySpaced(examples.length, decoded);
  const hypotheses: Hypothesis[] = [];
  let longest = 1, exact = 0;
  for (const { labels } of examples) longest = Math.max(longest, labels.length);
  for (const { some, places } of batchesOf(examples, sample)) {
    const sources = readSources(ops, config, weights, some.map(({ words }) => words), symbols);
    try {
      const options = { check, keepAttention: false };
      const given = await greedy(ops, config, weights, sources, longest, options);
      for (const [k, hypothesis] of given.entries()) {
        hypotheses[places[k]] = hypothesis;
        if (isTarget(hypothesis, some[k])) exact++;
      }
    } finally {
      disposeSources(ops, sources);
    }
    yield;
  }
  check?.(Float64Array.of(loss), "losses");
  const metrics = { loss: loss / count, accuracy: right / count, exact: exact / sample.length };
  return { metrics, hypotheses };
}

/** Returns at most `most` evenly spaced indices below `length`. */
function evenlySpaced(length: number, most: number): number[] {
  const count = Math.min(length, most);
  return Array.from({ length: count }, (_, i) => Math.floor(i * length / count));
}

/** Yields the examples at some indices in batches of similar length, to keep padding small. */
function* batchesOf(
  examples: EncodedSet,
  places: readonly number[],
): Generator<{ places: number[]; some: EncodedExample[] }> {
  const order = [...places].sort((i, j) => wordsAt(examples, i) - wordsAt(examples, j));
  for (let start = 0; start < order.length; start += BATCH_SIZE) {
    const places = order.slice(start, start + BATCH_SIZE);
    const some = places.map((i) => {
      const { words, labels } = examples.at(i)!;
      return { words, labels };
    });
    yield { places, some };
  }
}

/** Returns whether a hypothesis is exactly an example's target. */
export function isTarget({ symbols, ended }: Hypothesis, { labels }: EncodedExample): boolean {
  return ended && symbols.length === labels.length - 1 &&
    symbols.every((symbol, t) => symbol === labels[t]);
}
