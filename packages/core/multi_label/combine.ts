/**
 * Logits of independent labels: the network's, or a mixture with a linear model's.
 *
 * @module
 */
import type { FloatArray } from "../backend.ts";
import { linearLogitsOf } from "../classification/combine.ts";
import type { MultiLabelModel } from "./model.ts";

/** Logits (log-odds) of the labels, a row for each text. */
export interface CombinedLogits {
  /** Those of the linear model, if there is one. */
  linear?: Float64Array<ArrayBuffer>;
  /** Those of the model: a z_network + b z_linear. */
  answer: Float64Array<ArrayBuffer>;
}

/** Combines the logits of a model's network and linear model. */
export function combineLogits(
  { linear, calibration }: Pick<MultiLabelModel, "linear" | "calibration">,
  logits: FloatArray,
  texts: Iterable<string>,
): CombinedLogits {
  const other = linear && linearLogitsOf(linear)(texts);
  const { network: a, linear: b } = calibration ?? { network: 1, linear: 0 };
  const answer = Float64Array.from(logits, (each, k) => a * each + b * (other?.[k] ?? 0));
  return { linear: other, answer };
}
