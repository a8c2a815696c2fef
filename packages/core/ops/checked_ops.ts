/**
 * The ops that core computes with: a backend's ops, with every shape checked before the call.
 *
 * @module
 */
import type { Backend, Ops } from "../backend.ts";
import {
  requireBackward,
  requireBound,
  requireChange,
  requireCrf,
  requireForward,
  requireLength,
  requireNormWeights,
  requireNumber,
  requireSgdSteps,
  requireShape,
  requireSpans,
  requireStep,
  shapeError,
  show,
} from "./shape_checks.ts";

/**
 * Returns the ops of a backend, with their shapes checked.
 *
 * The ops throw a `RangeError` that names the shapes if they do not match.
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
  if ("isChecked" in backend) return backend as Ops;
  const ops: Ops = {
    isChecked: true,
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
      if (data.length === 0) throw new RangeError("indices() expects at least one index, got none");
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
        throw shapeError("matmul()", `shapes that can be multiplied as ${name}`, { a, b });
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
        throw shapeError("addRow()", "one row as wide as a", { a, row });
      }
      return backend.addRow(a, row);
    },
    sumRows: (a) => backend.sumRows(a),
    multiplyColumn(a, column) {
      if (column.shape[0] !== a.shape[0] || column.shape[1] !== 1) {
        throw shapeError("multiplyColumn()", "one number for each row of a", { a, column });
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
      if (max.shape[1] !== a.shape[1]) {
        throw shapeError("maxRowsGradient()", "equal widths", { max, a });
      }
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
      if (end > a.shape[0]) throw shapeError("sliceRows()", `at least ${end} rows`, { a });
      return backend.sliceRows(a, start, end);
    },
    concatRows(parts) {
      if (parts.length === 0) throw new RangeError("concatRows() expects at least one part");
      for (const part of parts) {
        if (part.shape[1] !== parts[0].shape[1]) {
          throw shapeError("concatRows()", "parts of equal width", { first: parts[0], part });
        }
      }
      return backend.concatRows(parts);
    },
    sliceColumns(a, start, end) {
      if (!(Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start < end)) {
        throw new RangeError(`sliceColumns() expects 0 <= start < end, got ${start} and ${end}`);
      }
      if (end > a.shape[1]) throw shapeError("sliceColumns()", `at least ${end} columns`, { a });
      return backend.sliceColumns(a, start, end);
    },
    concatColumns(parts) {
      if (parts.length === 0) throw new RangeError("concatColumns() expects at least one part");
      for (const part of parts) {
        if (part.shape[0] !== parts[0].shape[0]) {
          throw shapeError("concatColumns()", "parts of equal height", { first: parts[0], part });
        }
      }
      return backend.concatColumns(parts);
    },
    update(state, change, options) {
      requireChange("update()", state, change, options.rows);
      return backend.update(state, change, options);
    },

    rnnForward: backend.rnnForward && ((inputs, h0, Whh, activation, active) => {
      requireForward("rnnForward()", 1, { inputs, h0, Whh }, active);
      return backend.rnnForward!(inputs, h0, Whh, activation, active);
    }),
    rnnBackward: backend.rnnBackward && ((dStates, states, Whh, batch, activation, active) => {
      requireBackward("rnnBackward()", 1, dStates, { states, Whh }, batch, active);
      return backend.rnnBackward!(dStates, states, Whh, batch, activation, active);
    }),
    lstmForward: backend.lstmForward && ((inputs, h0, c0, Whh, active) => {
      requireForward("lstmForward()", 4, { inputs, h0, Whh }, active);
      requireStep("lstmForward()", h0, c0);
      return backend.lstmForward!(inputs, h0, c0, Whh, active);
    }),
    lstmBackward: backend.lstmBackward && ((dStates, trace, Whh, batch, dCells, active) => {
      const tensors = { states: trace.states, Whh };
      requireBackward("lstmBackward()", 4, dStates, tensors, batch, active);
      if (dCells) requireStep("lstmBackward()", dStates, dCells);
      return backend.lstmBackward!(dStates, trace, Whh, batch, dCells, active);
    }),
    gruForward: backend.gruForward && ((inputs, h0, Whh, bhn, active) => {
      requireForward("gruForward()", 3, { inputs, h0, Whh }, active);
      if (bhn.shape[0] !== 1 || bhn.shape[1] !== h0.shape[1]) {
        throw shapeError("gruForward()", "one row as wide as h0", { bhn, h0 });
      }
      return backend.gruForward!(inputs, h0, Whh, bhn, active);
    }),
    gruBackward: backend.gruBackward && ((dStates, trace, Whh, batch, active) => {
      const tensors = { states: trace.states, Whh };
      requireBackward("gruBackward()", 3, dStates, tensors, batch, active);
      return backend.gruBackward!(dStates, trace, Whh, batch, active);
    }),
    normalize: backend.normalize && ((x) => backend.normalize!(x)),
    normalizeBackward: backend.normalizeBackward && ((dValues, normalized) => {
      requireStep("normalizeBackward()", dValues, normalized.values);
      return backend.normalizeBackward!(dValues, normalized);
    }),
    normLstmForward: backend.normLstmForward && ((inputs, h0, c0, weights, active) => {
      requireForward("normLstmForward()", 4, { inputs, h0, Whh: weights.Whh }, active);
      requireStep("normLstmForward()", h0, c0);
      requireNormWeights("normLstmForward()", weights);
      return backend.normLstmForward!(inputs, h0, c0, weights, active);
    }),
    normLstmBackward: backend.normLstmBackward &&
      ((dStates, trace, weights, batch, dCells, active) => {
        const tensors = { states: trace.states, Whh: weights.Whh };
        requireBackward("normLstmBackward()", 4, dStates, tensors, batch, active);
        requireNormWeights("normLstmBackward()", weights);
        if (dCells) requireStep("normLstmBackward()", dStates, dCells);
        return backend.normLstmBackward!(dStates, trace, weights, batch, dCells, active);
      }),
    attention: backend.attention && ((queries, memory, spans) => {
      requireSpans("attention()", queries, memory, spans);
      return backend.attention!(queries, memory, spans);
    }),
    attentionBackward: backend.attentionBackward &&
      ((dContexts, queries, memory, weights, spans) => {
        requireSpans("attentionBackward()", queries, memory, spans);
        requireStep("attentionBackward()", dContexts, queries);
        return backend.attentionBackward!(dContexts, queries, memory, weights, spans);
      }),
    crossEntropy: backend.crossEntropy && ((logits, labels, rowWeights) => {
      const [rows, columns] = logits.shape;
      if (labels.length !== rows || labels.bound !== columns) {
        throw new RangeError(
          `crossEntropy() expects a label below ${columns} for each of ${rows} rows, got ` +
            `${labels.length} below ${labels.bound}`,
        );
      }
      if (rowWeights.shape[0] !== rows || rowWeights.shape[1] !== 1) {
        throw shapeError("crossEntropy()", "a weight for each row", { logits, rowWeights });
      }
      return backend.crossEntropy!(logits, labels, rowWeights);
    }),
    crf: backend.crf && ((logits, weights, targets, batch, weight) => {
      requireCrf(logits, weights, targets, batch);
      return backend.crf!(logits, weights, targets, batch, weight);
    }),
    adam: backend.adam && ((W, m, v, gradient, options) => {
      requireStep("adam()", W, m);
      requireStep("adam()", W, v);
      requireChange("adam()", W, gradient, options.rows);
      return backend.adam!(W, m, v, gradient, options);
    }),
    rnnSgdSteps: backend.rnnSgdSteps && ((weights, examples, clip, activation) => {
      requireSgdSteps(weights, examples);
      return backend.rnnSgdSteps!(weights, examples, clip, activation);
    }),
  };
  return ops;
}
