/**
 * The ops that core computes with: a backend's own, every shape checked before the call, and each
 * fused op that it does not offer composed from primitives.
 *
 * @module
 */
import type {
  Backend,
  DescentExample,
  FusedOps,
  Indices,
  RnnWeights,
  Shape,
  Tensor,
} from "../backend.ts";
import { gruBackward, gruForward } from "../network/cells/gru.ts";
import { lstmBackward, lstmForward } from "../network/cells/lstm.ts";
import { rnnBackward, rnnForward } from "../network/cells/rnn.ts";
import { adam } from "../training/optimizer.ts";

/** A backend with every op there, fused or composed. */
export type Ops = Backend & FusedOps;

/**
 * The ops of a backend, with their shapes checked.
 *
 * The ops throw a `RangeError` that names the shapes when they do not fit together.
 *
 * @example
 * ```ts
 * import { opsOf } from "@unroll/core";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assertThrows } from "@std/assert";
 *
 * const ops = opsOf(createCpuBackend());
 * const a = ops.zeros([2, 3]);
 * assertThrows(() => ops.matmul(a, a), RangeError, "a [2, 3] and b [2, 3]");
 * ```
 */
export function opsOf(backend: Backend): Ops {
  const ops: Ops = {
    name: backend.name,
    dtype: backend.dtype,
    get live() {
      return backend.live;
    },

    tensor(data, shape) {
      requireShape("tensor()", shape);
      if (data.length !== shape[0] * shape[1]) {
        throw new RangeError(
          `tensor() expects ${shape[0] * shape[1]} numbers for ${show(shape)}, got ${data.length}`,
        );
      }
      return backend.tensor(data, shape);
    },
    zeros(shape) {
      requireShape("zeros()", shape);
      return backend.zeros(shape);
    },
    indices(data, bound) {
      if (data.length === 0) throw new RangeError("indices() expects at least one, got none");
      for (let i = 0; i < data.length; i++) {
        if (!(Number.isInteger(data[i]) && data[i] >= -1 && data[i] < bound)) {
          throw new RangeError(
            `indices() expects whole numbers from -1 to below ${bound}, got ${data[i]} at ${i}`,
          );
        }
      }
      return backend.indices(data, bound);
    },
    read: (tensors) => backend.read(tensors),
    scope: (fn) => backend.scope(fn),
    dispose: (...given) => backend.dispose(...given),
    [Symbol.dispose]: () => backend.dispose(),

    matmul(a, b, options = {}) {
      const k = a.shape[options.transposeA ? 0 : 1];
      if (k !== b.shape[options.transposeB ? 1 : 0]) {
        const name = `a${options.transposeA ? "ᵀ" : ""} b${options.transposeB ? "ᵀ" : ""}`;
        misfit("matmul()", `shapes that ${name} can be made of`, { a, b });
      }
      return backend.matmul(a, b, options);
    },
    add(a, b, step) {
      requireStep("add()", a, b, step);
      return backend.add(a, b, step);
    },
    subtract(a, b) {
      requireStep("subtract()", a, b);
      return backend.subtract(a, b);
    },
    multiply(a, b, step) {
      requireStep("multiply()", a, b, step);
      return backend.multiply(a, b, step);
    },
    scale(a, factor) {
      if (typeof factor !== "number") requireNumber("scale()", factor);
      return backend.scale(a, factor);
    },
    addRow(a, row) {
      if (row.shape[0] !== 1 || row.shape[1] !== a.shape[1]) {
        misfit("addRow()", "one row as wide as a", { a, row });
      }
      return backend.addRow(a, row);
    },
    sumRows: (a) => backend.sumRows(a),
    multiplyColumn(a, column) {
      if (column.shape[0] !== a.shape[0] || column.shape[1] !== 1) {
        misfit("multiplyColumn()", "one number for each row of a", { a, column });
      }
      return backend.multiplyColumn(a, column);
    },
    divideByRoot(a, b, epsilon) {
      requireStep("divideByRoot()", a, b);
      return backend.divideByRoot(a, b, epsilon);
    },
    sumSquares: (a) => backend.sumSquares(a),
    clipFactor(s, bound) {
      requireNumber("clipFactor()", s);
      return backend.clipFactor(s, bound);
    },
    tanh: (a) => backend.tanh(a),
    tanhDerivative: (h) => backend.tanhDerivative(h),
    sigmoid: (a) => backend.sigmoid(a),
    sigmoidDerivative: (s) => backend.sigmoidDerivative(s),
    relu: (a) => backend.relu(a),
    reluDerivative: (h) => backend.reluDerivative(h),
    softmax: (a) => backend.softmax(a),
    logSoftmax: (a) => backend.logSoftmax(a),
    gatherRows(table, rows) {
      requireBound("gatherRows()", rows, table.shape[0], "the table's rows");
      return backend.gatherRows(table, rows);
    },
    scatterRows(a, rows) {
      requireLength("scatterRows()", a, rows);
      return backend.scatterRows(a, rows);
    },
    maxRows(a, rows) {
      requireLength("maxRows()", a, rows);
      return backend.maxRows(a, rows);
    },
    maxRowsGradient(dMax, max, a, rows) {
      requireLength("maxRowsGradient()", a, rows);
      requireBound("maxRowsGradient()", rows, max.shape[0], "the maxima's rows");
      if (max.shape[1] !== a.shape[1]) misfit("maxRowsGradient()", "one width", { max, a });
      requireStep("maxRowsGradient()", dMax, max);
      return backend.maxRowsGradient(dMax, max, a, rows);
    },
    pick(a, columns) {
      requireLength("pick()", a, columns);
      requireBound("pick()", columns, a.shape[1], "a's columns");
      return backend.pick(a, columns);
    },
    oneHot: (columns) => backend.oneHot(columns),
    sliceRows(a, start, end) {
      if (!(Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start < end)) {
        throw new RangeError(`sliceRows() expects 0 <= start < end, got ${start} and ${end}`);
      }
      if (end > a.shape[0]) misfit("sliceRows()", `at least ${end} rows`, { a });
      return backend.sliceRows(a, start, end);
    },
    concatRows(parts) {
      if (parts.length === 0) throw new RangeError("concatRows() expects at least one part");
      for (const part of parts) {
        if (part.shape[1] !== parts[0].shape[1]) {
          misfit("concatRows()", "parts of one width", { first: parts[0], part });
        }
      }
      return backend.concatRows(parts);
    },
    sliceColumns(a, start, end) {
      if (!(Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start < end)) {
        throw new RangeError(`sliceColumns() expects 0 <= start < end, got ${start} and ${end}`);
      }
      if (end > a.shape[1]) misfit("sliceColumns()", `at least ${end} columns`, { a });
      return backend.sliceColumns(a, start, end);
    },
    concatColumns(parts) {
      if (parts.length === 0) throw new RangeError("concatColumns() expects at least one part");
      for (const part of parts) {
        if (part.shape[0] !== parts[0].shape[0]) {
          misfit("concatColumns()", "parts of one height", { first: parts[0], part });
        }
      }
      return backend.concatColumns(parts);
    },
    update(state, change, options) {
      requireChange("update()", state, change, options.rows);
      return backend.update(state, change, options);
    },

    rnnForward(inputs, h0, Whh, activation) {
      requireForward("rnnForward()", 1, { inputs, h0, Whh });
      return backend.rnnForward?.(inputs, h0, Whh, activation) ??
        rnnForward(ops, inputs, h0, Whh, activation);
    },
    rnnBackward(dStates, states, Whh, batch, activation) {
      requireBackward("rnnBackward()", 1, dStates, { states, Whh }, batch);
      return backend.rnnBackward?.(dStates, states, Whh, batch, activation) ??
        rnnBackward(ops, dStates, states, Whh, batch, activation);
    },
    lstmForward(inputs, h0, c0, Whh) {
      requireForward("lstmForward()", 4, { inputs, h0, Whh });
      requireStep("lstmForward()", h0, c0);
      return backend.lstmForward?.(inputs, h0, c0, Whh) ?? lstmForward(ops, inputs, h0, c0, Whh);
    },
    lstmBackward(dStates, trace, Whh, batch, dCells) {
      requireBackward("lstmBackward()", 4, dStates, { states: trace.states, Whh }, batch);
      if (dCells) requireStep("lstmBackward()", dStates, dCells);
      return backend.lstmBackward?.(dStates, trace, Whh, batch, dCells) ??
        lstmBackward(ops, dStates, trace, Whh, batch, dCells);
    },
    gruForward(inputs, h0, Whh, bhn) {
      requireForward("gruForward()", 3, { inputs, h0, Whh });
      if (bhn.shape[0] !== 1 || bhn.shape[1] !== h0.shape[1]) {
        misfit("gruForward()", "one row as wide as h0", { bhn, h0 });
      }
      return backend.gruForward?.(inputs, h0, Whh, bhn) ?? gruForward(ops, inputs, h0, Whh, bhn);
    },
    gruBackward(dStates, trace, Whh, batch) {
      requireBackward("gruBackward()", 3, dStates, { states: trace.states, Whh }, batch);
      return backend.gruBackward?.(dStates, trace, Whh, batch) ??
        gruBackward(ops, dStates, trace, Whh, batch);
    },
    adam(W, m, v, gradient, options) {
      requireStep("adam()", W, m);
      requireStep("adam()", W, v);
      requireChange("adam()", W, gradient, options.rows);
      return backend.adam?.(W, m, v, gradient, options) ??
        adam(ops, W, m, v, gradient, options);
    },
    rnnDescent: backend.rnnDescent && ((weights, examples, clip, activation) => {
      requireDescent(weights, examples);
      return backend.rnnDescent!(weights, examples, clip, activation);
    }),
  };
  return ops;
}

