/**
 * How well a model gives a text for a text.
 *
 * @module
 */
import type { FloatArray, Tensor } from "../backend.ts";
import { argmax, type Metrics } from "../classification/evaluate.ts";
import { readAndDispose } from "../inference.ts";
import { crossEntropy } from "../network/loss.ts";
import type { EncodedExample } from "../model.ts";
import type { NetworkConfig, Weights } from "../network/config.ts";
import type { Ops } from "../ops/checked_ops.ts";
import { type Answer, disposeSources, greedy, readSources } from "./decode.ts";
import { arrangePairs, targetIds, uploadPairs } from "./training.ts";
import { seq2seqForward } from "./network.ts";

const BATCH_SIZE = 32; // sources that are read side by side

/** What {@linkcode measurePairs} finds. */
export interface PairMetrics extends Required<Metrics> {
  /** What the model gives by itself, for each example. */
  answers: Answer[];
}

/**
 * The mean loss a symbol and the share of right symbols, each after the right ones before it; and
 * the share of whole targets that the model gives by itself.
 *
 * @param symbols How many source symbols there are.
 * @param check Is given each symbol's logits and the sum of all losses, and may throw.
 */
export async function measurePairs(
  ops: Ops,
  config: NetworkConfig,
  weights: Weights<Tensor>,
  examples: readonly EncodedExample[],
  symbols: number,
  check?: (numbers: FloatArray, what?: string) => void,
): Promise<PairMetrics> {
  // Those of like length together, so that padding costs little.
  const order = examples.map((_, i) => i)
    .sort((i, j) => examples[i].words.length - examples[j].words.length);
  const longest = examples.reduce((most, { labels }) => Math.max(most, labels.length), 1);
  const answers: Answer[] = [];
  const targets = weights.by.shape[1];
  let loss = 0, right = 0, count = 0, exact = 0;
  for (let start = 0; start < order.length; start += BATCH_SIZE) {
    const places = order.slice(start, start + BATCH_SIZE);
    const some = places.map((i) => examples[i]);
    const timeSteps = some.at(-1)!.words.length;
    const pairs = arrangePairs(some, timeSteps, symbols);
    const ids = targetIds(pairs);
    const [losses, logits] = ops.scope(() => {
      const batch = uploadPairs(ops, config, weights, pairs);
      const { decoded } = seq2seqForward(ops, config, weights, batch);
      return [crossEntropy(ops, decoded.logits, ops.indices(ids, targets)), decoded.logits];
    });
    const [l, y] = await readAndDispose(ops, [losses, logits]);
    for (const [i, id] of ids.entries()) {
      if (id < 0) continue;
      check?.(y.subarray(i * targets, (i + 1) * targets) as FloatArray);
      loss += l[i];
      count++;
      if (argmax(y, i, targets) === id) right++;
    }
    const sources = readSources(ops, config, weights, pairs.sources, symbols);
    try {
      const given = await greedy(ops, config, weights, sources, longest, check);
      for (const [k, answer] of given.entries()) {
        answers[places[k]] = answer;
        if (isTarget(answer, some[k])) exact++;
      }
    } finally {
      disposeSources(ops, sources);
    }
  }
  check?.(Float64Array.of(loss), "losses");
  return { loss: loss / count, accuracy: right / count, exact: exact / examples.length, answers };
}

/** Whether an answer is an example's target, and nothing more. */
export function isTarget({ symbols, ended }: Answer, { labels }: EncodedExample): boolean {
  return ended && symbols.length === labels.length - 1 &&
    symbols.every((symbol, t) => symbol === labels[t]);
}
