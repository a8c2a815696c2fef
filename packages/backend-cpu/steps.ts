/**
 * The recurrences on kernels: for each step one product with Whh, and one kernel for what core's
 * cells say of its result. Sizes are told in bytes, as addresses are.
 *
 * @module
 */
import type { Activation } from "@unroll/core";
import { createJob, moveJob, runJob } from "./jobs.ts";
import type { Place, Products } from "./products.ts";
import type { Threads } from "./threads.ts";
import type { Kernels } from "./wasm/kernels.ts";

/** What there is to compute with. */
export interface KernelContext {
  kernels: Kernels;
  threads: Threads;
  products: Products;
}

/** Whh or its transpose, `[k, n]`, and where it is packed, if it is. */
export interface Recurrent extends Place {
  k: number;
  n: number;
  packed?: number;
}

const BYTES = 4; // of a number

/** out += a W for so many contiguous rows. */
function addProduct(
  { products }: KernelContext,
  out: number,
  a: number,
  W: Recurrent,
  rows: number,
): void {
  products.add(out, { at: a, row: BYTES * W.k, column: BYTES }, W, rows, W.k, W.n, W.packed);
}

/**
 * A vanilla network's steps over `rows` = timeSteps · batch. States hold h_0 and get the rest.
 *
 * @param isFresh Whether h_0 is 0, so that it takes no time.
 */
export function rnnSteps(
  context: KernelContext,
  states: number,
  inputs: number,
  W: Recurrent,
  batch: number,
  rows: number,
  activation: Activation,
  isFresh: boolean,
): void {
  const { kernels, threads } = context;
  const size = batch * W.k, step = BYTES * size;
  const h = states + step;
  runJob(threads, createJob(kernels, "copy", 1, rows * W.k, [[inputs, 0], [h, 0]]));
  const job = createJob(kernels, activation, 1, size, [[h, 0], [h, 0]]);
  const next = [step, step];

  for (let t = 0; t < rows / batch; t++) {
    if (t > 0 || !isFresh) addProduct(context, h + step * t, states + step * t, W, batch);
    runJob(threads, job);
    moveJob(job, next);
  }
}

/** A vanilla network's steps backward. W is Whhᵀ. */
export function rnnStepsBack(
  context: KernelContext,
  dInputs: number,
  dStates: number,
  states: number,
  W: Recurrent,
  batch: number,
  rows: number,
  activation: Activation,
): void {
  const { kernels, threads } = context;
  const size = batch * W.n, step = BYTES * size, timeSteps = rows / batch;
  const direct = dStates + step; // nothing asks for dL/dh_0
  runJob(threads, createJob(kernels, "copy", 1, rows * W.n, [[direct, 0], [dInputs, 0]]));
  const last = step * (timeSteps - 1);
  const job = createJob(kernels, `${activation}Back`, 1, size, [
    [states + step + last, 0],
    [dInputs + last, 0],
  ]);
  const next = [-step, -step];

  for (let t = timeSteps - 1; t >= 0; t--) {
    const dz = dInputs + step * t;
    if (t < timeSteps - 1) addProduct(context, dz, dz + step, W, batch);
    runJob(threads, job);
    moveJob(job, next);
  }
}

/** An LSTM's steps. States and cells hold h_0 and c_0 and get the rest; gates get i, f, g and o. */
export function lstmSteps(
  context: KernelContext,
  states: number,
  cells: number,
  gates: number,
  inputs: number,
  W: Recurrent,
  batch: number,
  rows: number,
): void {
  const { kernels, threads } = context;
  const row = BYTES * W.k, width = 4 * row, step = batch * row;
  const job = createJob(kernels, "lstm", batch, W.k, [
    [gates, width],
    [gates + row, width],
    [gates + 2 * row, width],
    [gates + 3 * row, width],
    [cells, row],
    [cells + step, row],
    [states + step, row],
  ]);
  const next = [4 * step, 4 * step, 4 * step, 4 * step, step, step, step];
  const copy = createJob(kernels, "copy", batch, W.n, [[inputs, width], [gates, width]]);
  const nextCopy = [4 * step, 4 * step];
  for (let t = 0; t < rows / batch; t++) {
    runJob(threads, copy);
    addProduct(context, gates + 4 * step * t, states + step * t, W, batch);
    runJob(threads, job);
    moveJob(copy, nextCopy);
    moveJob(job, next);
  }
}

/**
 * An LSTM's steps backward. W is Whhᵀ; dc holds zeros and ends as dL/dc_0; dh is scratch space for
 * one step; dCells is what reaches cells directly, if anything does.
 */
