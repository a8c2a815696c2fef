/**
 * Every primitive op on many shapes, compared with its definition.
 *
 * @module
 */
import type { Backend, Indices, PrimitiveOps, Shape, Tensor } from "../backend.ts";
import {
  type BackendCase,
  check,
  checkNumbers,
  checkShape,
  checkThrows,
  randomNumbers,
} from "./compare.ts";
import { idsFrom, type Matrix, matrixOf, reference } from "./reference.ts";

/** The ops under test with constructors for their inputs: the backend's, or the reference's. */
interface Bench {
  ops: PrimitiveOps;
  tensor(data: ArrayLike<number>, shape: Shape): Tensor;
  indices(data: number[], bound: number): Indices;
}

interface OpCase {
  op: keyof PrimitiveOps;
  on: string;
  run(bench: Bench): { inputs: Tensor[]; output: Tensor };
}

const SHAPES: readonly Shape[] = [[1, 1], [1, 5], [7, 1], [2, 3], [5, 5], [3, 64], [33, 17]];
const SIZES = [[1, 1, 1], [1, 7, 5], [5, 1, 3], [4, 3, 1], [8, 8, 8], [3, 65, 9], [17, 6, 33]];

/** Returns the cases. */
export function primitiveCases(): BackendCase[] {
  return opCases().map(({ op, on, run }) => ({
    name: `${op}() ${on}`,
    async run(backend: Backend) {
      const expected = run({ ops: reference, tensor: matrixOf, indices: idsFrom });
      const made: Indices[] = [];
      const actual = run({
        ops: backend,
        tensor: (data, shape) => backend.tensor(data, shape),
        indices(data, bound) {
          made.push(backend.indices(data, bound));
          return made[0];
        },
      });
      checkShape(actual.output.shape, expected.output.shape, op);
      // update() consumes its first input; every other input must be unchanged.
      const kept = actual.inputs.slice(op === "update" ? 1 : 0);
      const before = expected.inputs.slice(op === "update" ? 1 : 0);
      const [output, ...inputs] = await backend.read([actual.output, ...kept]);
      checkNumbers(output, (expected.output as Matrix).rows.flat(), backend, op);
      for (const [i, input] of inputs.entries()) {
        checkNumbers(input, (before[i] as Matrix).rows.flat(), backend, `input ${i} after ${op}`);
      }
      if (op === "update") {
        checkThrows(() => backend.scale(actual.inputs[0], 1), "using a state after update()");
        check(actual.inputs[0] !== actual.output, "update() should return a fresh handle");
      }
      backend.dispose([actual.output, ...kept, ...made]);
    },
  }));
}

