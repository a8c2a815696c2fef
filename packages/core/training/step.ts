/**
 * One step of gradient descent: forward, loss, backward, update.
 *
 * @module
 */
import { tensorsOf } from "../network/states.ts";
import type { Indices, Ops, Tensor } from "../backend.ts";
import type { State } from "../network/cells/cell.ts";
import type { NetworkConfig } from "../network/config.ts";
import { crfLossOf, type CrfPass, crfPass } from "../network/crf.ts";
import { poolingOf } from "../network/head.ts";
import { crossEntropyLoss, type Loss } from "../network/loss.ts";
import { type NumberTargets, uploadNumbers } from "../network/losses/numbers.ts";
import type { Gradient, Weights } from "../network/weights.ts";
import type { EncodedExample } from "./encoded.ts";
import type { RateOf } from "./fine_tuning.ts";
import {
  clipGradients,
  type Clipping,
  optimizerStep,
  type SettledOptimizer,
  slotNames,
  type Slots,
} from "./optimizer.ts";
import { type Pass, passOf, type PassSettings } from "./pass.ts";
import { rowWeightsOf } from "./row_weights.ts";

/** Weights and optimizer state. */
export interface Trained<T> {
  /** The weights. */
  weights: Weights<T>;
  /** The optimizer state. */
  slots: Slots<T>;
}

/** The result of a step, on the device. */
export interface Step extends Trained<Tensor> {
  /** The loss of each target before the update, `[targets, 1]`. */
  losses: Tensor;
  /** The outputs for each target before the update, such as logits `[targets, labels]`. */
  outputs: Tensor;
  /**
   * The targets, on the host: the right label of each target, -1 for padding; or numbers in
   * row-major order, NaN if one is missing.
   */
  targets: Int32Array | Float64Array;
  /** The number of steps in this result: one, or one for each target. */
  count: number;
  /** For streams, each layer's states after the last word, for the next chunk. */
  carriedState?: State[];
}

/** Settings of a weight update. */
export interface UpdateSettings {
  /** The optimizer, with all its options. */
  optimizer: SettledOptimizer;
  /** How gradients are clipped. */
  clipping: Clipping;
  /** The learning rate η of this step. */
  learningRate: number;
  /** The number of this step, from 1. */
  t: number;
  /** How each weight is updated, if not all in the same way. */
  rateOf?: RateOf;
}

/** Targets on the device, by their type on the host. */
export type OnDevice<Targets> = Targets extends Float64Array ? NumberTargets : Indices;

/**
 * The parts of a step.
 *
 * @typeParam Targets Labels or numbers. Default: labels.
 */
export interface StepWork<Targets extends Int32Array | Float64Array = Int32Array> {
  /**
   * The right label of each row of the outputs, -1 for padding; or the right numbers of each row,
   * NaN if one is missing.
   */
  targets: Targets;
  /** The weight of each row's loss. */
  rowWeights: Float64Array;
  /** The loss. */
  loss: Loss<OnDevice<Targets>>;
  /** Uploads the batch and runs its forward pass, in the open scope. */
  forward(weights: Weights<Tensor>): Pass;
}

/**
 * Runs a training step: the forward pass, the gradient of the loss, the backward pass, and the
 * update W ← W - η clip(dW), or the optimizer's version of it. Consumes weights and slots.
 */
export function makeStep<Targets extends Int32Array | Float64Array>(
  ops: Ops,
  { weights, slots }: Trained<Tensor>,
  { targets, rowWeights, loss, forward }: StepWork<Targets>,
  settings: UpdateSettings,
): Step {
  const step: Step = { weights: {}, slots: {}, targets, count: 1 } as Step;
  ops.scope(() => {
    const pass = forward(weights);
    const right = upload(ops, targets, pass.outputs);
    const column = ops.tensor(rowWeights, [rowWeights.length, 1]);
    const { losses, gradient } = bothOf(loss, ops, pass.outputs, right, column); // L, dL/dy
    const gradients = pass.backward(gradient); // dL/dW: dWhy, db_y, dWxh, dWhh, db_h
    step.losses = losses;
    step.outputs = pass.outputs;
    if (pass.carriedState) step.carriedState = pass.carriedState;
    // W ← W - η clip(dL/dW), for every weight.
    Object.assign(step, applyGradients(ops, { weights, slots }, gradients, settings));
    return [
      step.losses,
      step.outputs,
      ...Object.values(step.weights),
      ...Object.values(step.slots),
      ...tensorsOf(step.carriedState ?? []),
    ];
  });
  return step;
}

/** Computes the losses, and their gradient with respect to the outputs. */
function bothOf<Targets>(
  loss: Loss<Targets>,
  ops: Ops,
  outputs: Tensor,
  targets: Targets,
  rowWeights: Tensor,
): { losses: Tensor; gradient: Tensor } {
  return loss.both?.(ops, outputs, targets, rowWeights) ?? {
    losses: loss.value(ops, outputs, targets),
    gradient: loss.gradient(ops, outputs, targets, rowWeights),
  };
}

