/**
 * Optimizers: gradient clipping and weight updates.
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

/** Options of an optimizer. */
export interface OptimizerOptions {
  /**
   * `sgd`, W ← W - η g; `rmsprop` by Tieleman and Hinton (2012); `adam` by Kingma and Ba (2015);
   * `adamw` by Loshchilov and Hutter (2019). Default: `"sgd"`.
   */
  name?: OptimizerName;
  /** The momentum of `sgd`, at least 0 and below 1. Default: 0. */
  momentum?: number;
  /** The decay rate of the mean of squared gradients in `rmsprop`. Default: 0.99. */
  alpha?: number;
  /** The decay rates of the first and second moments in `adam` and `adamw`. Default: 0.9, 0.999. */
  betas?: readonly [number, number];
  /** Added to denominators, so that quotients stay finite. Default: 1e-8. */
  epsilon?: number;
  /** The weight decay λ, which pulls weights toward zero, as in PyTorch. Default: 0. */
  weightDecay?: number;
  /**
   * Whether a step updates all rows of an embedding, so that momentum also moves words that are not
   * in the batch, as in `torch.nn.Embedding`; otherwise it updates only the rows of the batch's
   * words, as with `sparse=True`. An embedding of more than 2²² numbers is always sparse. Default:
   * false.
   */
  dense?: boolean;
}

/** Optimizer options with defaults filled in; `dense` is present only if it is true. */
export type SettledOptimizer = Required<Omit<OptimizerOptions, "dense">> & { dense?: true };

/** The defaults, which are PyTorch's, except that AdamW's weight decay there is 0.01. */
export const OPTIMIZER_DEFAULTS: SettledOptimizer = {
  name: "sgd",
  momentum: 0,
  alpha: 0.99,
  betas: [0.9, 0.999],
  epsilon: 1e-8,
  weightDecay: 0,
};

const OPTIMIZERS: readonly OptimizerName[] = ["sgd", "rmsprop", "adam", "adamw"];

// For each option, the optimizers that use it.
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
 * Fills in the defaults of optimizer options.
 *
 * @throws {InputError} If an option is out of range, unknown, or belongs to another optimizer.
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
    if (readers.includes(settled.name) || isDefault) continue; // a default value is accepted
    throw new InputError(
      `the optimizer's option ${quote(name)} is for ${readers.join(", ")}, got ${settled.name}`,
    );
  }
  return settled;
}

/** Throws if an option of an optimizer is out of range. */
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

/** The optimizer state between steps, by names such as `m.Whh`, each shaped like its weight. */
export type Slots<T> = Record<string, T>;

/** Returns the names of an optimizer's state for each weight, such as `m` and `v`. */
export function slotNames({ name, momentum }: SettledOptimizer): string[] {
  if (name === "sgd") return momentum > 0 ? ["momentum"] : [];
  return name === "rmsprop" ? ["v"] : ["m", "v"];
}

/** How gradients are clipped: each component to ±value, and then all gradients to a norm. */
export interface Clipping {
  /** The bound on each component; Infinity for none. */
  value: number;
  /** The bound on the norm of all gradients together; Infinity for none. */
  norm: number;
}

/**
 * Clips the gradients of all weights by value, as the article does, and then by norm:
 *
 *     g ← min(max(g, -value), value)          each component
 *     g ← min(1, norm / √(Σ g²)) g            all gradients together
 *
 * The norm never leaves the device. Without a bound on the norm, clipping by value is left to the
 * update.
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

/** Clips the components of a gradient to [-clip, clip]. */
function clipped(ops: Ops, { values, rows, clip = Infinity }: Gradient): Gradient {
  if (clip === Infinity) return { values, rows };
  const zeros = ops.zeros(values.shape);
  return { values: ops.update(zeros, values, { keep: 0, add: 1, clip }), rows };
}

// With more numbers, a dense step would take longer than the rest of training.
const MAX_DENSE = 2 ** 22;

/** Expands a gradient to all rows, with zeros for rows that the batch lacks. */
function asDense(ops: Ops, W: Tensor, gradient: Gradient): Gradient {
  const { values, rows, clip } = gradient;
  if (rows === undefined || W.shape[0] * W.shape[1] > MAX_DENSE) return gradient;
  return { values: ops.scatterRows(values, rows), clip };
}

/**
 * Updates one weight W, with gradient g, learning rate η and weight decay λ:
 *
 *     sgd      g ← g + λ W      b ← μ b + g                     W ← W - η b
 *     rmsprop  g ← g + λ W      v ← α v + (1 - α) g²            W ← W - η g / (√v + ε)
 *     adam     g ← g + λ W      m ← β₁ m + (1 - β₁) g
 *                               v ← β₂ v + (1 - β₂) g²          W ← W - η m̂ / (√v̂ + ε)
 *     adamw    like adam without λ in g, and                      W ← (1 - η λ) W first
 *
 * where m̂ = m / (1 - β₁ᵗ) and v̂ = v / (1 - β₂ᵗ) at the t-th step. If the gradient covers only
 * some rows, and steps are not dense, only those rows of W, b, m and v are updated, as in
 * torch.optim.SparseAdam.
 *
 * @param t The number of this step, from 1.
 * @param W The weight. Consumed, like the slots.
 * @param slots The optimizer state of this weight, in the order of {@linkcode slotNames}.
 * @returns The new W and slots.
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
  // η m̂ / (√v̂ + ε) with both bias corrections moved into the step size (section 2 of the paper).
  const root = Math.sqrt(1 - beta2 ** t);
  const stepSize = learningRate * root / (1 - beta1 ** t);
  // SparseAdam does not scale ε.
  const settings = { keep, stepSize, beta1, beta2, epsilon: rows ? epsilon : epsilon * root, rows };
  const [m, v] = slots;
  return fusedOr(ops, "adam", adam)(W, m, v, g, settings);
}
