/**
 * The network: words in, predictions out. In its simplest form, that of the article,
 *
 *     h_t = tanh(x_t Wxh + h_{t-1} Whh + b_h)
 *     y   = h_n Why + b_y
 *
 * The article writes column vectors, Wxh x_t; here each row belongs to one sequence of the batch,
 * so the weights are the transposes of the article's.
 *
 * @module
 */
import type { Ops, Tensor } from "../backend.ts";
import type { Batch } from "./batch.ts";
import type { NetworkConfig } from "./config.ts";
import { logitsBackward, logitsOf, type Pooled, poolingOf } from "./head.ts";
import {
  type Backward,
  masked,
  type PassOptions,
  stackBackward,
  stackForward,
  type StackPass,
} from "./stack.ts";
import type { Weights } from "./weights.ts";

/** What the forward pass keeps for the backward pass. */
export interface Forward extends StackPass, Pooled {
  /** The head's input: the pooled states, after dropout. */
  read: Tensor;
  /** y: `[batch, labels]`, or `[timeSteps * batch, labels]` for the head `token`. */
  logits: Tensor;
}

/** Computes the logits of a batch of words. */
export function forward(
  ops: Ops,
  config: NetworkConfig,
  weights: Weights<Tensor>,
  batch: Batch,
  options: PassOptions = {},
): Forward {
  const stack = stackForward(ops, config, weights, batch, options);
  const top = poolingOf(config).forward(ops, stack.layers[config.layers - 1], batch);
  const read = masked(ops, top.pooled, options.masks?.[config.layers]);
  const logits = logitsOf(ops, read, weights.Why, weights.by);
  return { ...stack, ...top, read, logits };
}

/**
 * Computes the gradient of every trained weight from that of the logits: through the head, down the
 * layers, and within each layer back through time.
 *
 * The loss does not depend on states after a sentence's end. Their gradient is zero, so padding
 * adds exact zeros.
 *
 * @param dLogits dL/dy, of the logits' shape, as a loss's `gradient` returns it.
 */
export function backward(
  ops: Ops,
  config: NetworkConfig,
  weights: Weights<Tensor>,
  batch: Batch,
  pass: Forward,
  dLogits: Tensor,
  options: PassOptions = {},
): Backward {
  const head = logitsBackward(ops, pass.read, dLogits, weights.Why);
  const dPooled = masked(ops, head.dh, options.masks?.[config.layers]);
  const direct = poolingOf(config).backward(ops, config, dPooled, pass, batch);
  const { gradients, layers } = stackBackward(ops, config, weights, batch, pass, direct, options);
  return { gradients: { ...head.gradients, ...gradients }, layers };
}
