/**
 * Dot-product attention, sentence by sentence: the rows of each sentence are gathered, so that its
 * products are only as large as its own lengths.
 *
 * Sums have the same terms in the same order as in core's composition, which works on several
 * sentences at once and masks the rest; only its zeros are missing. Results are bitwise identical.
 *
 * @module
 */
import type { AttentionSpans } from "@unroll/core";
import type { Numbers } from "./loops.ts";
import { type Place, REUSED } from "./matrix_products.ts";
import type { Space } from "./space.ts";
import type { KernelContext } from "./steps.ts";
import { PANEL } from "./wasm/tiles.ts";

const BYTES = 4; // per number
const VECTOR = 4; // numbers that softmax sums separately
const MASKED = -3.4e38; // a score whose exponential is 0

/** A matrix, row-major. */
export interface Matrix {
  data: Numbers;
  columns: number;
}

/** A sentence: its rows, and the columns of its keys within its group. */
interface Sentence {
  /** The rows of its queries. */
  queries: number[];
  /** The rows of its keys. */
  keys: number[];
  /** The column of its first key in its group. */
  first: number;
  /** The number of columns in its group. */
  columns: number;
  /** The column of its group from which scores are computed by the kernel `dot`. */
  tiled: number;
}

/** Returns the sentences that have queries. */
function sentencesOf(spans: AttentionSpans, isTiled: boolean): Sentence[] {
  const { lengths, sourceSteps, targetSteps, places, together } = spans;
  const batch = lengths.length;
  const queries = lengths.map((): number[] => []);
  for (const [row, place] of places.entries()) if (place >= 0) queries[place % batch].push(row);
  return lengths.map((length, i) => {
    const begin = i - i % together, count = Math.min(together, batch - begin);
    const columns = count * sourceSteps;
    const whole = columns - columns % PANEL;
    return {
      queries: queries[i],
      keys: Array.from({ length }, (_, t) => t * batch + i),
      first: (i - begin) * sourceSteps,
      columns,
      tiled: !isTiled ? columns : count * targetSteps < REUSED ? 0 : whole,
    };
  }).filter(({ queries }) => queries.length > 0);
}

/** Scratch space, sized for the largest of the sentences. */
interface Scratch {
  q: Numbers;
  k: Numbers;
  scores: Numbers;
  window: Numbers;
  facts: Numbers;
  packed: Numbers;
  /** For results, and for gradients. */
  rows: Numbers[];
}

function withScratch(
  space: Space,
  sentences: readonly Sentence[],
  hidden: number,
  fn: (scratch: Scratch) => void,
): void {
  let m = 2, n = PANEL;
  for (const { queries, keys } of sentences) {
    m = Math.max(m, queries.length);
    n = Math.max(n, keys.length);
  }
  n += PANEL + 2 * VECTOR;
  const taken: Numbers[] = [];
  const take = (rows: number, columns: number) => {
    const data = space.floatsOf(rows, columns);
    taken.push(data);
    return data;
  };
  try {
    fn({
      q: take(m, hidden),
      k: take(n, hidden),
      scores: take(m, n),
      window: take(m, n),
      facts: take(m, 2),
      packed: take(n, hidden),
      rows: [take(Math.max(m, n), hidden), take(Math.max(m, n), hidden)],
    });
  } finally {
    for (const data of taken) space.giveBack(data);
  }
}

function straight(data: Numbers, columns: number): Place {
  return { at: data.byteOffset, row: BYTES * columns, column: BYTES };
}

function transposed(data: Numbers, columns: number): Place {
  return { at: data.byteOffset, row: BYTES, column: BYTES * columns };
}

/** Copies the given rows of a matrix one after another, followed by zeros up to `most` rows. */
function gather(to: Numbers, { data, columns }: Matrix, rows: readonly number[], most: number) {
  for (const [i, row] of rows.entries()) {
    to.set(data.subarray(row * columns, (row + 1) * columns), i * columns);
  }
  to.fill(0, rows.length * columns, most * columns);
}

/** Copies consecutive rows back to the given rows of a matrix. */
function scatter({ data, columns }: Matrix, from: Numbers, rows: readonly number[]) {
  for (const [i, row] of rows.entries()) {
    data.set(from.subarray(i * columns, (i + 1) * columns), row * columns);
  }
}

/** Computes a kᵀ for a sentence's keys, `[rows, width]`, and returns the width. */
function timesKeys(
  { products, kernels: { run } }: KernelContext,
  { k, scores, packed }: Scratch,
  a: Numbers,
  rows: number,
  hidden: number,
  { keys, first, tiled }: Sentence,
): number {
  const width = keys.length + (PANEL - keys.length % PANEL) % PANEL;
  const isPacked = products.packedColumns(width) > 0;
  const n = isPacked ? width : keys.length;
  const keysTransposed = transposed(k, hidden);
  if (isPacked) products.pack(packed.byteOffset, keysTransposed, hidden, n);
  const at = isPacked ? packed.byteOffset : undefined;
  const out = scores.byteOffset;
  // At least two rows, because a single one is computed by another kernel; the second is zeros.
  const most = isPacked ? Math.max(2, rows) : rows;
  products.add(out, straight(a, hidden), keysTransposed, most, hidden, n, at, true);
  const dots = Math.max(0, tiled - first); // the first column computed by the kernel `dot`
  if (dots >= keys.length) return n;
  const count = keys.length - dots, to = out + BYTES * dots;
  run.fill(rows, count, to, BYTES * n, 0);
  const b = k.byteOffset + BYTES * hidden * dots;
  run.dot(
    to,
    a.byteOffset,
    b,
    rows,
    hidden,
    count,
    BYTES * n,
    BYTES * hidden,
    BYTES,
    BYTES * hidden,
  );
  return n;
}

