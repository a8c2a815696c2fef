/**
 * From a state to a prediction, with the numbers: logits, softmax and loss.
 *
 * @module
 */
import type { FloatArray } from "../backend.ts";
import type { AnyModel } from "../model.ts";
import { productsOf, type ProductSum } from "./unit_products.ts";

/** A label on the way to its probability. */
export interface LabelStep {
  /** Its place among the labels. */
  label: number;
  /** y. */
  logit: number;
  /** e^y. */
  exponential: number;
  /** e^y over the sum of all. */
  probability: number;
}

/** What {@linkcode outputStep} finds. */
export interface OutputStep {
  /** The most probable labels. */
  labels: LabelStep[];
  /** How many labels there are. */
  count: number;
  /** The sum of all exponentials. */
  sum: number;
  /** What makes the logit of the most probable one: h W_hy and its bias. */
  logit: { label: number; state: ProductSum; bias: number };
  /** The right label, where the loss looks at this prediction. */
  target?: number;
  /** The loss -ln p of the right label. */
  loss?: number;
}

/** The prediction from what the head reads. */
export function outputStep(
  { weights, labels }: AnyModel,
  read: FloatArray,
  logits: FloatArray,
  most: number,
): OutputStep {
  const exponentials = Array.from(logits, Math.exp);
  const sum = exponentials.reduce((all, each) => all + each, 0);
  const order = exponentials.map((_, label) => label).sort((a, b) => logits[b] - logits[a]);
  const [best] = order;
  const steps = order.slice(0, most).map((label) => ({
    label,
    logit: logits[label],
    exponential: exponentials[label],
    probability: exponentials[label] / sum,
  }));
  const { Why, by } = weights;
  return {
    labels: steps,
    count: labels.length,
    sum,
    logit: {
      label: best,
      state: productsOf(read, (from) => Why[from * labels.length + best], most),
      bias: by[best],
    },
  };
}
