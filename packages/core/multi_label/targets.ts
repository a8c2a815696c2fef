/**
 * What the labels of a text rest on.
 *
 * @module
 */
import type { FloatArray } from "../backend.ts";
import { outputTarget, requireLabel } from "../classification/targets.ts";
import { argmax } from "../network/loss.ts";
import type { Target } from "../task.ts";
import { type MultiLabelModel, thresholdsOf } from "./model.ts";

/**
 * The log-odds of each label that is given, which are its logit; where none is, of the most probable.
 */
export function labelSetTargets(
  model: MultiLabelModel,
  outputs: FloatArray,
  label?: string,
): Target[] {
  const { labels } = model;
  const target = (c: number) => outputTarget(c, labels.length, { label: labels[c] });
  if (label !== undefined) return [target(requireLabel(labels, label))];
  const isGiven = thresholdsOf(model).map((threshold, c) =>
    outputs[c] >= Math.log(threshold / (1 - threshold))
  );
  const given = labels.map((_, c) => c).filter((c) => isGiven[c]);
  given.sort((a, b) => outputs[b] - outputs[a]);
  return (given.length > 0 ? given : [argmax(outputs, 0, labels.length)]).map(target);
}
