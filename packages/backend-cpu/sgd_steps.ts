/**
 * Fused steps of stochastic gradient descent on the article's network, one sentence at a time, on
 * kernels. The only overhead is a call of some hundred nanoseconds for each product.
 *
 * @module
 */
import type { Activation, SgdExample } from "@unroll/core";
import type { Kernel, Kernels } from "./wasm/kernels.ts";
import { UNROLLED_UPDATES } from "./wasm/product.ts";

const BYTES = 4; // per number

/** The sizes of a network. */
export interface Sizes {
  hidden: number;
  labels: number;
  /** The number of words in the longest example. */
  longest: number;
}

/** The addresses of the weights and the scratch space. */
export interface SgdLayout extends Sizes {
  /** Addresses. */
  Wxh: number;
  Whh: number;
  bh: number;
  Why: number;
  bY: number;
  /** The logits, one row per example. */
  logits: number;
  /** Scratch space of {@linkcode scratchSize} numbers. */
  scratch: number;
}

/**
 * Returns the size of the scratch space in numbers: for the states, their gradients, the gradient
 * of the logits, ones, and for long sentences the gradient of Whh.
 */
export function scratchSize({ hidden, labels, longest }: Sizes): number {
  const whole = longest > UNROLLED_UPDATES ? hidden * hidden : 0;
  return 2 * (longest + 1) * hidden + Math.max(hidden, labels) + longest + whole;
}

/**
 * Takes a step for each example, where η is its learning rate and g is clipped to ±clip:
 *
 *     h_t = tanh(x_t Wxh + h_{t-1} Whh + b_h)
 *     y   = h_n Why + b_y
 *     dy  = softmax(y) - 1_c
 *     dz_t = (1 - h_t²) ⊙ (dy Whyᵀ if t = n, else dz_{t+1} Whhᵀ)
 *     W  ← W - η g
 */
export function runSgdSteps(
  kernels: Kernels,
  at: SgdLayout,
  examples: readonly SgdExample[],
  clip: number,
  activation: Activation,
): void {
  const { run, memory } = kernels;
  const { copy, fill, product1, update } = run;
  const step = run[`${activation}Step`], stepBack = run[`${activation}StepBack`];
  const few = Array.from({ length: UNROLLED_UPDATES }, (_, i) => run[`sgdUpdate_${i + 1}`]);
  const { Wxh, Whh, bh, Why, bY, hidden, labels, longest } = at;
  const row = BYTES * hidden, labelRow = BYTES * labels;
  const states = at.scratch;
  const gradients = states + row * (longest + 1); // dz_1 to dz_n, each where h_t would be
  const dy = gradients + row * (longest + 1);
  const ones = dy + Math.max(row, labelRow);
  const whole = ones + BYTES * longest; // a whole gradient, for sentences too long for `few`
  fill(1, hidden, states, 0, 0); // h_0
  fill(1, longest, ones, 0, 1);
  const numbers = new Float32Array(memory.buffer, dy, labels);
  let y = at.logits;

  for (const { words, label, learningRate } of examples) {
    const n = words.length;
    for (let t = 1; t <= n; t++) {
      const h = states + row * t, word = words[t - 1];
      const x = word < 0 ? states : Wxh + row * word; // h_0 is a row of zeros
      const width = t === 1 ? 0 : hidden; // skips the product with h_0, which is zero
      step(h, h - row, Whh, 1, width, hidden, row, row, BYTES, row, x, bh);
    }
    const last = states + row * n;
    copy(1, labels, bY, 0, y, 0);
    if (n > 0) product1(y, last, Why, 1, hidden, labels, labelRow, row, BYTES, labelRow);

    copy(1, labels, y, 0, dy, 0);
    softmaxLess(numbers, label);
    let dz = gradients + row * n;
    if (n > 0) {
      stepBack(dz, dy, Why, 1, labels, hidden, row, labelRow, BYTES, labelRow, last);
      few[0](Why, last, dy, hidden, 1, labels, labelRow, BYTES, row, labelRow, -learningRate, clip);
    }
    update(1, labels, bY, 0, dy, 0, 1, -learningRate, clip);
    y += labelRow;
    if (n === 0) continue;

    for (let t = n - 1; t >= 1; t--) {
      dz -= row;
      stepBack(dz, dz + row, Whh, 1, hidden, hidden, row, row, BYTES, row, states + row * t);
    }
    // h_0 is 0, so the first step adds nothing to the gradient of Whh.
    const steps = n - 1, h = states + row, next = dz + row;
    if (steps > few.length) {
      fill(1, hidden * hidden, whole, 0, 0);
      product1(whole, h, next, hidden, steps, hidden, row, BYTES, row, row);
      update(1, hidden * hidden, Whh, 0, whole, 0, 1, -learningRate, clip);
    } else if (steps > 0) {
      few[steps - 1](
        Whh,
        h,
        next,
        hidden,
        steps,
        hidden,
        row,
        BYTES,
        row,
        row,
        -learningRate,
        clip,
      );
    }
    if (n > few.length) {
      fill(1, hidden, whole, 0, 0);
      product1(whole, ones, dz, 1, n, hidden, row, BYTES * n, BYTES, row);
      update(1, hidden, bh, 0, whole, 0, 1, -learningRate, clip);
    } else few[n - 1](bh, ones, dz, 1, n, hidden, row, BYTES * n, BYTES, row, -learningRate, clip);
    updateWords(run.add, update, Wxh, words, dz, hidden, learningRate, clip);
  }
}

/** Replaces y by softmax(y) - 1_c. */
function softmaxLess(y: Float32Array, c: number): void {
  let largest = -Infinity, sum = 0;
  for (let i = 0; i < y.length; i++) if (y[i] > largest) largest = y[i];
  for (let i = 0; i < y.length; i++) sum += y[i] = Math.exp(y[i] - largest);
  for (let i = 0; i < y.length; i++) y[i] /= sum;
  y[c] -= 1;
}

/** Updates Wxh: the gradient of a word's row is the sum of its dz, clipped as a whole. */
function updateWords(
  add: Kernel,
  update: Kernel,
  Wxh: number,
  words: Int32Array,
  dz: number,
  hidden: number,
  learningRate: number,
  clip: number,
): void {
  const row = BYTES * hidden;
  for (let t = words.length - 1; t >= 0; t--) {
    const first = words.indexOf(words[t]);
    const from = dz + row * t, to = dz + row * first;
    if (first < t) add(1, hidden, to, 0, from, 0, to, 0);
    else if (words[t] >= 0) {
      update(1, hidden, Wxh + row * words[t], 0, from, 0, 1, -learningRate, clip);
    }
  }
}
