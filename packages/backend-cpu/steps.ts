/**
 * The recurrences on kernels: for each step one product with Whh, and one kernel for the rest of
 * the cell's equations, see core's cells. Sizes, like addresses, are in bytes.
 *
 * @module
 */
import type { Activation } from "@unroll/core";
import { createJob, runJob } from "./jobs.ts";
import type { MatrixProducts, Recurrent } from "./matrix_products.ts";
import { type Call, type Moving, rowsCall, runRecurrence } from "./scripts.ts";
import type { Space } from "./space.ts";
import type { Threads } from "./threads.ts";
import type { Kernels } from "./wasm/kernels.ts";

/** What a recurrence computes with. */
export interface KernelContext {
  kernels: Kernels;
  threads: Threads;
  products: MatrixProducts;
  space: Space;
}

const BYTES = 4; // per number
const GATE_WORK = 16; // multiplications that take as long as one number of a gate

/** Builds the calls for the rows and units of one thread. */
export interface Share {
  /** A kernel on these rows and units of matrices whose columns are those of one gate or of all. */
  kernel(name: string, columns: number, matrices: readonly Moving[]): Call[];
  /** out += a W for these rows and units; out = a W if `isFresh`. */
  product(out: Moving, a: Moving, isFresh?: boolean): Call[];
}

/** Runs all steps, shared among threads. */
export function run(
  { kernels, threads, products, space }: KernelContext,
  W: Recurrent,
  batch: number,
  timeSteps: number,
  partsOf: (share: Share) => { steps: number; calls: Call[] }[],
  active?: readonly number[],
  byUnits = products.byUnits(W, batch),
): void {
  const rows = active ? active.reduce((sum, rows) => sum + rows, 0) : timeSteps * batch;
  const work = rows * W.n * (W.k + GATE_WORK);
  const hidden = Math.min(W.k, W.n); // the other side has the columns of all gates
  runRecurrence(threads, space, { batch, hidden, work, byUnits, active }, (rows, units) => {
    const gates = (columns: number) =>
      units.count === hidden
        ? [{ first: 0, count: columns }]
        : Array.from({ length: columns / hidden }, (_, gate) => ({
          first: gate * hidden + units.first,
          count: units.count,
        }));
    return partsOf({
      kernel: (name, columns, matrices) =>
        gates(columns).map((range) => rowsCall(kernels, name, rows, range, matrices)),
      product: ([out, outRow, outBy], [a, aRow, aBy], isFresh) =>
        gates(W.n).flatMap((range) =>
          products.steps(
            [out + outRow * rows.first, outBy],
            [a + aRow * rows.first, aBy],
            W,
            rows.count,
            range,
            isFresh,
          )
        ),
    });
  });
}

/** Returns the counts of active rows in the order from the last step to the first. */
export function backward(active?: readonly number[]): readonly number[] | undefined {
  return active && [...active].reverse();
}

/** Returns the same matrices one step further. */
export function after(matrices: readonly Moving[]): Moving[] {
  return matrices.map(([at, apart, by]) => [at + by, apart, by]);
}

/**
 * Computes a vanilla network's steps over `rows` = timeSteps · batch. States start with h_0, and
 * the rest is written.
 *
 * @param isFresh Whether h_0 is zero, so that its product can be skipped.
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
  active?: readonly number[],
): void {
  const row = BYTES * W.k, step = batch * row, timeSteps = rows / batch;
  const { kernels, threads } = context;
  const [before, h]: Moving[] = [[states, row, step], [states + step, row, step]];
  runJob(threads, createJob(kernels, "copy", 1, rows * W.k, [[inputs, 0], [h[0], 0]]));
  run(context, W, batch, timeSteps, ({ kernel, product }) => {
    const all = (matrices: Moving[], isFirst: boolean) => [
      ...(isFirst && isFresh ? [] : product(matrices[1], matrices[0])),
      ...kernel(activation, W.k, [matrices[1], matrices[1]]),
    ];
    return [
      { steps: 1, calls: all([before, h], true) },
      { steps: timeSteps - 1, calls: all(after([before, h]), false) },
    ];
  }, active);
}

/** Computes a vanilla network's steps backward. W is Whhᵀ. */
export function rnnStepsBack(
  context: KernelContext,
  dInputs: number,
  dStates: number,
  states: number,
  W: Recurrent,
  batch: number,
  rows: number,
  activation: Activation,
  active?: readonly number[],
): void {
  const row = BYTES * W.n, step = batch * row, timeSteps = rows / batch;
  const { kernels, threads } = context;
  const direct = dStates + step; // dL/dh_0 is not needed
  runJob(threads, createJob(kernels, "copy", 1, rows * W.n, [[direct, 0], [dInputs, 0]]));
  const last = step * (timeSteps - 1);
  const h: Moving = [states + step + last, row, -step], dz: Moving = [dInputs + last, row, -step];
  run(context, W, batch, timeSteps, ({ kernel, product }) => {
    const back = (matrices: Moving[]) => kernel(`${activation}Back`, W.n, matrices);
    const rest = after([h, dz]);
    return [
      { steps: 1, calls: back([h, dz]) },
      { steps: timeSteps - 1, calls: [...product(rest[1], dz), ...back(rest)] },
    ];
  }, backward(active));
}

