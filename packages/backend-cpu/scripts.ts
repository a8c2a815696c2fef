/**
 * Recurrences on threads. By rows of the batch a thread takes its rows through all steps, as no row
 * asks for another's, and all meet once, at the end. By units it takes all rows of some units, and
 * all meet after each step: where products are made by a library that packs the weights each time,
 * half of the rows take almost as long as all of them, and half of the units take half as long.
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
const MIN_UNITS = 16; // a line of a cache, which two threads should not write to
// How much more work than a kernel's call a recurrence is to be before it is shared: it is small in
// all where threads sleep in between, and to wake one takes as long as some two million multiplications.
const JOIN = 16;
const BYTES = 4; // of a number
const SIZES = 2; // numbers before the calls of a part: steps and calls
const HEAD = 2; // numbers before the parameters of a call: the kernel and how many there are

/** Some of the rows, or of the units. */
export interface Range {
  /** The first of them. */
  first: number;
  /** How many there are. */
  count: number;
}

/** A kernel over some rows of matrices, from a row and a column on, step after step. */
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

/** What a recurrence is, for threads. */
export interface Recurrence {
  /** The rows of a step. */
  batch: number;
  /** The units of a row. */
  hidden: number;
  /** The work of all of it, as a number of multiplications. */
  work: number;
  /** Whether threads take units rather than rows. */
  byUnits: boolean;
  /** How many of the first rows take part in each step, in the order of the steps. Default: all. */
  active?: readonly number[];
}

/**
 * Takes all rows of a batch through all steps, some rows or units on each thread.
 *
 * @param partsOf What is to be done for some of the rows and units.
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

/** The units at which pieces begin, and the end. */
function unitCuts(hidden: number, pieces: number): number[] {
  const all = hidden / MIN_UNITS;
  const cuts = Array.from({ length: pieces }, (_, i) => MIN_UNITS * Math.floor(all * i / pieces));
  return [...cuts, hidden];
}

/** The rows at which pieces begin, and the end, so that each has as many steps of rows to make. */
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

/** What is to be done for rows of which not all take part in each step. */
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
    let start = 0; // of a part, whose steps from `from` to `to` are taken
    for (const { steps, calls } of partsOf({ first, count })) {
      const skipped = Math.max(start, from) - start;
      const taken = Math.min(start + steps, to) - start - skipped;
      if (taken > 0) parts.push({ steps: taken, calls: calls.map((call) => later(call, skipped)) });
      start += steps;
    }
  }
  return parts;
}

/** A call some steps further on. */
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
