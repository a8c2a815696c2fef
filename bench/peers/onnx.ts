/**
 * ONNX files of the workloads' classifiers: a few messages of protocol buffers, written by hand, so
 * that no other library is needed. Field numbers are those of `onnx.proto`.
 *
 * @module
 */
import { toTorch } from "#core/network/torch_names.ts";
import { startWeights, type Workload } from "../workloads.ts";

const IR_VERSION = 8, OPSET = 14;
const FLOAT = 1, INT64 = 7; // TensorProto.DataType
const ATTRIBUTE_INT = 2; // AttributeProto.AttributeType
// The blocks of rows of i, f, g and o, as PyTorch has them, in the order of ONNX: i, o, f, c.
const GATES = [0, 3, 1, 2];

type Bytes = Uint8Array<ArrayBuffer>;

function varint(value: number): number[] {
  const bytes = [];
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push(value % 0x80 | 0x80);
  return [...bytes, value];
}

function joined(parts: readonly (Bytes | readonly number[])[]): Bytes {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** A field of a message: a number, a text, or bytes such as those of another message. */
function field(number: number, value: number | string | Bytes): Bytes {
  if (typeof value === "number") return joined([varint(number << 3), varint(value)]);
  const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
  return joined([varint(number << 3 | 2), varint(bytes.length), bytes]);
}

function tensor(
  name: string,
  shape: readonly number[],
  numbers: Float32Array | BigInt64Array,
): Bytes {
  const type = numbers instanceof Float32Array ? FLOAT : INT64;
  const bytes = new Uint8Array(numbers.buffer as ArrayBuffer);
  return joined([
    ...shape.map((size) => field(1, size)),
    field(2, type),
    field(8, name),
    field(9, bytes),
  ]);
}

/** A value that goes in or out: its name, its type, and its sizes. */
function valueInfo(name: string, type: number, shape: readonly number[]): Bytes {
  const dimensions = joined(shape.map((size) => field(1, field(1, size))));
  return joined([
    field(1, name),
    field(2, field(1, joined([field(1, type), field(2, dimensions)]))),
  ]);
}

function node(
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Record<string, number> = {},
): Bytes {
  return joined([
    ...inputs.map((name) => field(1, name)),
    ...outputs.map((name) => field(2, name)),
    field(4, op),
    ...Object.entries(attributes).map(([name, value]) =>
      field(5, joined([field(1, name), field(3, value), field(20, ATTRIBUTE_INT)]))
    ),
  ]);
}

/** Rows of PyTorch's gates in the order of ONNX. */
function reordered(numbers: ArrayLike<number>): Float32Array {
  const all = Float32Array.from(numbers), block = all.length / GATES.length;
  const out = new Float32Array(all.length);
  for (const [to, from] of GATES.entries()) {
    out.set(all.subarray(from * block, (from + 1) * block), to * block);
  }
  return out;
}

/**
 * The file of a classifier with one layer of LSTM: `words`, `[timeSteps, batch]`, to `logits`,
 * `[batch, labels]`.
 */
export function onnxClassifier(workload: Workload): Bytes {
  const { config: { hidden, embedding }, words, labels, timeSteps, batch } = workload;
  const stored = toTorch(workload.config, startWeights(workload));
  const numbers = (name: string) => stored[name].data;
  const biases = [...reordered(numbers("rnn.bias_ih_l0")), ...reordered(numbers("rnn.bias_hh_l0"))];
  const graph = joined([
    ...[
      node("Gather", ["embedding", "words"], ["x"], { axis: 0 }),
      node("LSTM", ["x", "W", "R", "B"], ["", "last"], { hidden_size: hidden }),
      node("Squeeze", ["last", "first"], ["h"]),
      node("Gemm", ["h", "Why", "by"], ["logits"], { transB: 1 }),
    ].map((each) => field(1, each)),
    field(2, "classifier"),
    ...[
      tensor("embedding", [words, embedding], Float32Array.from(numbers("embedding.weight"))),
      tensor("W", [1, 4 * hidden, embedding], reordered(numbers("rnn.weight_ih_l0"))),
      tensor("R", [1, 4 * hidden, hidden], reordered(numbers("rnn.weight_hh_l0"))),
      tensor("B", [1, 8 * hidden], Float32Array.from(biases)),
      tensor("Why", [labels, hidden], Float32Array.from(numbers("head.weight"))),
      tensor("by", [labels], Float32Array.from(numbers("head.bias"))),
      tensor("first", [1], BigInt64Array.of(0n)),
    ].map((each) => field(5, each)),
    field(11, valueInfo("words", INT64, [timeSteps, batch])),
    field(12, valueInfo("logits", FLOAT, [batch, labels])),
  ]);
  const opset = joined([field(1, ""), field(2, OPSET)]);
  return joined([field(1, IR_VERSION), field(7, graph), field(8, opset)]);
}
