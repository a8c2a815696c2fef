/**
 * How well a model translates.
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
import { arrangePairs, targetIds, uploadPairs } from "./pairs.ts";

const BATCH_SIZE = 32; // sources that are read side by side

/** What {@linkcode measurePairs} finds. */
export interface MeasuredPairs {
  /** Loss, accuracy and exact matches. */
  metrics: Metrics & { accuracy: number; exact: number };
  /** What the model decodes freely, for each example. */
  hypotheses: Hypothesis[];
}

/**
 * The mean loss of a symbol and the accuracy of symbols, each under teacher forcing; and exact match,
 * the fraction of targets that free decoding gives exactly.
 *
 * @param symbols How many source symbols there are.
 * @param check Is given each symbol's logits and the sum of all losses, and may throw.
 */
export function measurePairs(...given: Parameters<typeof measureSteps>): Promise<MeasuredPairs> {
  return resultOf(measureSteps(...given));
}

/** The same in steps, between which others may have a turn. */
export async function* measureSteps(
  ops: Ops,
  config: NetworkConfig,
  weights: Weights<Tensor>,
  examples: EncodedSet,
  symbols: number,
  check?: (numbers: FloatArray, what?: string) => void,
): AsyncGenerator<void, MeasuredPairs> {
  // Those of like length together, so that padding costs little.
  const order = Array.from({ length: examples.length }, (_, i) => i)
    .sort((i, j) => wordsAt(examples, i) - wordsAt(examples, j));
  let longest = 1;
  for (const { labels } of examples) longest = Math.max(longest, labels.length);
  const hypotheses: Hypothesis[] = [];
  const targets = weights.by.shape[1];
  let loss = 0, right = 0, count = 0, exact = 0;
  for (let start = 0; start < order.length; start += BATCH_SIZE) {
    const places = order.slice(start, start + BATCH_SIZE);
    const some = places.map((i) => {
      const { words, labels } = examples.at(i)!;
      return { words, labels };
    });
    const timeSteps = some.at(-1)!.words.length;
    const pairs = arrangePairs(some, timeSteps, symbols);
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
    const sources = readSources(ops, config, weights, pairs.sources, symbols);
    try {
      const given = await greedy(ops, config, weights, sources, longest, check);
      for (const [k, hypothesis] of given.entries()) {
        hypotheses[places[k]] = hypothesis;
        if (isTarget(hypothesis, some[k])) exact++;
      }
    } finally {
      disposeSources(ops, sources);
    }
  }
  check?.(Float64Array.of(loss), "losses");
  const metrics = { loss: loss / count, accuracy: right / count, exact: exact / examples.length };
  return { metrics, hypotheses };
}

/** Whether an hypothesis is an example's target, and nothing more. */
export function isTarget({ symbols, ended }: Hypothesis, { labels }: EncodedExample): boolean {
  return ended && symbols.length === labels.length - 1 &&
    symbols.every((symbol, t) => symbol === labels[t]);
}
