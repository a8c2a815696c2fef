/**
 * The network: words in, verdicts out. In its plainest form, the article's,
 *
 *     h_t = tanh(x_t Wxh + h_{t-1} Whh + b_h)
 *     y   = h_n Why + b_y
 *
 * A word x_t is a one-hot row, so x_t Wxh is one row of Wxh: the product is a look-up, and its
 * gradient x_tᵀ dz adds dz to that row. Neither is ever written out. An embedding is one more such
 * look-up in front.
 *
 * @module
 */
import type { Indices, Tensor } from "../backend.ts";
import type { Batch } from "./batch.ts";
import {
  logitsOf,
  maxOverTime,
  maxOverTimeBackward,
  meanOverTime,
  meanOverTimeBackward,
} from "./head.ts";
import { layerOutputs, type LayerPass } from "./layer.ts";
import { crossEntropyGradient } from "./loss.ts";
import { directions, type NetworkConfig, type Weights } from "./config.ts";
import type { Ops } from "../ops/checked_ops.ts";
import {
  type Backward,
  masked,
  type PassOptions,
  stackBackward,
  stackForward,
  type StackPass,
} from "./stack.ts";

/** What the forward pass leaves for the backward pass. */
export interface Forward extends StackPass {
  /** The top layer's h_1 to h_n, `[timeSteps * batch, width]`; none for the head `last`. */
  outputs?: Tensor;
  /** The states after pooling, `[batch, width]`, or the outputs for the head `token`. */
  pooled: Tensor;
  /** What the logits are made of: the same, after dropout. */
  read: Tensor;
  /** y: `[batch, labels]`, or `[timeSteps * batch, labels]` for the head `token`. */
  logits: Tensor;
}

/** From words to logits. */
export function forward(
  ops: Ops,
  config: NetworkConfig,
  weights: Weights<Tensor>,
  batch: Batch,
  options: PassOptions = {},
): Forward {
  const stack = stackForward(ops, config, weights, batch, options);
  const top = stack.layers[config.layers - 1];
  const outputs = config.head === "last" ? undefined : layerOutputs(ops, top, batch);
  const pooled = config.head === "mean"
    ? meanOverTime(ops, outputs!, batch)
    : config.head === "max"
    ? maxOverTime(ops, outputs!, batch)
    : outputs ?? lastStates(ops, top, batch);
  const read = masked(ops, pooled, options.masks?.[config.layers]);
  const logits = logitsOf(ops, read, weights.Why, weights.by);
  return { ...stack, outputs, pooled, read, logits };
}

/** Each direction's state after the whole sentence, side by side, `[batch, width]`. */
function lastStates(ops: Ops, { traces }: LayerPass, batch: Batch): Tensor {
  const last = traces.map(({ states }) => ops.gatherRows(states, batch.last));
  return last.length === 1 ? last[0] : ops.concatColumns(last);
}

/**
 * The gradient of Σ rowWeights ⊙ losses for every weight, with rowWeights `[rows of y, 1]`: 1 / n
 * for the mean of n losses, 0 for padding.
 *
 * The loss sees no state after a sentence's end. Those get no gradient, so padding adds exact
 * zeros.
 */
export function backward(
  ops: Ops,
  config: NetworkConfig,
  weights: Weights<Tensor>,
  batch: Batch,
  pass: Forward,
  labels: Indices,
  rowWeights: Tensor,
  { masks }: PassOptions = {},
): Backward {
  const { pooled, outputs, read, logits } = pass;
  const dLogits = crossEntropyGradient(ops, logits, labels, rowWeights);
  const Why = { values: ops.matmul(read, dLogits, { transposeA: true }) };
  const by = { values: ops.sumRows(dLogits) };
  const dRead = ops.matmul(dLogits, weights.Why, { transposeB: true });
  const dPooled = masked(ops, dRead, masks?.[config.layers]);
  const direct = config.head === "last"
    ? { dFinal: dLastStates(ops, config, dPooled) }
    : config.head === "mean"
    ? { dOutputs: meanOverTimeBackward(ops, dPooled, batch) }
    : config.head === "max"
    ? { dOutputs: maxOverTimeBackward(ops, dPooled, pooled, outputs!, batch) }
    : { dOutputs: dPooled };
  const { gradients, layers } = stackBackward(ops, config, weights, batch, pass, direct, masks);
  return { gradients: { Why, by, ...gradients }, layers };
}

/** The gradients for each layer's and direction's last state: only the top layer's are read. */
function dLastStates(ops: Ops, config: NetworkConfig, dPooled: Tensor) {
  const { hidden, layers } = config;
  const ways = directions(config).length;
  const below = new Array<undefined>((layers - 1) * ways).fill(undefined);
  const top = directions(config).map((_, way) => ({
    h: ways === 1 ? dPooled : ops.sliceColumns(dPooled, way * hidden, (way + 1) * hidden),
  }));
  return [...below, ...top];
}
