/**
 * What the labels of a text rest on.
 *
 * @module
 */
import { readText } from "../classification/reasons.ts";
import { outputTarget, requireLabel, requireWholeText } from "../classification/targets.ts";
import type { TaskReasons } from "../reasons.ts";
import type { MultiLabelModel } from "./model.ts";
import type { MultiLabelPrediction } from "./predict.ts";

/**
 * The log-odds of each label that is given, which are its logit; where none is, of the most probable.
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