/** Uploads the targets of some outputs. */
function upload<Targets extends Int32Array | Float64Array>(
  ops: Ops,
  targets: Targets,
  { shape: [rows, columns] }: Tensor,
): OnDevice<Targets> {
  const uploaded = targets instanceof Float64Array
    ? uploadNumbers(ops, targets, rows)
    : ops.indices(targets, columns);
  return uploaded as OnDevice<Targets>;
}

/** Settings of a step of a network with one stack of layers. */
export interface StepSettings extends UpdateSettings, PassSettings {
  /** The weight of each label's losses. Default: equal weights. */
  labelWeights?: readonly number[];
  /** The mean weight of a training target. Default: the mean of this batch. */
  meanWeight?: number;
}

/**
 * Runs a training step of a network with one stack of layers. Consumes weights and slots.
 *
 * If a sentence is longer than the window, this is truncated backpropagation through time (Williams
 * and Peng 1990): the words before the window at each sentence's end are read in chunks that keep
 * only the hidden state; the gradient flows back through the window, and treats that state as a
 * constant.
 */
export function trainStep(
  ops: Ops,
  config: NetworkConfig,
  trained: Trained<Tensor>,
  examples: readonly EncodedExample[],
  timeSteps: number,
  settings: StepSettings,
): Step {
  const { labelWeights, meanWeight } = settings;
  const targets = targetsOf(config, examples, timeSteps);
  const rowWeights = rowWeightsOf(targets, labelWeights, meanWeight);
  const work: StepWork = {
    targets,
    rowWeights,
    loss: crossEntropyLoss,
    forward: passOf(ops, config, examples, timeSteps, settings),
  };
  const clipping = weightedClipping(settings, rowWeights);
  const own = config.crf ? withCrf(ops, work, examples.length) : work;
  return makeStep(ops, trained, own, { ...settings, clipping });
}

/**
 * Adds a CRF, with its own weights, to a step. The step's outputs are then the probabilities of
 * labels instead of logits.
 */
function withCrf(ops: Ops, work: StepWork, size: number): StepWork {
  const { targets, rowWeights } = work;
  let crf: CrfPass;
  return {
    ...work,
    forward(weights) {
      const { outputs, backward } = work.forward(weights);
      crf = crfPass(ops, weights, outputs, targets, size, Math.max(0, ...rowWeights));
      const { marginals, gradients } = crf;
      return { outputs: marginals, backward: (d) => ({ ...backward(d), ...gradients }) };
    },
    loss: crfLossOf(() => crf),
  };
}

/**
 * Returns the right label of each sentence of a batch or, for the head `token`, of each word,
 * time-major; -1 for padding.
 */
export function targetsOf(
  config: NetworkConfig,
  examples: readonly EncodedExample[],
  timeSteps: number,
): Int32Array {
  const steps = poolingOf(config).isPerStep ? timeSteps : 1;
  const targets = new Int32Array(steps * examples.length).fill(-1);
  for (const [i, { labels }] of examples.entries()) {
    for (let t = 0; t < labels.length; t++) targets[t * examples.length + i] = labels[t];
  }
  return targets;
}

/**
 * Scales the clipping bounds with the total weight of a batch's targets, as its gradient scales
 * with it too. A fixed bound would cancel the label weights in small batches.
 */
export function weightedClipping(
  { clipping: { value, norm }, meanWeight }: StepSettings,
  rowWeights: Float64Array,
): Clipping {
  const weight = rowWeights.reduce((sum, each) => sum + each, 0);
  const scale = meanWeight === undefined || weight === 0 ? 1 : weight;
  return { value: value * scale, norm: norm * scale };
}

const ALL_ALIKE: RateOf = () => ({ factor: 1, frozenSteps: 0 });

/** Returns the weights and slots after an update with the gradients. Consumes the old ones. */
export function applyGradients(
  ops: Ops,
  { weights, slots }: Trained<Tensor>,
  gradients: Weights<Gradient>,
  { optimizer, clipping, learningRate, t, rateOf = ALL_ALIKE }: UpdateSettings,
): Trained<Tensor> {
  const after: Trained<Tensor> = { weights: {}, slots: {} };
  const isThawed = ([name]: [string, unknown]) => rateOf(name).factor > 0;
  const thawed = Object.fromEntries(Object.entries(gradients).filter(isThawed));
  const clipped = clipGradients(ops, thawed, clipping);
  const kept = slotNames(optimizer);
  for (const name of Object.keys(weights)) {
    if (!clipped[name]) { // frozen
      after.weights[name] = weights[name];
      for (const slot of kept) {
        const key = `${slot}.${name}`;
        if (slots[key]) after.slots[key] = slots[key];
      }
      continue;
    }
    const { factor, frozenSteps } = rateOf(name);
    const own = kept.map((slot) => slots[`${slot}.${name}`]);
    const [W, ...rest] = optimizerStep(
      ops,
      optimizer,
      learningRate * factor,
      t - frozenSteps,
      weights[name],
      clipped[name],
      own,
    );
    after.weights[name] = W;
    for (const [k, slot] of kept.entries()) after.slots[`${slot}.${name}`] = rest[k];
  }
  return after;
}