function show(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

function misfit(op: string, expected: string, tensors: Record<string, Tensor>): never {
  const given = Object.entries(tensors).map(([name, tensor]) => `${name} ${show(tensor.shape)}`);
  throw new RangeError(`${op} expects ${expected}, got ${given.join(" and ")}`);
}

function requireNumber(op: string, a: Tensor): void {
  if (a.shape[0] !== 1 || a.shape[1] !== 1) misfit(op, "a tensor [1, 1]", { a });
}

function requireForward(
  op: string,
  gates: number,
  tensors: Record<"inputs" | "h0" | "Whh", Tensor>,
): void {
  const { inputs, h0, Whh } = tensors;
  const [batch, hidden] = h0.shape;
  const width = gates * hidden;
  const fits = inputs.shape[1] === width && Whh.shape[1] === width && Whh.shape[0] === hidden;
  if (fits && inputs.shape[0] % batch === 0) return;
  const columns = gates === 1 ? "hidden" : `${gates} * hidden`;
  const expected = `[timeSteps * batch, ${columns}], [batch, hidden], [hidden, ${columns}]`;
  misfit(op, expected, tensors);
}

function requireBackward(
  op: string,
  gates: number,
  dStates: Tensor,
  tensors: Record<"states" | "Whh", Tensor>,
  batch: number,
): void {
  const { states, Whh } = tensors;
  requireStep(op, dStates, states);
  const [rows, hidden] = states.shape;
  const fits = Whh.shape[0] === hidden && Whh.shape[1] === gates * hidden;
  if (fits && rows % batch === 0 && rows >= 2 * batch) return;
  const columns = gates === 1 ? "hidden" : `${gates} * hidden`;
  misfit(op, `[(timeSteps + 1) * ${batch}, hidden] and [hidden, ${columns}]`, tensors);
}

function requireDescent(
  { Wxh, Whh, bh, Why, by }: RnnWeights,
  examples: readonly DescentExample[],
): void {
  const [hidden, labels] = Why.shape, [words] = Wxh.shape;
  const fits = [
    [Wxh, words, hidden] as const,
    [Whh, hidden, hidden] as const,
    [bh, 1, hidden] as const,
    [by, 1, labels] as const,
  ].every(([{ shape }, rows, columns]) => shape[0] === rows && shape[1] === columns);
  if (!fits) misfit("rnnDescent()", "the weights of one network", { Wxh, Whh, bh, Why, by });
  const isId = (id: number, least: number, bound: number) =>
    Number.isInteger(id) && id >= least && id < bound;
  const bad = examples.find(({ words: ids, label }) =>
    !isId(label, 0, labels) || !ids.every((id) => isId(id, -1, words))
  );
  if (!bad && examples.length > 0) return;
  throw new RangeError(
    `rnnDescent() expects examples of words below ${words} and labels below ${labels}, got ` +
      (bad ? `[${bad.words}] with ${bad.label}` : "none"),
  );
}

function requireShape(op: string, shape: Shape): void {
  if (shape.length !== 2 || !shape.every((size) => Number.isInteger(size) && size > 0)) {
    throw new RangeError(`${op} expects two sizes of at least 1, got ${show(shape)}`);
  }
}

function requireStep(op: string, a: Tensor, b: Tensor, step?: number): void {
  const [rows, columns] = a.shape;
  if (step === undefined) {
    if (b.shape[0] !== rows || b.shape[1] !== columns) misfit(op, "equal shapes", { a, b });
    return;
  }
  const inside = Number.isInteger(step) && step >= 0 && (step + 1) * rows <= b.shape[0];
  if (b.shape[1] !== columns || b.shape[0] % rows || !inside) {
    misfit(op, `step ${step} of b to have a's shape`, { a, b });
  }
}

function requireChange(op: string, state: Tensor, change: Tensor, rows?: Indices): void {
  if (!rows) return requireStep(op, state, change);
  requireLength(op, change, rows);
  requireBound(op, rows, state.shape[0], "the state's rows");
  if (change.shape[1] !== state.shape[1]) misfit(op, "one width", { state, change });
}

function requireBound(op: string, indices: Indices, size: number, what: string): void {
  if (indices.bound !== size) {
    throw new RangeError(`${op} expects indices bounded by ${what}, ${size}, got ${indices.bound}`);
  }
}

function requireLength(op: string, a: Tensor, indices: Indices): void {
  if (indices.length !== a.shape[0]) {
    throw new RangeError(
      `${op} expects an index for each row of a ${show(a.shape)}, got ${indices.length}`,
    );
  }
}
