/**
 * One step of gradient descent.
 *
 * @module
 */
import type { Tensor } from "../backend.ts";
import { createBatch } from "../network/batch.ts";
import type { State } from "../network/cells/cell.ts";
import { carriedStates, finalStates, tensorsOf } from "../network/states.ts";
import { crossEntropy } from "../network/loss.ts";
import type { EncodedExample } from "../model.ts";
import { backward, forward } from "../network/network.ts";
import { type NetworkConfig, outputWidth, type Weights } from "../network/config.ts";
import {
  clipGradients,
  type Clipping,
  type OptimizerOptions,
  optimizerStep,
  slotNames,
  type Slots,
} from "./optimizer.ts";
import type { Ops } from "../ops/checked_ops.ts";
import { Random, STREAMS } from "../random.ts";
import type { Gradient, PassOptions } from "../network/stack.ts";

/** What training changes. */
export interface Trained<T> {
  /** The weights. */
  weights: Weights<T>;
  /** What the optimiser keeps. */
  slots: Slots<T>;
}

/** What a step leaves on the device. */
export interface Step extends Trained<Tensor> {
  /** The loss of each target before it, `[targets, 1]`. */
  losses: Tensor;
  /** The logits of each target before it, `[targets, labels]`. */
  logits: Tensor;
  /** On the host, the right label of each target; -1 for padding. */
  targets: Int32Array;
  /** How many steps these are: one, or one for each target. */
  count: number;
  /** Where streams are read, each layer's states after the last word, for the next piece. */
  carried?: State[];
}

/** How weights are changed. */
export interface UpdateSettings {
  /** The optimiser, whole. */
  optimizer: Required<OptimizerOptions>;
  /** How gradients are kept small. */
  clipping: Clipping;
  /** η of this step. */
  learningRate: number;
  /** The number of this step, from 1. */
  t: number;
}

/** How a step is made. */
export interface StepSettings extends UpdateSettings {
  /** What each label's losses count; without, all the same. */
  labelWeights?: readonly number[];
  /** What a training target weighs on average. Default: the mean of this batch. */
  meanWeight?: number;
  /** The seed of dropout. */
  seed: number;
  /** Where streams are read, the states before the first word, and which sentences begin afresh. */
  carried?: { states: readonly State[]; fresh: boolean[] };
}

/**
 * The right label of each place of a batch: of each sentence, or for the head `token` of each word,
 * time-major; -1 for padding.
 */
export function targetsOf(
  { head }: NetworkConfig,
  examples: readonly EncodedExample[],
  timeSteps: number,
): Int32Array {
  const steps = head === "token" ? timeSteps : 1;
  const targets = new Int32Array(steps * examples.length).fill(-1);
  for (const [i, { labels }] of examples.entries()) {
    for (let t = 0; t < labels.length; t++) targets[t * examples.length + i] = labels[t];
  }
  return targets;
}

/**
 * What each target's loss counts: its label's weight, divided by the number of targets times the
 * mean weight. That mean must be the training set's: divided by the sum of its own weights, a batch
 * of one target would count 1 whatever its label.
 *
 * @param meanWeight Default: the mean of these targets, as torch.nn.CrossEntropyLoss has it.
 */
export function rowWeightsOf(
  targets: Int32Array,
  labelWeights?: readonly number[],
  meanWeight?: number,
): Float64Array {
  const weights = new Float64Array(targets.length);
  let total = 0, count = 0;
  for (let i = 0; i < targets.length; i++) {
    if (targets[i] < 0) continue;
    weights[i] = labelWeights ? labelWeights[targets[i]] : 1;
    total += weights[i];
    count++;
  }
  const divisor = meanWeight === undefined ? total : meanWeight * count;
  for (let i = 0; i < targets.length && divisor > 0; i++) weights[i] /= divisor;
  return weights;
}

/** Forward, loss, backward, update. Consumes weights and slots. */
export function trainStep(
  ops: Ops,
  config: NetworkConfig,
  { weights, slots }: Trained<Tensor>,
  examples: readonly EncodedExample[],
  timeSteps: number,
  settings: StepSettings,
): Step {
  const targets = targetsOf(config, examples, timeSteps);
  const step: Step = { weights: {}, slots: {}, targets, count: 1 } as Step;
  ops.scope(() => {
    const sentences = examples.map(({ words }) => words);
    const words = (weights.embedding ?? weights.Wxh).shape[0];
    const batch = createBatch(ops, config, sentences, words, timeSteps);
    const masks = dropoutMasks(ops, config, batch.size, timeSteps, settings);
    const { carried } = settings;
    const initial = carried && carriedStates(ops, carried.states, carried.fresh);
    const options: PassOptions = { masks, initial };
    const labels = ops.indices(targets, weights.by.shape[1]);
    const rowWeights = rowWeightsOf(targets, settings.labelWeights, settings.meanWeight);
    const column = ops.tensor(rowWeights, [targets.length, 1]);
    const pass = forward(ops, config, weights, batch, options);
    const { gradients } = backward(ops, config, weights, batch, pass, labels, column, options);
    step.losses = crossEntropy(ops, pass.logits, labels);
    step.logits = pass.logits;
    if (carried) step.carried = finalStates(ops, pass.layers, batch.size);
    const clipping = weightedClipping(settings, rowWeights);
    const update = { ...settings, clipping };
    Object.assign(step, applyGradients(ops, { weights, slots }, gradients, update));
    return [
      step.losses,
      step.logits,
      ...Object.values(step.weights),
      ...Object.values(step.slots),
      ...tensorsOf(step.carried ?? []),
    ];
  });
  return step;
}