/** Softmax over the scores of a sentence's keys, aligned to vectors as within its group. */
function softmax(
  { kernels: { run } }: KernelContext,
  { scores, window, facts }: Scratch,
  rows: number,
  scoresWidth: number,
  { keys, first, columns }: Sentence,
): { skipped: number; width: number } {
  const skipped = first % VECTOR;
  const vectors = columns - columns % VECTOR; // the rest of a group's row is summed one by one
  const begin = first - skipped, last = first + keys.length;
  const rounded = last + (VECTOR - last % VECTOR) % VECTOR;
  const width = (rounded > vectors ? columns : rounded) - begin;
  const at = window.byteOffset;
  run.fill(1, rows * width, at, 0, MASKED);
  const to = at + BYTES * skipped;
  run.copy(rows, keys.length, scores.byteOffset, BYTES * scoresWidth, to, BYTES * width);
  run.softmax(at, at, facts.byteOffset, rows, width);
  return { skipped, width };
}

/**
 * Computes the contexts of all queries, and their weights over the time steps of their own source.
 * Contexts and weights must be zero before the call; entries of padding stay zero.
 */
export function attend(
  context: KernelContext,
  queries: Matrix,
  memory: Matrix,
  contexts: Matrix,
  weights: Matrix,
  spans: AttentionSpans,
): void {
  const { products } = context, hidden = queries.columns;
  const sentences = sentencesOf(spans, products.packedColumns(PANEL) > 0);
  withScratch(context.space, sentences, hidden, (scratch) => {
    for (const sentence of sentences) {
      const m = sentence.queries.length, n = sentence.keys.length;
      gather(scratch.q, queries, sentence.queries, Math.max(2, m));
      gather(scratch.k, memory, sentence.keys, n + PANEL);
      const width = timesKeys(context, scratch, scratch.q, m, hidden, sentence);
      const row = softmax(context, scratch, m, width, sentence);
      const a = { at: scratch.window.byteOffset + BYTES * row.skipped, row: BYTES * row.width };
      const [out] = scratch.rows, k = straight(scratch.k, hidden);
      products.add(out.byteOffset, { ...a, column: BYTES }, k, m, n, hidden, undefined, true);
      scatter(contexts, out, sentence.queries);
      for (const [i, query] of sentence.queries.entries()) {
        const from = i * row.width + row.skipped;
        weights.data.set(scratch.window.subarray(from, from + n), query * weights.columns);
      }
    }
  });
}

/** Computes the gradients of the queries and the memory; both must be zero before the call. */
export function attendBack(
  context: KernelContext,
  dContexts: Matrix,
  queries: Matrix,
  memory: Matrix,
  weights: Matrix,
  dQueries: Matrix,
  dMemory: Matrix,
  spans: AttentionSpans,
): void {
  const { products, kernels: { run } } = context, hidden = queries.columns;
  const sentences = sentencesOf(spans, products.packedColumns(PANEL) > 0);
  withScratch(context.space, sentences, hidden, (scratch) => {
    const [out, dContext] = scratch.rows;
    for (const sentence of sentences) {
      const m = sentence.queries.length, n = sentence.keys.length;
      gather(dContext, dContexts, sentence.queries, Math.max(2, m));
      gather(scratch.k, memory, sentence.keys, n + PANEL);
      const width = timesKeys(context, scratch, dContext, m, hidden, sentence);
      const a = scratch.window, dScores = scratch.scores;
      // Softmax backward, row by row: a ⊙ (da - Σ a ⊙ da).
      for (const [i, query] of sentence.queries.entries()) {
        const from = query * weights.columns;
        let sum = 0;
        for (let j = 0; j < n; j++) {
          const weight = weights.data[from + j];
          a[i * n + j] = weight;
          sum = Math.fround(sum + Math.fround(weight * dScores[i * width + j]));
        }
        for (let j = 0; j < n; j++) {
          const weight = a[i * n + j], at = i * width + j;
          dScores[at] = Math.fround(weight * dScores[at]) - Math.fround(weight * sum);
        }
      }
      const scores = straight(dScores, width), k = straight(scratch.k, hidden);
      products.add(out.byteOffset, scores, k, m, n, hidden, undefined, true);
      scatter(dQueries, out, sentence.queries);
      gather(scratch.q, queries, sentence.queries, m);
      const q = straight(scratch.q, hidden), dc = straight(dContext, hidden);
      const sum = out.byteOffset, other = scratch.k.byteOffset; // the keys are no longer needed
      products.add(sum, transposed(a, n), dc, n, m, hidden, undefined, true);
      products.add(other, transposed(dScores, width), q, n, m, hidden, undefined, true);
      run.add(1, n * hidden, sum, 0, other, 0, sum, 0);
      scatter(dMemory, out, sentence.keys);
    }
  });
}