export function lstmStepsBack(
  context: KernelContext,
  dInputs: number,
  dh: number,
  dc: number,
  dStates: number,
  cells: number,
  gates: number,
  W: Recurrent,
  batch: number,
  rows: number,
  dCells?: number,
): void {
  const { kernels, threads } = context;
  const row = BYTES * W.n, width = 4 * row, step = batch * row, timeSteps = rows / batch;
  const last = step * (timeSteps - 1);
  const four = (at: number) =>
    [0, 1, 2, 3].map((gate) => [at + 4 * last + gate * row, width] as const);
  const job = createJob(kernels, "lstmBack", batch, W.n, [
    ...four(gates),
    [cells + step + last, row],
    [cells + last, row],
    [dh, row],
    ...four(dInputs),
    [dc, row],
  ]);
  const next = [...new Array(4).fill(-4 * step), -step, -step, 0, ...new Array(4).fill(-4 * step)];
  const copy = createJob(kernels, "copy", batch, W.n, [[dStates + step + last, row], [dh, row]]);
  const nextCopy = [-step];
  const direct = dCells === undefined ? undefined : createJob(kernels, "add", batch, W.n, [
    [dCells + step + last, row],
    [dc, row],
    [dc, row],
  ]);
  for (let t = timeSteps - 1; t >= 0; t--) {
    if (direct) {
      runJob(threads, direct);
      moveJob(direct, nextCopy);
    }
    runJob(threads, copy);
    if (t < timeSteps - 1) addProduct(context, dh, dInputs + 4 * step * (t + 1), W, batch);
    runJob(threads, job);
    moveJob(copy, nextCopy);
    moveJob(job, next);
  }
}

/** A GRU's steps. States hold h_0 and get the rest; products are scratch space for one step. */
export function gruSteps(
  context: KernelContext,
  states: number,
  gates: number,
  products: number,
  inputs: number,
  W: Recurrent,
  bhn: number,
  batch: number,
  rows: number,
): void {
  const { kernels, threads } = context;
  const row = BYTES * W.k, width = 3 * row, step = batch * row;
  const three = (at: number) => [0, 1, 2].map((gate) => [at + gate * row, width] as const);
  const job = createJob(kernels, "gru", batch, W.k, [
    ...three(inputs),
    ...three(products),
    [bhn, 0],
    [states, row],
    ...[0, 1, 2, 3].map((gate) => [gates + gate * row, 4 * row] as const),
    [states + step, row],
  ]);
  const next = [...new Array(3).fill(3 * step), 0, 0, 0, 0, step, ...new Array(4).fill(4 * step)];
  next.push(step);
  const zero = createJob(kernels, "fill", 1, batch * W.n, [[products, 0]], [0]);
  for (let t = 0; t < rows / batch; t++) {
    runJob(threads, zero);
    addProduct(context, products, states + step * t, W, batch);
    runJob(threads, job);
    moveJob(job, next);
  }
}

/** A GRU's steps backward. W is Whhᵀ; dCarry holds zeros and ends as z_1 ⊙ dL/dh_1. */
export function gruStepsBack(
  context: KernelContext,
  dInputs: number,
  dRecurrent: number,
  dCarry: number,
  dStates: number,
  states: number,
  gates: number,
  W: Recurrent,
  batch: number,
  rows: number,
): void {
  const { kernels, threads } = context;
  const row = BYTES * W.n, width = 3 * row, step = batch * row, timeSteps = rows / batch;
  const last = step * (timeSteps - 1);
  const three = (at: number) =>
    [0, 1, 2].map((gate) => [at + 3 * last + gate * row, width] as const);
  const job = createJob(kernels, "gruBack", batch, W.n, [
    ...[0, 1, 2, 3].map((gate) => [gates + 4 * last + gate * row, 4 * row] as const),
    [states + last, row],
    ...three(dInputs),
    ...three(dRecurrent),
    [dCarry, row],
  ]);
  const next = [...new Array(4).fill(-4 * step), -step, ...new Array(6).fill(-3 * step)];
  const direct = createJob(kernels, "add", 1, batch * W.n, [
    [dCarry, 0],
    [dStates + step + last, 0],
    [dCarry, 0],
  ]);
  const nextDirect = [0, -step];
  for (let t = timeSteps - 1; t >= 0; t--) {
    runJob(threads, direct);
    if (t < timeSteps - 1) addProduct(context, dCarry, dRecurrent + 3 * step * (t + 1), W, batch);
    runJob(threads, job);
    moveJob(direct, nextDirect);
    moveJob(job, next);
  }
}
