/**
 * Decision thresholds for each label, chosen on held-out examples.
 *
 * @module
 */
import type { Backend } from "../backend.ts";
import { measureAllNumbers } from "../classification/number_training.ts";
import type { Example } from "../data/examples.ts";
import { opsOf } from "../ops/checked_ops.ts";
import { requireFinite } from "../ops/reading.ts";
import { mapped, type Sequence } from "../sequence.ts";
import { networksOf, withWeights } from "../task.ts";
import { combineLogits } from "./combine.ts";
import { ratesOf } from "./counts.ts";
import { encodeLabelSets } from "./encode.ts";
import { type MultiLabelModel, thresholdsOf } from "./model.ts";
import { multiLabel } from "./task.ts";
import { multiLabelGoal } from "./training.ts";

const LEAST = 10; // examples with a label, and without it: fewer say little about its threshold
const [LOWEST, HIGHEST] = [0.02, 0.98]; // beyond these a label would always, or never, be predicted

/** A newly chosen threshold of a label. */
export interface ChosenThreshold {
  /** The label. */
  label: string;
  /** The threshold: the label is predicted if its probability is at least this. */
  threshold: number;
  /** F1 on the examples with that threshold. */
  f1: number;
  /** F1 on the examples with the previous threshold. */
  before: number;
}

/**
 * Chooses each label's threshold by the best F1 on examples, held out from training, and sets
 * it in the model. A label keeps its threshold if fewer than ten examples have or lack it.
 *
 * @returns The thresholds that changed.
 *
 * @example
 * ```ts
 * import { chooseThresholds, createMultiLabelClassifier } from "@unroll/core";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assertEquals } from "@std/assert";
 *
 * const held = Array.from({ length: 40 }, (_, i) => ({ text: "cheap", label: i < 20 ? "price" : "" }));
 * const model = createMultiLabelClassifier(held, { hidden: 4 });
 * model.weights.by = Float64Array.of(-1); // as if "price" were rare
 * const [{ label, threshold, f1 }] = await chooseThresholds(createCpuBackend(), model, held);
 * assertEquals([label, threshold < 0.3, f1 > 0.6], ["price", true, true]);
 * ```
 */
export async function chooseThresholds(
  backend: Backend,
  model: MultiLabelModel,
  examples: Sequence<Example>,
): Promise<ChosenThreshold[]> {
  if (examples.length < 2 * LEAST) return [];
  const encoded = encodeLabelSets(model, examples, { mayBeUnseen: true });
  const goal = multiLabelGoal(model), classes = model.labels.length;
  const { outputs: logits, targets } = await withWeights(
    opsOf(backend),
    multiLabel,
    model,
    (on) => measureAllNumbers(on.ops, model, networksOf(on), encoded, goal, requireFinite),
  );
  const texts = mapped(examples, ({ text }) => text);
  const outputs = combineLogits(model, logits, texts).answer;
  const thresholds = thresholdsOf(model), chosen: ChosenThreshold[] = [];
  for (const [c, label] of model.labels.entries()) {
    const rows = Array.from({ length: examples.length }, (_, i) => ({
      probability: 1 / (1 + Math.exp(-outputs[i * classes + c])),
      isThere: targets[i * classes + c] === 1,
    }));
    const best = bestThreshold(rows, thresholds[c]);
    if (!best) continue;
    thresholds[c] = best.threshold;
    chosen.push({ label, ...best });
  }
  if (chosen.length > 0) model.thresholds = thresholds;
  return chosen;
}

/** Finds the threshold with the best F1, midway between two probabilities, if any is better. */
function bestThreshold(
  rows: readonly { probability: number; isThere: boolean }[],
  now: number,
): Omit<ChosenThreshold, "label"> | undefined {
  const actual = rows.filter(({ isThere }) => isThere).length;
  if (actual < LEAST || rows.length - actual < LEAST) return undefined;
  const given = rows.filter(({ probability }) => probability >= now);
  const right = given.filter(({ isThere }) => isThere).length;
  const before = ratesOf(actual, given.length, right).f1;
  let best = { threshold: now, f1: before, before };
  const falling = rows.toSorted((a, b) => b.probability - a.probability);
  let found = 0;
  for (const [i, { probability, isThere }] of falling.entries()) {
    if (isThere) found++;
    const next = falling[i + 1]?.probability ?? 0;
    if (next === probability) continue;
    const threshold = Math.min(HIGHEST, Math.max(LOWEST, (probability + next) / 2));
    if (threshold > probability || threshold <= next) continue; // out of bounds
    const { f1 } = ratesOf(actual, i + 1, found);
    const isNearer = Math.abs(threshold - now) < Math.abs(best.threshold - now);
    if (f1 > best.f1 || f1 === best.f1 && best.threshold !== now && isNearer) {
      best = { threshold: Number(threshold.toPrecision(4)), f1, before };
    }
  }
  return best.threshold === now ? undefined : best;
}
