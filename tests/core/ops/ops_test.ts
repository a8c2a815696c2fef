import { createCpuBackend } from "@unroll/backend-cpu";
import { type Ops, opsOf } from "@unroll/core";
import { assertThrows } from "@std/assert";

const ops = opsOf(createCpuBackend());
const zeros = (rows: number, columns: number) => ops.zeros([rows, columns]);

const misfits: [string, (ops: Ops) => unknown, string][] = [
  ["tensor()", () => ops.tensor([1, 2, 3], [2, 2]), "4 numbers for [2, 2], got 3"],
  ["zeros()", () => zeros(0, 3), "two sizes of at least 1, got [0, 3]"],
  ["indices()", () => ops.indices([0, 4], 4), "from -1 to below 4, got 4 at 1"],
  ["indices()", () => ops.indices([0.5], 4), "got 0.5 at 0"],
  ["indices()", () => ops.indices([], 4), "at least one"],
  ["matmul()", () => ops.matmul(zeros(2, 3), zeros(2, 3)), "a [2, 3] and b [2, 3]"],
  [
    "matmul()",
    () => ops.matmul(zeros(2, 3), zeros(3, 2), { transposeA: true }),
    "multiplied as aᵀ b, got a [2, 3] and b [3, 2]",
  ],
  ["add()", () => ops.add(zeros(2, 3), zeros(3, 2)), "a [2, 3] and b [3, 2]"],
  ["add()", () => ops.add(zeros(2, 3), zeros(6, 3), 3), "step 3 of b"],
  ["add()", () => ops.add(zeros(2, 3), zeros(6, 3)), "equal shapes, got a [2, 3] and b [6, 3]"],
  ["multiply()", () => ops.multiply(zeros(2, 3), zeros(5, 3), 0), "a [2, 3] and b [5, 3]"],
  ["subtract()", () => ops.subtract(zeros(1, 1), zeros(1, 2)), "a [1, 1] and b [1, 2]"],
  ["addRow()", () => ops.addRow(zeros(2, 3), zeros(2, 3)), "a [2, 3] and row [2, 3]"],
  ["gatherRows()", () => ops.gatherRows(zeros(3, 2), ops.indices([0], 4)), "rows, 3, got 4"],
  ["scatterRows()", () => ops.scatterRows(zeros(3, 2), ops.indices([0], 4)), "a [3, 2], got 1"],
  ["pick()", () => ops.pick(zeros(1, 2), ops.indices([0], 3)), "a's columns, 2, got 3"],
  ["sliceRows()", () => ops.sliceRows(zeros(3, 2), 1, 4), "at least 4 rows, got a [3, 2]"],
  ["sliceRows()", () => ops.sliceRows(zeros(3, 2), 2, 2), "got 2 and 2"],
  [
    "concatRows()",
    () => ops.concatRows([zeros(1, 2), zeros(1, 3)]),
    "first [1, 2] and part [1, 3]",
  ],
  ["concatRows()", () => ops.concatRows([]), "at least one part"],
  ["scale()", () => ops.scale(zeros(2, 2), zeros(1, 2)), "a tensor [1, 1], got a [1, 2]"],
  ["clipFactor()", () => ops.clipFactor(zeros(2, 1), 1), "a tensor [1, 1], got a [2, 1]"],
  ["multiplyColumn()", () => ops.multiplyColumn(zeros(2, 3), zeros(1, 3)), "column [1, 3]"],
  ["divideByRoot()", () => ops.divideByRoot(zeros(2, 3), zeros(3, 2), 1), "b [3, 2]"],
  ["maxRows()", () => ops.maxRows(zeros(3, 2), ops.indices([0], 4)), "a [3, 2], got 1"],
  [
    "maxRowsGradient()",
    () => ops.maxRowsGradient(zeros(2, 2), zeros(2, 2), zeros(1, 2), ops.indices([0], 4)),
    "the maxima's rows, 2, got 4",
  ],
  ["sliceColumns()", () => ops.sliceColumns(zeros(2, 3), 1, 4), "at least 4 columns, got a [2, 3]"],
  ["sliceColumns()", () => ops.sliceColumns(zeros(2, 3), 2, 2), "got 2 and 2"],
  [
    "concatColumns()",
    () => ops.concatColumns([zeros(2, 1), zeros(3, 1)]),
    "first [2, 1] and part [3, 1]",
  ],
  ["concatColumns()", () => ops.concatColumns([]), "at least one part"],
  [
    "update()",
    () => ops.update(zeros(1, 2), zeros(2, 1), { keep: 1, add: 1 }),
    "a [1, 2] and b [2, 1]",
  ],
  [
    "update()",
    () => ops.update(zeros(4, 2), zeros(1, 2), { keep: 1, add: 1, rows: ops.indices([0], 3) }),
    "the state's rows, 4, got 3",
  ],
  [
    "rnnForward()",
    () => ops.rnnForward!(zeros(4, 3), zeros(3, 3), zeros(3, 3), "tanh"),
    "inputs [4, 3] and h0 [3, 3] and Whh [3, 3]",
  ],
  [
    "rnnBackward()",
    () => ops.rnnBackward!(zeros(4, 3), zeros(4, 3), zeros(3, 3), 4, "tanh"),
    "states [4, 3] and Whh [3, 3]",
  ],
  [
    "lstmForward()",
    () => ops.lstmForward!(zeros(3, 3), zeros(3, 3), zeros(3, 3), zeros(3, 12)),
    "[timeSteps * batch, 4 * hidden], [batch, hidden], [hidden, 4 * hidden], got inputs [3, 3]",
  ],
  [
    "gruForward()",
    () => ops.gruForward!(zeros(3, 9), zeros(3, 3), zeros(3, 9), zeros(1, 9)),
    "one row as wide as h0, got bhn [1, 9]",
  ],
];

for (const [op, call, message] of misfits) {
  Deno.test(`${op} throws if its arguments do not match: "${message}"`, () => {
    const error = assertThrows(() => call(ops), RangeError, message);
    if (!error.message.startsWith(op)) throw error;
  });
}
