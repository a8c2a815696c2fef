/**
 * Explanations of multi-label predictions.
 *
 * @module
 */
import { readText } from "../classification/reasons.ts";
import { outputTarget, requireLabel, requireWholeText } from "../classification/targets.ts";
import type { TaskReasons } from "../reasons.ts";
import type { MultiLabelModel } from "./model.ts";
import type { MultiLabelPrediction } from "./predict.ts";

/**
 * Explains the log-odds (logit) of each predicted label, or of the most probable label if none is.
 */
export const labelSetReasons: TaskReasons<MultiLabelModel, MultiLabelPrediction> = {
  read: readText,
  targets({ model: { labels } }, { labels: given, probabilities }, asked) {
    requireWholeText(asked);
    const { label } = asked;
    const best = [...labels].sort((a, b) => probabilities[b] - probabilities[a]).slice(0, 1);
    const all = label === undefined ? (given.length > 0 ? given : best) : [label];
    return all.map((each) => {
      const c = requireLabel(labels, each);
      return outputTarget(c, { label: labels[c] });
    });
  },
};
