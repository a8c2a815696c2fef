/**
 * Logits of labels that are given independently: the network's, or those of network and linear model.
 *
 * @module
 */
import type { FloatArray } from "../backend.ts";
import { linearLogitsOf } from "../classification/combine.ts";
import type { MultiLabelModel } from "./model.ts";

/** Log-odds that labels are there, a row for each text. */
export interface CombinedLogits {
  /** Of the linear model, if there is one. */
  linear?: Float64Array<ArrayBuffer>;
  /** Of the model: a z_network + b z_linear. */
  answer: Float64Array<ArrayBuffer>;
}

/** The logits of a model's answers. */
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
