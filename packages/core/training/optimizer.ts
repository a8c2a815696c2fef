/**
 * From gradients to new weights.
 *
 * @module
 */
import type { Ops, Tensor } from "../backend.ts";
import { quote } from "../printable.ts";
import { InputError } from "../errors.ts";
import { type Gradient, mapWeights, type Weights } from "../network/weights.ts";
import {
  requireBoolean,
  requireFraction,
  requireLeast,
  requireOneOf,
  requireOptions,
  requirePositive,
  shown,
} from "../checks.ts";
import { adam } from "../ops/adam.ts";
import { fusedOr } from "../ops/fused.ts";

/** The names of the optimizers. */
export type OptimizerName = "sgd" | "rmsprop" | "adam" | "adamw";

/** Settings of an optimizer. */
export interface OptimizerOptions {
  /**
   * `sgd`, W ← W - η g; `rmsprop` of Tieleman and Hinton (2012); `adam` of Kingma and Ba (2015);
   * `adamw` of Loshchilov and Hutter (2019). Default: `"sgd"`.
   */
  name?: OptimizerName;
  /** How much of the last step `sgd` takes along, from 0 to below 1. Default: 0. */
  momentum?: number;
  /** How much of the mean of squares `rmsprop` keeps at each step. Default: 0.99. */
  alpha?: number;
  /** How much of the means of gradients and of their squares `adam` keeps. Default: 0.9, 0.999. */
  betas?: readonly [number, number];
  /** What keeps quotients finite. Default: 1e-8. */
  epsilon?: number;
  /** λ: what draws weights towards zero, as in PyTorch. Default: 0. */
  weightDecay?: number;
  /**
   * Whether a step moves all rows of an embedding, so that momentum goes on where a batch lacks a
   * word, as of `torch.nn.Embedding`; else those of the batch's words alone, as with `sparse=True`.
   * An embedding of more than 2²² numbers is always sparse. Default: false.
   */
  dense?: boolean;
}

/** The settings of an optimizer with their defaults; `dense` is there where it is true. */
export type SettledOptimizer = Required<Omit<OptimizerOptions, "dense">> & { dense?: true };

/** The defaults, which are PyTorch's. */
export const OPTIMIZER_DEFAULTS: SettledOptimizer = {
  name: "sgd",
  momentum: 0,
  alpha: 0.99,
  betas: [0.9, 0.999],
  epsilon: 1e-8,
  weightDecay: 0,
};

const OPTIMIZERS: readonly OptimizerName[] = ["sgd", "rmsprop", "adam", "adamw"];

// For each option the optimizers that read it.
const OPTIMIZER_OPTIONS: Record<keyof OptimizerOptions, readonly OptimizerName[]> = {
  name: OPTIMIZERS,
  momentum: ["sgd"],
  alpha: ["rmsprop"],
  betas: ["adam", "adamw"],
  epsilon: ["rmsprop", "adam", "adamw"],
  weightDecay: OPTIMIZERS,
  dense: OPTIMIZERS,
};

/**
 * The optimizer with its defaults.
 *
 * @throws {InputError} Where a setting is out of range, unknown, or of another optimizer.
 */
export function settleOptimizer(options: OptimizerOptions = {}): SettledOptimizer {
  requireOptions("the optimizer", options, Object.keys(OPTIMIZER_OPTIONS));
  const { dense = false, ...numbers } = options;
  requireBoolean("dense", dense);
  const given = Object.entries(numbers).filter(([, value]) => value !== undefined);
  const settled: SettledOptimizer = { ...OPTIMIZER_DEFAULTS, ...Object.fromEntries(given) };
  if (dense) settled.dense = dense;
  checkOptimizer(settled);
  for (const [name, value] of given) {
    const readers = OPTIMIZER_OPTIONS[name as keyof OptimizerOptions];
    const isDefault = String(value) === String(OPTIMIZER_DEFAULTS[name as keyof OptimizerOptions]);
    if (readers.includes(settled.name) || isDefault) continue; // a default says nothing
    throw new InputError(
      `the optimizer's option ${quote(name)} is for ${readers.join(", ")}, got ${settled.name}`,
    );
  }
  return settled;
}

/** Throws where a setting of an optimizer is out of range. */
export function checkOptimizer(options: SettledOptimizer): void {
  requireOneOf("the optimizer", options.name, OPTIMIZERS);
  requireFraction("the momentum", options.momentum);
  requireFraction("alpha", options.alpha);
  if (!Array.isArray(options.betas) || options.betas.length !== 2) {
    throw new InputError(`the betas must be two numbers, got ${shown(options.betas)}`);
  }
  for (const beta of options.betas) requireFraction("beta", beta);
  requirePositive("epsilon", options.epsilon);
  requireLeast("the weight decay", options.weightDecay, 0);
}

/** What an optimizer keeps between steps: like `m.Whh`, shaped as its weight. */
export type Slots<T> = Record<string, T>;

/** The names of what an optimizer keeps for each weight. */
export function slotNames({ name, momentum }: SettledOptimizer): string[] {
  if (name === "sgd") return momentum > 0 ? ["momentum"] : [];
  return name === "rmsprop" ? ["v"] : ["m", "v"];
}

/** How gradients are kept small: each component within ±value, their whole norm within norm. */
export interface Clipping {
  /** The bound of each component; Infinity for none. */
  value: number;
  /** The bound of the norm of all gradients together; Infinity for none. */
  norm: number;
}