/**
 * Computes an LSTM's steps. States and cells start with h_0 and c_0, and the rest is written; gates
 * contain the inputs and become i, f, g and o.
 */
export function lstmSteps(
  context: KernelContext,
  states: number,
  cells: number,
  gates: number,
  W: Recurrent,
  batch: number,
  rows: number,
  active?: readonly number[],
): void {
  const row = BYTES * W.k, width = 4 * row, step = batch * row, timeSteps = rows / batch;
  const z: Moving = [gates, width, 4 * step], h: Moving = [states, row, step];
  const each = [0, 1, 2, 3].map((gate): Moving => [gates + gate * row, width, 4 * step]);
  run(context, W, batch, timeSteps, ({ kernel, product }) => [{
    steps: timeSteps,
    calls: [
      ...product(z, h),
      ...kernel("lstm", W.k, [
        ...each,
        [cells, row, step],
        [cells + step, row, step],
        [states + step, row, step],
      ]),
    ],
  }], active);
}

/**
 * Computes an LSTM's steps backward. W is Whhᵀ; dc must be zero and becomes dL/dc_0; dh is scratch
 * space for one step; dCells is the gradient that reaches the cells directly, if any.
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
  active?: readonly number[],
): void {
  const row = BYTES * W.n, width = 4 * row, step = batch * row, timeSteps = rows / batch;
  const last = step * (timeSteps - 1);
  const dz: Moving = [dInputs + 4 * last, width, -4 * step];
  const four = (at: number) =>
    [0, 1, 2, 3].map((gate): Moving => [at + 4 * last + gate * row, width, -4 * step]);
  const carried: Moving = [dc, row, 0], dState: Moving = [dh, row, 0];
  const matrices: Moving[] = [
    ...four(gates),
    [cells + step + last, row, -step],
    [cells + last, row, -step],
    dState,
    ...four(dInputs),
    carried,
  ];
  const direct: Moving[] = [[dStates + step + last, row, -step], dState];
  const directCells: Moving[] = dCells === undefined
    ? []
    : [[dCells + step + last, row, -step], carried, carried];
  run(context, W, batch, timeSteps, ({ kernel, product }) => {
    const calls = (move: typeof after, products: Call[]) => [
      ...(dCells === undefined ? [] : kernel("add", W.n, move(directCells))),
      ...kernel("copy", W.n, move(direct)),
      ...products,
      ...kernel("lstmBack", W.n, move(matrices)),
    ];
    return [
      { steps: 1, calls: calls((them) => [...them], []) },
      { steps: timeSteps - 1, calls: calls(after, product(dState, dz)) },
    ];
  }, backward(active));
}

/** Computes a GRU's steps. States start with h_0; products are scratch space for one step. */
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
  active?: readonly number[],
): void {
  const row = BYTES * W.k, width = 3 * row, step = batch * row, timeSteps = rows / batch;
  const three = (at: number, by: number) =>
    [0, 1, 2].map((gate): Moving => [at + gate * row, width, by]);
  const whole: Moving = [products, width, 0], h: Moving = [states, row, step];
  run(context, W, batch, timeSteps, ({ kernel, product }) => [{
    steps: timeSteps,
    calls: [
      ...product(whole, h, true),
      ...kernel("gru", W.k, [
        ...three(inputs, 3 * step),
        ...three(products, 0),
        [bhn, 0, 0],
        h,
        ...[0, 1, 2, 3].map((gate): Moving => [gates + gate * row, 4 * row, 4 * step]),
        [states + step, row, step],
      ]),
    ],
  }], active);
}

/** Computes a GRU's steps backward. W is Whhᵀ; dCarry must be zero and becomes z_1 ⊙ dL/dh_1. */
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
  active?: readonly number[],
): void {
  const row = BYTES * W.n, width = 3 * row, step = batch * row, timeSteps = rows / batch;
  const last = step * (timeSteps - 1);
  const three = (at: number) =>
    [0, 1, 2].map((gate): Moving => [at + 3 * last + gate * row, width, -3 * step]);
  const carry: Moving = [dCarry, row, 0];
  const dp: Moving = [dRecurrent + 3 * last, width, -3 * step];
  const matrices: Moving[] = [
    ...[0, 1, 2, 3].map((gate): Moving => [gates + 4 * last + gate * row, 4 * row, -4 * step]),
    [states + last, row, -step],
    ...three(dInputs),
    ...three(dRecurrent),
    carry,
  ];
  const direct: Moving[] = [carry, [dStates + step + last, row, -step], carry];
  run(context, W, batch, timeSteps, ({ kernel, product }) => {
    const calls = (move: typeof after, products: Call[]) => [
      ...kernel("add", W.n, move(direct)),
      ...products,
      ...kernel("gruBack", W.n, move(matrices)),
    ];
    return [
      { steps: 1, calls: calls((them) => [...them], []) },
      { steps: timeSteps - 1, calls: calls(after, product(carry, dp)) },
    ];
  }, backward(active));
}