/**
 * The bounds of a step whose targets weigh more or less than a batch does on average: they grow and
 * shrink with its gradient. A fixed bound would take the weight away again in small batches.
 */
function weightedClipping(
  { clipping: { value, norm }, meanWeight }: StepSettings,
  rowWeights: Float64Array,
): Clipping {
  const weight = rowWeights.reduce((sum, each) => sum + each, 0);
  const scale = meanWeight === undefined || weight === 0 ? 1 : weight;
  return { value: value * scale, norm: norm * scale };
}

/** Weights and slots after a step along the gradients. Consumes those before it. */
export function applyGradients(
  ops: Ops,
  { weights, slots }: Trained<Tensor>,
  gradients: Weights<Gradient>,
  { optimizer, clipping, learningRate, t }: UpdateSettings,
): Trained<Tensor> {
  const after: Trained<Tensor> = { weights: {}, slots: {} };
  const clipped = clipGradients(ops, gradients, clipping);
  const kept = slotNames(optimizer);
  for (const name of Object.keys(weights)) {
    if (!clipped[name]) { // frozen
      after.weights[name] = weights[name];
      continue;
    }
    const own = kept.map((slot) => slots[`${slot}.${name}`]);
    const [W, ...rest] = optimizerStep(
      ops,
      optimizer,
      learningRate,
      t,
      weights[name],
      clipped[name],
      own,
    );
    after.weights[name] = W;
    for (const [k, slot] of kept.entries()) after.slots[`${slot}.${name}`] = rest[k];
  }
  return after;
}

/** Whether steps on single sentences can be made many at a time, by {@linkcode descend}. */
export function canDescend(
  ops: Ops,
  { cell, layers, bidirectional, embedding, head, dropout }: NetworkConfig,
  { optimizer, clipping, labelWeights }: Pick<
    StepSettings,
    "optimizer" | "clipping" | "labelWeights"
  >,
): boolean {
  const isArticles = cell === "rnn" && layers === 1 && !bidirectional && embedding === 0 &&
    head === "last" && dropout === 0;
  const isPlain = optimizer.name === "sgd" && optimizer.momentum === 0 &&
    optimizer.weightDecay === 0 && clipping.norm === Infinity && labelWeights === undefined;
  return ops.rnnDescent !== undefined && isArticles && isPlain;
}

/** A step on each sentence, as {@linkcode trainStep} makes it, in one op. Consumes the weights. */
export function descend(
  ops: Ops,
  { activation }: NetworkConfig,
  weights: Weights<Tensor>,
  examples: readonly EncodedExample[],
  rates: readonly number[],
  clip: number,
): Step {
  const targets = Int32Array.from(examples, ({ labels }) => labels[0]);
  const step: Step = { slots: {}, targets, count: examples.length } as Step;
  ops.scope(() => {
    const { Wxh, Whh, bh, Why, by } = weights;
    const steps = examples.map(({ words }, i) => ({ words, label: targets[i], rate: rates[i] }));
    const after = ops.rnnDescent!({ Wxh, Whh, bh, Why, by }, steps, clip, activation);
    step.weights = { ...after.weights };
    step.logits = after.logits;
    step.losses = crossEntropy(ops, step.logits, ops.indices(targets, by.shape[1]));
    return [step.losses, step.logits, ...Object.values(step.weights)];
  });
  return step;
}

/**
 * Dropout of Srivastava et al. (2014): zeros in place of that share of what goes from the embedding
 * to the first layer, from layer to layer, and to the head; 1 / (1 - dropout) elsewhere, so that
 * the mean stays.
 */
export function dropoutMasks(
  ops: Ops,
  config: NetworkConfig,
  size: number,
  timeSteps: number,
  { seed, t }: Pick<StepSettings, "seed" | "t">,
): PassOptions["masks"] {
  const { dropout, layers, embedding, head } = config;
  if (dropout === 0) return undefined;
  const random = new Random(seed, STREAMS.dropout, t);
  const kept = 1 / (1 - dropout);
  const draw = (rows: number, width: number) => {
    const mask = new Float32Array(rows * width);
    for (let i = 0; i < mask.length; i++) mask[i] = random.uniform() < dropout ? 0 : kept;
    return ops.tensor(mask, [rows, width]);
  };
  const rows = timeSteps * size;
  const masks = [embedding > 0 ? draw(rows, embedding) : undefined];
  for (let layer = 1; layer < layers; layer++) masks.push(draw(rows, outputWidth(config)));
  masks.push(draw(head === "token" ? rows : size, outputWidth(config)));
  return masks;
}
