/**
 * The numbers between a state and a prediction: logits, softmax and loss.
 *
 * @module
 */
import type { FloatArray } from "../backend.ts";
import type { AnyModel } from "../model.ts";
import { productsOf, type ProductSum } from "./unit_products.ts";

/** The numbers of a label, from its logit to its probability. */
export interface LabelStep {
  /** The index of the label. */
  label: number;
  /** The logit y. */
  logit: number;
  /** e^y. */
  exponential: number;
  /** e^y divided by the sum of all exponentials. */
  probability: number;
}

/** The result of {@linkcode outputStep}. */
export interface OutputStep {
  /** The most probable labels, in descending order. */
  labels: LabelStep[];
  /** The number of all labels. */
  count: number;
  /** The sum of all exponentials. */
  sum: number;
  /** The parts of the logit of the most probable label: h W_hy and the bias. */
  logit: { label: number; state: ProductSum; bias: number };
  /** The index of the right label, if the loss includes this prediction. */
  target?: number;
  /** The loss -ln p of the right label, in nats. */
  loss?: number;
}

/** Computes a prediction from the head's input; lists the `most` largest labels and products. */
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
