/**
 * What the labels of a text rest on.
 *
 * @module
 */
import { outputTarget, requireLabel } from "../classification/targets.ts";
import type { Target } from "../task.ts";
import type { MultiLabelModel } from "./model.ts";
import type { MultiLabelPrediction } from "./predict.ts";

/**
 * The log-odds of each label that is given, which are its logit; where none is, of the most probable.
 */
export function labelSetTargets(
  { labels }: MultiLabelModel,
  { labels: given, probabilities }: MultiLabelPrediction,
  label?: string,
): Target[] {
  const best = [...labels].sort((a, b) => probabilities[b] - probabilities[a]).slice(0, 1);
  const asked = label === undefined ? (given.length > 0 ? given : best) : [label];
  return asked.map((each) => {
    const c = requireLabel(labels, each);
    return outputTarget(c, labels.length, { label: labels[c] });
  });
}
