/**
 * Recurrences by rows of the batch: a thread takes its rows through all steps, as no row of a batch
 * asks for another's, and all threads meet once, at the end.
 *
 * What a thread does is written down as numbers, for its program to go through: some calls of
 * kernels, as often as there are steps, each with its addresses one step further than before.
 *
 * @module
 */
import type { Space } from "./space.ts";
import type { Threads } from "./threads.ts";
import type { Kernels } from "./wasm/kernels.ts";

/** A kernel's call at the first step, and by how much each parameter grows from step to step. */
export interface Call {
  /** The kernel's number. */
  kernel: number;
  /** The parameters at the first step, each as 32 bits. */
  parameters: number[];
  /** What each grows by. */
  growth: number[];
}

/** Calls in their order, as often as there are steps. */
export interface Part {
  steps: number;
  calls: readonly Call[];
}

/** A matrix at the first step, how far a row is from the next, and a step from the next, in bytes. */
export type Moving = readonly [at: number, apart: number, growth: number];

// Fewer make tiles that use a number of the weights too rarely.
const MIN_ROWS = 2;
const SIZES = 2; // numbers before the calls of a part: steps and calls
const HEAD = 2; // numbers before the parameters of a call: the kernel and how many there are

/** A kernel over some rows of matrices from a row on, step after step. */
export function rowsCall(
  kernels: Kernels,
  name: string,
  rows: { first: number; count: number },
  columns: number,
  matrices: readonly Moving[],
): Call {
  const parameters = [rows.count, columns], growth = [0, 0];
  for (const [at, apart, by] of matrices) {
    parameters.push(at + apart * rows.first, apart);
    growth.push(by, 0);
  }
  return { kernel: kernels.number[name], parameters, growth };
}

/**
 * Takes all rows of a batch through all steps, some of them on each thread.
 *
 * @param work The work of all of it, as a number of multiplications.
 * @param partsOf What is to be done for some of the rows.
 */
export function runByRows(
  threads: Threads,
  space: Space,
  batch: number,
  work: number,
  partsOf: (rows: { first: number; count: number }) => readonly Part[],
): void {
  const most = Math.max(1, Math.floor(batch / MIN_ROWS));
  const pieces = Math.min(threads.sharing(work), most);
  const scripts = Array.from({ length: pieces }, (_, i) => {
    const first = Math.floor(batch * i / pieces), end = Math.floor(batch * (i + 1) / pieces);
    return partsOf({ first, count: end - first }).filter(({ steps }) => steps > 0);
  });
  const lengths = scripts.map(lengthOf);
  const buffer = space.floatsOf(1, lengths.reduce((sum, length) => sum + length));
  const numbers = new Int32Array(buffer.buffer, buffer.byteOffset, buffer.length);
  let at = 0;
  const places = scripts.map((parts, i) => {
    write(numbers, at, parts);
    at += lengths[i];
    return {
      at: buffer.byteOffset + numbers.BYTES_PER_ELEMENT * (at - lengths[i]),
      length: lengths[i],
    };
  });
  threads.run(places);
  space.giveBack(buffer);
}

function lengthOf(parts: readonly Part[]): number {
  const ofCall = (sum: number, { parameters }: Call) => sum + HEAD + 2 * parameters.length;
  return parts.reduce((sum, { calls }) => sum + SIZES + calls.reduce(ofCall, 0), 0);
}

function write(numbers: Int32Array, at: number, parts: readonly Part[]): void {
  for (const { steps, calls } of parts) {
    numbers[at++] = steps;
    numbers[at++] = calls.length;
    for (const { kernel, parameters, growth } of calls) {
      numbers[at++] = kernel;
      numbers[at++] = parameters.length;
      numbers.set(parameters, at);
      numbers.set(growth, at + parameters.length);
      at += 2 * parameters.length;
    }
  }
}
