/**
 * One step of gradient descent.
 *
 * @module
 */
import type { SgdOptions, Tensor } from "./backend.ts";
import { crossEntropy } from "./loss.ts";
import type { EncodedExample } from "./model.ts";
import { backward, createBatch, forward, mapWeights, type Weights } from "./network.ts";
import type { Ops } from "./ops.ts";

/** What a step leaves on the device. */
export interface Step {
  /** The weights after it. */
  weights: Weights<Tensor>;
  /** The loss of each example before it, `[batch, 1]`. */
  losses: Tensor;
  /** The logits of each example before it, `[batch, labels]`. */
  logits: Tensor;
}

/** Forward, loss, backward, update. Consumes the weights. */
export function trainStep(
  ops: Ops,
  weights: Weights<Tensor>,
  examples: readonly EncodedExample[],
  settings: SgdOptions,
): Step {
  const step = {} as Step;
  ops.scope(() => {
    const batch = createBatch(ops, examples.map(({ words }) => words), weights.Wxh.shape[0]);
    const labels = ops.indices(examples.map(({ label }) => label), weights.by.shape[1]);
    const pass = forward(ops, weights, batch);
    const gradients = backward(ops, weights, batch, pass, labels);
    step.losses = crossEntropy(ops, pass.logits, labels);
    step.logits = pass.logits;
    step.weights = mapWeights((name) => ops.sgd(weights[name], gradients[name], settings));
    return [step.losses, step.logits, ...Object.values(step.weights)];
  });
  return step;
}