function opCases(): OpCase[] {
  const cases: OpCase[] = [];
  const numbers = ([rows, columns]: Shape, seed: number) => randomNumbers(rows * columns, seed);

  for (const shape of SHAPES) {
    const on = `on [${shape.join(", ")}]`;
    const [rows, columns] = shape;
    const unary = (op: keyof PrimitiveOps, apply: (ops: PrimitiveOps, a: Tensor) => Tensor) =>
      cases.push({
        op,
        on,
        run({ ops, tensor }) {
          const a = tensor(numbers(shape, 1), shape);
          return { inputs: [a], output: apply(ops, a) };
        },
      });
    const binary = (
      op: keyof PrimitiveOps,
      shapeB: Shape,
      apply: (ops: PrimitiveOps, a: Tensor, b: Tensor) => Tensor,
      what = on,
    ) =>
      cases.push({
        op,
        on: what,
        run({ ops, tensor }) {
          const a = tensor(numbers(shape, 1), shape), b = tensor(numbers(shapeB, 2), shapeB);
          return { inputs: [a, b], output: apply(ops, a, b) };
        },
      });
    const indexed = (
      op: keyof PrimitiveOps,
      ids: number[],
      bound: number,
      apply: (ops: PrimitiveOps, a: Tensor, ids: Indices) => Tensor,
    ) =>
      cases.push({
        op,
        on,
        run({ ops, tensor, indices }) {
          const a = tensor(numbers(shape, 1), shape);
          return { inputs: [a], output: apply(ops, a, indices(ids, bound)) };
        },
      });

    binary("add", shape, (ops, a, b) => ops.add(a, b));
    binary("subtract", shape, (ops, a, b) => ops.subtract(a, b));
    binary("multiply", shape, (ops, a, b) => ops.multiply(a, b));
    for (const step of [0, 1, 2]) {
      const sequence: Shape = [3 * rows, columns];
      binary(
        "add",
        sequence,
        (ops, a, b) => ops.add(a, b, step),
        `${on} and step ${step} of three`,
      );
      binary(
        "multiply",
        sequence,
        (ops, a, b) => ops.multiply(a, b, step),
        `${on} and step ${step} of three`,
      );
    }
    binary("addRow", [1, columns], (ops, a, row) => ops.addRow(a, row));
    binary("update", shape, (ops, a, b) => ops.update(a, b, { keep: 1, add: -0.5 }));
    binary(
      "update",
      shape,
      (ops, a, b) => ops.update(a, b, { keep: 0.75, add: 0.25 }),
      `${on} with decay`,
    );
    binary(
      "update",
      shape,
      (ops, a, b) => ops.update(a, b, { keep: 1, add: -0.5, clip: 0.75 }),
      `${on} with clipping`,
    );
    const touched = rows >= 3 ? [rows - 1, -1, 0, 1] : [-1, rows - 1];
    cases.push({
      op: "update",
      on: `${on}, some rows`,
      run({ ops, tensor, indices }) {
        const height: Shape = [touched.length, columns];
        const a = tensor(numbers(shape, 1), shape), b = tensor(numbers(height, 2), height);
        const options = { keep: 0.5, add: 2, clip: 1, rows: indices(touched, rows) };
        return { inputs: [a, b], output: ops.update(a, b, options) };
      },
    });
    unary("scale", (ops, a) => ops.scale(a, -2.5));
    binary("scale", [1, 1], (ops, a, b) => ops.scale(a, b), `${on} by a tensor`);
    binary("multiplyColumn", [rows, 1], (ops, a, b) => ops.multiplyColumn(a, b));
    cases.push({
      op: "divideByRoot",
      on,
      run({ ops, tensor }) {
        const squares = numbers(shape, 2).map((value) => value * value);
        const a = tensor(numbers(shape, 1), shape), b = tensor(squares, shape);
        return { inputs: [a, b], output: ops.divideByRoot(a, b, 1e-3) };
      },
    });
    unary("sumSquares", (ops, a) => ops.sumSquares(a));
    unary("sumRows", (ops, a) => ops.sumRows(a));
    unary("tanh", (ops, a) => ops.tanh(a));
    unary("tanhDerivative", (ops, a) => ops.tanhDerivative(a));
    unary("sigmoid", (ops, a) => ops.sigmoid(a));
    unary("sigmoidDerivative", (ops, a) => ops.sigmoidDerivative(a));
    unary("relu", (ops, a) => ops.relu(a));
    unary("reluDerivative", (ops, a) => ops.reluDerivative(a));
    unary("softmax", (ops, a) => ops.softmax(a));
    unary("logSoftmax", (ops, a) => ops.logSoftmax(a));
    unary("sliceRows", (ops, a) => ops.sliceRows(a, Math.floor(rows / 2), rows));
    unary("concatRows", (ops, a) => ops.concatRows([a]));
    const from = Math.floor(columns / 2);
    unary("sliceColumns", (ops, a) => ops.sliceColumns(a, from, columns));
    unary("concatColumns", (ops, a) => ops.concatColumns([a]));
    binary("concatColumns", [rows, 2], (ops, a, b) => ops.concatColumns([b, a, b, a]));
    binary("concatRows", [2, columns], (ops, a, b) => ops.concatRows([b, a, b, b, a, b, a, b, a]));

    // Some rows occur twice, some never, and some ids are -1.
    const someOf = (bound: number) => (_: unknown, i: number) => i % 4 === 3 ? -1 : (i * 5) % bound;
    indexed(
      "gatherRows",
      Array.from({ length: 9 }, someOf(rows)),
      rows,
      (ops, a, ids) => ops.gatherRows(a, ids),
    );
    indexed(
      "scatterRows",
      Array.from({ length: rows }, someOf(6)),
      6,
      (ops, a, ids) => ops.scatterRows(a, ids),
    );
    indexed(
      "maxRows",
      Array.from({ length: rows }, someOf(3)),
      3,
      (ops, a, ids) => ops.maxRows(a, ids),
    );
    cases.push({
      op: "maxRowsGradient",
      on: `${on}, some of them equal`,
      run({ ops, tensor, indices }) {
        const ids = indices(Array.from({ length: rows }, someOf(3)), 3);
        // Whole numbers from -1 to 1, so that the maximum usually occurs more than once.
        const few = numbers(shape, 1).map((value) => Math.max(-1, Math.min(1, Math.round(value))));
        const a = tensor(few, shape), dMax = tensor(numbers([3, columns], 2), [3, columns]);
        const max = ops.maxRows(a, ids);
        return { inputs: [a, dMax, max], output: ops.maxRowsGradient(dMax, max, a, ids) };
      },
    });
    indexed(
      "pick",
      Array.from({ length: rows }, someOf(columns)),
      columns,
      (ops, a, ids) => ops.pick(a, ids),
    );
    indexed(
      "oneHot",
      Array.from({ length: rows }, someOf(columns)),
      columns,
      (ops, _, ids) => ops.oneHot(ids),
    );
  }

  for (const [m, k, n] of SIZES) {
    for (const transposeA of [false, true]) {
      for (const transposeB of [false, true]) {
        const shapeA: Shape = transposeA ? [k, m] : [m, k];
        const shapeB: Shape = transposeB ? [n, k] : [k, n];
        cases.push({
          op: "matmul",
          on: `of a${transposeA ? "ᵀ" : ""} [${m}, ${k}] and b${
            transposeB ? "ᵀ" : ""
          } [${k}, ${n}]`,
          run({ ops, tensor }) {
            const a = tensor(numbers(shapeA, 1), shapeA), b = tensor(numbers(shapeB, 2), shapeB);
            return { inputs: [a, b], output: ops.matmul(a, b, { transposeA, transposeB }) };
          },
        });
      }
    }
  }

  for (const [square, bound] of [[0, 1], [0.25, 1], [100, 1], [1e6, 3]]) {
    cases.push({
      op: "clipFactor",
      on: `of ${square} within ${bound}`,
      run({ ops, tensor }) {
        const s = tensor([square], [1, 1]);
        return { inputs: [s], output: ops.clipFactor(s, bound) };
      },
    });
  }

  const extremes = (
    op: "tanh" | "sigmoid" | "softmax" | "logSoftmax",
    rows: number[][],
    on: string,
  ) =>
    cases.push({
      op,
      on,
      run({ ops, tensor }) {
        const a = tensor(rows.flat(), [rows.length, rows[0].length]);
        return { inputs: [a], output: ops[op](a) };
      },
    });
  extremes(
    "tanh",
    [[-1000, -200, -20, -9, -1e-3, -1e-7, 0, 1e-7, 1e-3, 9, 20, 200, 1000]],
    "of extreme arguments",
  );
  extremes("sigmoid", [[-1000, -100, -20, -1e-3, 0, 1e-3, 20, 100, 1000]], "of extreme arguments");
  extremes("softmax", [[1000, 999, -1000], [-1000, -1000, -1000]], "of large numbers");
  extremes("logSoftmax", [[1000, 999, -1000], [-1000, -1000, -1000]], "of large numbers");
  return cases;
}
