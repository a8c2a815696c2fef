/**
 * The network without the training loop, for writing custom loops: batches, the forward and
 * backward pass, losses, and updates.
 *
 * @example A step of gradient descent, by hand
 * ```ts
 * import { opsOf, Random } from "@unroll/core";
 * import {
 *   backward,
 *   createBatch,
 *   crossEntropyLoss,
 *   forward,
 *   initWeights,
 *   networkConfig,
 *   uploadAll,
 *   weightShapes,
 * } from "@unroll/core/network";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assertEquals } from "@std/assert";
 *
 * const ops = opsOf(createCpuBackend());
 * const config = networkConfig({ hidden: 8 });
 * const words = 3, labels = 2;
 * const shapes = weightShapes(config, words, labels);
 * const weights = uploadAll(ops, shapes, initWeights("scaled", config, shapes, new Random(1)));
 * const [loss] = ops.scope(() => {
 *   const batch = createBatch(ops, config, [Int32Array.of(1, 2), Int32Array.of(2)], words);
 *   const pass = forward(ops, config, weights, batch);
 *   const targets = ops.indices([0, 1], labels);
 *   const mean = ops.tensor([1 / 2, 1 / 2], [2, 1]);
 *   const dLogits = crossEntropyLoss.gradient(ops, pass.logits, targets, mean);
 *   const { gradients } = backward(ops, config, weights, batch, pass, dLogits);
 *   assertEquals(gradients.Whh.values.shape, [8, 8]);
 *   return [crossEntropyLoss.value(ops, pass.logits, targets)];
 * });
 * assertEquals((await ops.read([loss]))[0].length, 2);
 * ```
 *
 * @module
 */
export { type Batch, batchHandles, createBatch, type SpelledWords } from "./network/batch.ts";
export type { Cell, CellGradients, CellWeights, State, Trace } from "./network/cells/cell.ts";
export type { Packing } from "./network/cells/packing.ts";
export { checkConfig, networkConfig } from "./network/config.ts";
export { dropoutMasks } from "./network/dropout.ts";
export type { Pooled } from "./network/head.ts";
export { type Init, initWeights } from "./network/init.ts";
export type { Inputs } from "./network/inputs.ts";
export type { LayerGradients, LayerPass } from "./network/layer.ts";
export { crossEntropyLoss, type Loss } from "./network/loss.ts";
export { absoluteLoss } from "./network/losses/absolute.ts";
export {
  binaryCrossEntropyLoss,
  weightedBinaryCrossEntropyLoss,
} from "./network/losses/binary_cross_entropy.ts";
export { huberLoss } from "./network/losses/huber.ts";
export { type NumberTargets, uploadNumbers } from "./network/losses/numbers.ts";
export { quantileLoss } from "./network/losses/quantiles.ts";
export { squaredLoss } from "./network/losses/squared.ts";
export { backward, type Forward, forward } from "./network/network.ts";
export { weightShapes } from "./network/shapes.ts";
export type { Backward, PassOptions, StackPass } from "./network/stack.ts";
export { finalStates, zeroStates } from "./network/states.ts";
export { fromTorch, torchShapes, toTorch } from "./network/torch_names.ts";
export { type Gradient, mapWeights, uploadAll, type Weights } from "./network/weights.ts";
export { checksum } from "./training/checkpoint.ts";
export type { Pass } from "./training/pass.ts";
export {
  type OptimizerOptions,
  type SettledOptimizer,
  settleOptimizer,
  slotNames,
} from "./training/optimizer.ts";
export type { RateOf, WeightRate } from "./training/fine_tuning.ts";
export { rowWeightsOf, rowWeightsOfNumbers } from "./training/row_weights.ts";
export {
  applyGradients,
  makeStep,
  type OnDevice,
  type Step,
  type StepWork,
  targetsOf,
  type Trained,
  type UpdateSettings,
} from "./training/step.ts";
