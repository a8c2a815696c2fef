/**
 * Recurrences on threads. Threads are assigned either rows or units. By rows, a thread computes all
 * steps of its rows, which do not depend on other rows, and the threads synchronize once, at the
 * end. By units, a thread computes some units of all rows, and all threads synchronize after each
 * step. The latter is for libraries that pack the weights at every call: there, half of the rows
 * take almost as long as all of them, but half of the units take half as long.
 *
 * The work of a thread is encoded as a script of numbers, which its program interprets: some kernel
 * calls, repeated for each step with addresses that advance from step to step.
 *
 * @module
 */
import type { Space } from "./space.ts";
import type { Threads } from "./threads.ts";
import type { Kernels } from "./wasm/kernels.ts";

/** A kernel's call at the first step, and each parameter's increment per step. */
export interface Call {
  /** The kernel's number. */
  kernel: number;
  /** The parameters at the first step, 32 bits each. */
  parameters: number[];
  /** Each parameter's increment per step. */
  growth: number[];
}

/** Calls in order, repeated for each of a number of steps. */
export interface Part {
  steps: number;
  calls: readonly Call[];
}

/** A matrix: its address at the first step, row stride and increment per step, in bytes. */
export type Moving = readonly [at: number, apart: number, growth: number];

// With fewer rows, tiles reuse each weight too rarely.
const MIN_ROWS = 2;
const MIN_UNITS = 16; // a cache line, which two threads should not both write to
// A recurrence is shared only if it is this many times larger than a kernel's call that is shared:
// threads sleep between recurrences, and waking one takes as long as two million multiplications.
const JOIN = 16;
const BYTES = 4; // per number
const SIZES = 2; // numbers before the calls of a part: steps and calls
const HEAD = 2; // numbers before the parameters of a call: the kernel and the parameter count

/** A range of rows or units. */
export interface Range {
  /** The first of them. */
  first: number;
  /** Their count. */
  count: number;
}

/** Creates a kernel's call over a range of rows and columns of matrices, advancing by step. */
export function rowsCall(
  kernels: Kernels,
  name: string,
  rows: Range,
  columns: Range,
  matrices: readonly Moving[],
): Call {
  const parameters = [rows.count, columns.count], growth = [0, 0];
  for (const [at, apart, by] of matrices) {
    parameters.push(at + apart * rows.first + BYTES * columns.first, apart);
    growth.push(by, 0);
  }
  return { kernel: kernels.number[name], parameters, growth };
}

/** The shape and the work of a recurrence. */
export interface Recurrence {
  /** The number of rows in a step. */
  batch: number;
  /** The number of units in a row. */
  hidden: number;
  /** The total work, in multiplications. */
  work: number;
  /** Whether threads are assigned units rather than rows. */
  byUnits: boolean;
  /** The number of active rows, the first ones, at each step. Default: all. */
  active?: readonly number[];
}

/**
 * Runs a recurrence for all rows and steps, with some rows or units on each thread.
 *
 * @param partsOf Returns the work for a range of rows and units.
 */
export function runRecurrence(
  threads: Threads,
  space: Space,
  { batch, hidden, work, byUnits, active }: Recurrence,
  partsOf: (rows: Range, units: Range) => readonly Part[],
): void {
  const most = byUnits ? Math.floor(hidden / MIN_UNITS) : Math.floor(batch / MIN_ROWS);
  const pieces = Math.max(1, Math.min(threads.sharing(work / JOIN), most));
  const cuts = byUnits ? unitCuts(hidden, pieces) : evenCuts(batch, pieces, active);
  const scripts = Array.from({ length: pieces }, (_, i) => {
    const own = { first: cuts[i], count: cuts[i + 1] - cuts[i] };
    const rows = byUnits ? { first: 0, count: batch } : own;
    const units = byUnits ? own : { first: 0, count: hidden };
    const parts = active
      ? activeParts(rows.first, rows.first + rows.count, (rows) => partsOf(rows, units), active)
      : partsOf(rows, units);
    return parts.filter(({ steps }) => steps > 0);
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
  threads.run(places, byUnits);
  space.giveBack(buffer);
}

/** Returns the first unit of each piece, and the end. */
function unitCuts(hidden: number, pieces: number): number[] {
  const all = hidden / MIN_UNITS;
  const cuts = Array.from({ length: pieces }, (_, i) => MIN_UNITS * Math.floor(all * i / pieces));
  return [...cuts, hidden];
}

/** Returns the first row of each piece, and the end, so that each has about the same work. */
function evenCuts(batch: number, pieces: number, active?: readonly number[]): number[] {
  if (!active) return Array.from({ length: pieces + 1 }, (_, i) => Math.floor(batch * i / pieces));
  const whole = active.reduce((sum, rows) => sum + rows, 0);
  const cuts = [0];
  for (let row = 0, sum = 0; row < batch; row++) {
    if (cuts.length < pieces && sum * pieces >= whole * cuts.length) cuts.push(row);
    for (const rows of active) if (rows > row) sum++;
  }
  while (cuts.length <= pieces) cuts.push(batch);
  return cuts;
}

/** Returns the work for a range of rows, not all of them active at every step. */
function activeParts(
  first: number,
  end: number,
  partsOf: (rows: { first: number; count: number }) => readonly Part[],
  active: readonly number[],
): Part[] {
  const parts: Part[] = [];
  for (let from = 0, to = 0; from < active.length; from = to) {
    while (to < active.length && active[to] === active[from]) to++;
    const count = Math.min(end, active[from]) - first;
    if (count <= 0) continue;
    let start = 0; // the first step of a part; only its steps from `from` to `to` are used
    for (const { steps, calls } of partsOf({ first, count })) {
      const skipped = Math.max(start, from) - start;
      const taken = Math.min(start + steps, to) - start - skipped;
      if (taken > 0) parts.push({ steps: taken, calls: calls.map((call) => later(call, skipped)) });
      start += steps;
    }
  }
  return parts;
}

/** Returns a call advanced by a number of steps. */
function later({ kernel, parameters, growth }: Call, steps: number): Call {
  return { kernel, parameters: parameters.map((each, i) => each + steps * growth[i]), growth };
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