/**
 * The gradients of all weights, clipped by value, as the article does, and then by norm:
 *
 *     g ← min(max(g, -value), value)          each component
 *     g ← min(1, norm / √(Σ g²)) g            all gradients together
 *
 * The norm never leaves the device. Without one, each component is left to be clipped as the update
 * reads it.
 */
export function clipGradients(
  ops: Ops,
  gradients: Weights<Gradient>,
  { value, norm }: Clipping,
): Weights<Gradient> {
  if (norm === Infinity) return mapWeights(gradients, (gradient) => ({ ...gradient, clip: value }));
  const byValue = mapWeights(gradients, (gradient) => clipped(ops, { ...gradient, clip: value }));
  const squares = Object.values(byValue).map(({ values }) => ops.sumSquares(values));
  const factor = ops.clipFactor(squares.reduce((sum, square) => ops.add(sum, square)), norm);
  return mapWeights(byValue, ({ values, rows }) => ({ values: ops.scale(values, factor), rows }));
}

/** A gradient with its components brought into [-clip, clip]. */
function clipped(ops: Ops, { values, rows, clip = Infinity }: Gradient): Gradient {
  if (clip === Infinity) return { values, rows };
  const zeros = ops.zeros(values.shape);
  return { values: ops.update(zeros, values, { keep: 0, add: 1, clip }), rows };
}

// Of more numbers a dense step would take longer than the rest of training.
const MAX_DENSE = 2 ** 22;

/** A gradient of all rows, zeros for those that a batch lacks. */
function asDense(ops: Ops, W: Tensor, gradient: Gradient): Gradient {
  const { values, rows, clip } = gradient;
  if (rows === undefined || W.shape[0] * W.shape[1] > MAX_DENSE) return gradient;
  return { values: ops.scatterRows(values, rows), clip };
}

/**
 * One step for one weight W, with g its gradient, η the learning rate and λ the weight decay:
 *
 *     sgd      g ← g + λ W      b ← μ b + g                     W ← W - η b
 *     rmsprop  g ← g + λ W      v ← α v + (1 - α) g²            W ← W - η g / (√v + ε)
 *     adam     g ← g + λ W      m ← β₁ m + (1 - β₁) g
 *                               v ← β₂ v + (1 - β₂) g²          W ← W - η m̂ / (√v̂ + ε)
 *     adamw    as adam without λ in g, and                      W ← (1 - η λ) W first
 *
 * where m̂ = m / (1 - β₁ᵗ) and v̂ = v / (1 - β₂ᵗ) at the t-th step. Where the gradient is for some
 * rows alone, and steps are not dense, only those rows of W, b, m and v are touched, as in
 * torch.optim.SparseAdam.
 *
 * @param W Consumed, and so are the slots.
 * @param slots What the optimizer keeps for this weight, in the order of {@linkcode slotNames}.
 * @param t The number of this step, from 1.
 * @returns W and the slots after the step.
 */
export function optimizerStep(
  ops: Ops,
  options: SettledOptimizer,
  learningRate: number,
  t: number,
  W: Tensor,
  given: Gradient,
  slots: readonly Tensor[],
): [W: Tensor, ...slots: Tensor[]] {
  const { name, momentum, alpha, betas: [beta1, beta2], epsilon, weightDecay } = options;
  if (slots.length === 0 && weightDecay === 0) {
    const { values, rows, clip } = given;
    // W ← W - η clip(g)
    return [ops.update(W, values, { keep: 1, add: -learningRate, rows, clip })];
  }
  const gradient = options.dense ? asDense(ops, W, given) : given;
  const { rows } = gradient;
  const ofRows = (state: Tensor) => rows ? ops.gatherRows(state, rows) : state;
  let g = clipped(ops, gradient).values, keep = 1;
  if (weightDecay > 0 && name === "adamw") keep = 1 - learningRate * weightDecay;
  else if (weightDecay > 0) g = ops.add(g, ops.scale(ofRows(W), weightDecay)); // g + λ W

  if (name === "sgd") {
    if (slots.length === 0) return [ops.update(W, g, { keep, add: -learningRate, rows })];
    const b = ops.update(slots[0], g, { keep: momentum, add: 1, rows }); // b ← μ b + g
    return [ops.update(W, ofRows(b), { keep, add: -learningRate, rows }), b]; // W ← W - η b
  }
  if (name === "rmsprop") {
    const squares = ops.multiply(g, g);
    const v = ops.update(slots[0], squares, { keep: alpha, add: 1 - alpha, rows });
    const step = ops.divideByRoot(g, ofRows(v), epsilon); // g / (√v + ε)
    return [ops.update(W, step, { keep, add: -learningRate, rows }), v]; // W ← W - η step
  }
  // η m̂ / (√v̂ + ε) with both corrections drawn out of the quotient, as in the paper's section 2.
  const root = Math.sqrt(1 - beta2 ** t);
  const stepSize = learningRate * root / (1 - beta1 ** t);
  // SparseAdam leaves ε as it is.
  const settings = { keep, stepSize, beta1, beta2, epsilon: rows ? epsilon : epsilon * root, rows };
  const [m, v] = slots;
  return fusedOr(ops, "adam", adam)(W, m, v, g, settings);
}
