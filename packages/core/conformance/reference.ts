/**
 * The primitive ops by their definitions, in float64 on arrays of rows: slow, but simple enough to
 * be obviously correct.
 *
 * @module
 */
import type { Indices, PrimitiveOps, Shape, Tensor } from "../backend.ts";

/** A tensor stored as rows of numbers. */
export interface Matrix extends Tensor {
  readonly rows: number[][];
}

interface Ids extends Indices {
  readonly ids: number[];
}

const rowsOf = (tensor: Tensor) => (tensor as Matrix).rows;
const idsOf = (indices: Indices) => (indices as Ids).ids;

/** Creates a matrix from rows. */
export function matrix(rows: number[][]): Matrix {
  return { rows, shape: [rows.length, rows[0].length] };
}

/** Creates a matrix from numbers, row by row. */
export function matrixOf(data: ArrayLike<number>, [rows, columns]: Shape): Matrix {
  return matrix(table(rows, columns, (i, j) => data[i * columns + j]));
}

/** Creates indices from numbers. */
export function idsFrom(ids: number[], bound: number): Ids {
  return { ids, bound, length: ids.length };
}

function table(rows: number, columns: number, at: (i: number, j: number) => number): number[][] {
  return Array.from(
    { length: rows },
    (_, i) => Array.from({ length: columns }, (_, j) => at(i, j)),
  );
}

function map(a: Tensor, fn: (value: number, i: number, j: number) => number): Matrix {
  return matrix(rowsOf(a).map((row, i) => row.map((value, j) => fn(value, i, j))));
}

function transposed(rows: number[][]): number[][] {
  return rows[0].map((_, j) => rows.map((row) => row[j]));
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function logSoftmaxRow(row: number[]): number[] {
  const largest = Math.max(...row);
  const logSum = Math.log(sum(row.map((value) => Math.exp(value - largest))));
  return row.map((value) => value - largest - logSum);
}

/** The reference implementation of every primitive op. */
export const reference: PrimitiveOps = {
  matmul(a, b, { transposeA, transposeB } = {}) {
    const left = transposeA ? transposed(rowsOf(a)) : rowsOf(a);
    const columns = transposeB ? rowsOf(b) : transposed(rowsOf(b));
    return matrix(
      left.map((row) => columns.map((column) => sum(row.map((x, p) => x * column[p])))),
    );
  },
  add: (a, b, step = 0) => map(a, (x, i, j) => x + rowsOf(b)[step * a.shape[0] + i][j]),
  subtract: (a, b) => map(a, (x, i, j) => x - rowsOf(b)[i][j]),
  multiply: (a, b, step = 0) => map(a, (x, i, j) => x * rowsOf(b)[step * a.shape[0] + i][j]),
  scale: (a, factor) =>
    map(a, (x) => x * (typeof factor === "number" ? factor : rowsOf(factor)[0][0])),
  addRow: (a, row) => map(a, (x, _, j) => x + rowsOf(row)[0][j]),
  sumRows: (a) => matrix([transposed(rowsOf(a)).map(sum)]),
  multiplyColumn: (a, column) => map(a, (x, i) => x * rowsOf(column)[i][0]),
  divideByRoot: (a, b, epsilon) => map(a, (x, i, j) => x / (Math.sqrt(rowsOf(b)[i][j]) + epsilon)),
  sumSquares: (a) => matrix([[sum(rowsOf(a).flat().map((x) => x * x))]]),
  clipFactor: (s, bound) => map(s, (x) => Math.min(1, bound / (Math.sqrt(x) + 1e-6))),
  tanh: (a) => map(a, Math.tanh),
  tanhDerivative: (h) => map(h, (x) => 1 - x * x),
  sigmoid: (a) => map(a, (x) => 1 / (1 + Math.exp(-x))),
  sigmoidDerivative: (s) => map(s, (x) => x * (1 - x)),
  relu: (a) => map(a, (x) => Math.max(0, x)),
  reluDerivative: (h) => map(h, (x) => x > 0 ? 1 : 0),
  softmax: (a) => matrix(rowsOf(a).map((row) => logSoftmaxRow(row).map(Math.exp))),
  logSoftmax: (a) => matrix(rowsOf(a).map(logSoftmaxRow)),
  gatherRows(source, rows) {
    const zeros = Array.from({ length: source.shape[1] }, () => 0);
    return matrix(idsOf(rows).map((id) => id < 0 ? zeros : rowsOf(source)[id]));
  },
  scatterRows(a, rows) {
    const at = (id: number, j: number) =>
      sum(rowsOf(a).map((r, i) => idsOf(rows)[i] === id ? r[j] : 0));
    return matrix(table(rows.bound, a.shape[1], at));
  },
  pick: (a, columns) => matrix(idsOf(columns).map((id, i) => [id < 0 ? 0 : rowsOf(a)[i][id]])),
  oneHot: (columns) =>
    matrix(table(columns.length, columns.bound, (i, j) => idsOf(columns)[i] === j ? 1 : 0)),
  sliceRows: (a, start, end) => matrix(rowsOf(a).slice(start, end)),
  concatRows: (parts) => matrix(parts.flatMap(rowsOf)),
  maxRows(a, rows) {
    const at = (id: number, j: number) => {
      const values = rowsOf(a).filter((_, i) => idsOf(rows)[i] === id).map((row) => row[j]);
      return values.length > 0 ? Math.max(...values) : 0;
    };
    return matrix(table(rows.bound, a.shape[1], at));
  },
  maxRowsGradient(dMax, max, a, rows) {
    const ids = idsOf(rows);
    return map(a, (_, i, j) => {
      if (ids[i] < 0) return 0;
      const has = (row: number[], k: number) =>
        ids[k] === ids[i] && row[j] === rowsOf(max)[ids[i]][j];
      return rowsOf(a).findIndex(has) === i ? rowsOf(dMax)[ids[i]][j] : 0;
    });
  },
  sliceColumns: (a, start, end) => matrix(rowsOf(a).map((row) => row.slice(start, end))),
  concatColumns: (parts) =>
    matrix(rowsOf(parts[0]).map((_, i) => parts.flatMap((part) => rowsOf(part)[i]))),
  update: (state, change, { keep, add, rows, clip = Infinity }) =>
    map(state, (x, i, j) => {
      const from = rows ? idsOf(rows).indexOf(i) : i;
      if (from < 0) return x;
      return keep * x + add * Math.max(-clip, Math.min(clip, rowsOf(change)[from][j]));
    }),
};
