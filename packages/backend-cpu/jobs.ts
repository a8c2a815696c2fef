/**
 * Kernels over the rows of matrices, shared among threads.
 *
 * @module
 */
import type { Threads } from "./threads.ts";
import type { Kernels } from "./wasm/kernels.ts";

/** A kernel and its parameters: rows, columns, each matrix's address and row stride, scalars. */
export interface Job {
  /** The kernel's number. */
  kernel: number;
  /** The number of matrices that it works on. */
  matrices: number;
  /** The parameters, 32 bits each. */
  parameters: number[];
}

const WORK = 16; // multiplications that take as long as one number of a job
const MANY_ROWS = 16; // number of rows from which jobs are cut into rows
const BYTES = 4; // per number
const VECTOR = 4; // numbers
const LINE = 16; // numbers in a cache line, which two threads should not both write to

// A float and its bits.
const number = new Float32Array(1);
const bits = new Int32Array(number.buffer);

/** Creates a job of the kernel with a given name. */
export function createJob(
  kernels: Kernels,
  name: string,
  rows: number,
  columns: number,
  matrices: readonly (readonly [at: number, apart: number])[],
  scalars: readonly number[] = [],
): Job {
  const parameters = [rows, columns];
  for (const [at, apart] of matrices) parameters.push(at, apart);
  for (const scalar of scalars) {
    number[0] = scalar;
    parameters.push(bits[0]);
  }
  return { kernel: kernels.number[name], matrices: matrices.length, parameters };
}

/** Writes the parameters of the next call; none of them depends on the piece yet. */
function load(threads: Threads, parameters: readonly number[]): void {
  threads.steps.fill(0, 0, parameters.length);
  for (let i = 0; i < parameters.length; i++) threads.parameters[i] = parameters[i];
}

/**
 * Runs a job, cut into pieces by rows or, if there are few rows, by columns.
 *
 * @param wholeRows Whether the kernel needs whole rows.
 */
export function runJob(
  threads: Threads,
  { kernel, matrices, parameters }: Job,
  wholeRows = false,
): void {
  const [rows, columns] = parameters;
  const byRows = wholeRows || rows >= MANY_ROWS;
  load(threads, parameters);
  for (let i = 2; i < 2 + 2 * matrices; i += 2) {
    threads.steps[i] = byRows ? parameters[i + 1] : BYTES;
  }
  threads.call(kernel, parameters.length, byRows ? 0 : 1, byRows ? 1 : LINE, WORK * rows * columns);
}

/** Transposes a matrix, cut into pieces by its columns, which become rows. */
export function runTranspose(
  threads: Threads,
  kernels: Kernels,
  ...given: [
    to: number,
    from: number,
    rows: number,
    columns: number,
    toRow: number,
    fromRow: number,
  ]
): void {
  const [, , rows, columns, toRow] = given;
  load(threads, given);
  [threads.steps[0], threads.steps[1]] = [toRow, BYTES];
  const { transpose } = kernels.number;
  threads.call(transpose, given.length, 3, VECTOR, WORK * rows * columns);
}

/** A job on rows that are picked from some of the first matrices, see `rowsKernel`. */
export interface PickedJob {
  /** The kernel's name. */
  name: string;
  /** The address of the row numbers, each at most once or -1 for none, and their count. */
  ids: number;
  rows: number;
  columns: number;
  /** Each matrix's address and row stride in bytes; rows of the first `picked` are picked. */
  matrices: readonly (readonly [at: number, apart: number])[];
  picked: number;
  scalars?: readonly number[];
}

/** Runs a job on picked rows, cut into pieces by rows. */
export function runPickedJob(threads: Threads, kernels: Kernels, job: PickedJob): void {
  const { name, ids, rows, columns, matrices, picked, scalars } = job;
  const { kernel, parameters } = createJob(kernels, name, rows, columns, matrices, scalars);
  parameters.push(ids);
  load(threads, parameters);
  for (const [i, [, apart]] of matrices.entries()) {
    if (i >= picked) threads.steps[2 + 2 * i] = apart;
  }
  threads.steps[parameters.length - 1] = BYTES;
  threads.call(kernel, parameters.length, 0, 1, WORK * rows * columns);
}
