/**
 * The protobuf messages of an ONNX file: nodes, tensors, inputs and outputs.
 *
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 *
 * @module
 */
import type { FloatArray } from "../../backend.ts";
import { bytesField, type Chunks, floatField, intField, repeated, textField } from "./protobuf.ts";

/** An element type: float32, integers, booleans or float64. */
export type NumberType = "float" | "int32" | "int64" | "bool" | "double";

/** The number of each type in `TensorProto.DataType`. */
export const NUMBER_TYPES: Readonly<Record<NumberType, number>> = {
  float: 1,
  int32: 6,
  int64: 7,
  bool: 9,
  double: 11,
};

/** A node's attribute: integers and strings directly, floats and graphs in an object. */
export type Attribute =
  | number
  | string
  | readonly number[]
  | readonly string[]
  | { float: number }
  | { floats: readonly number[] }
  | { graph: Chunks };

/** A node: an operator, and the names of its inputs and outputs. */
export interface Node {
  /** The operator, such as `LSTM`. */
  op: string;
  /** The name that Netron and error messages show. */
  name: string;
  /** The names of its inputs; `""` for an omitted one. */
  inputs: readonly string[];
  /** The names of its outputs; `""` for an unused one. */
  outputs: readonly string[];
  /** The attributes, by name. Default: none. */
  attributes?: Readonly<Record<string, Attribute>>;
}

/** An input or output tensor. */
export interface TensorInfo {
  /** The name of the tensor. */
  name: string;
  /** The element type. */
  type: NumberType;
  /** The shape; a string names a size that the caller may choose. */
  dims: readonly (number | string)[];
  /** A description of its contents. */
  doc?: string;
}

/** A graph. */
export interface Graph {
  /** The name of the graph. */
  name: string;
  /** A description of what the graph computes. */
  doc?: string;
  /** The nodes, in topological order. */
  nodes: readonly Node[];
  /** The weights and constants, each a `TensorProto`. */
  initializers: readonly Chunks[];
  /** The graph's inputs. */
  inputs: readonly TensorInfo[];
  /** The graph's outputs. */
  outputs: readonly TensorInfo[];
}

/** Encodes a float32 `TensorProto`. */
export function floatTensor(name: string, dims: readonly number[], data: FloatArray): Chunks {
  return tensor(name, dims, "float", new Uint8Array(Float32Array.from(data).buffer));
}

/** Encodes a float64 `TensorProto`. */
export function doubleTensor(name: string, dims: readonly number[], data: FloatArray): Chunks {
  return tensor(name, dims, "double", new Uint8Array(Float64Array.from(data).buffer));
}

/** Encodes an int64 `TensorProto`; with `dims` empty, a scalar. */
export function intTensor(
  name: string,
  dims: readonly number[],
  values: readonly number[],
): Chunks {
  return tensor(name, dims, "int64", new Uint8Array(BigInt64Array.from(values, BigInt).buffer));
}

function tensor(
  name: string,
  dims: readonly number[],
  type: NumberType,
  data: Uint8Array<ArrayBuffer>,
): Chunks {
  return [
    ...repeated(1, dims, intField),
    ...intField(2, NUMBER_TYPES[type]),
    ...textField(8, name),
    ...bytesField(9, [data]),
  ];
}

/** Encodes a `NodeProto`. */
function nodeProto({ op, name, inputs, outputs, attributes = {} }: Node): Chunks {
  return [
    ...repeated(1, inputs, textField),
    ...repeated(2, outputs, textField),
    ...textField(3, name),
    ...textField(4, op),
    ...repeated(
      5,
      Object.entries(attributes),
      (field, [name, value]) =>
        bytesField(field, [...textField(1, name), ...attributeValue(value)]),
    ),
  ];
}

/** Encodes the value of an `AttributeProto`, followed by its type. */
function attributeValue(value: Attribute): Chunks {
  const typed = (content: Chunks, type: number) => [...content, ...intField(20, type)];
  if (typeof value === "number") return typed(intField(3, value), 2);
  if (typeof value === "string") return typed(textField(4, value), 3);
  if ("float" in value) return typed(floatField(2, value.float), 1);
  if ("floats" in value) return typed(repeated(7, value.floats, floatField), 6);
  if ("graph" in value) return typed(bytesField(6, value.graph), 5);
  const isTexts = (some: readonly (number | string)[]): some is readonly string[] =>
    typeof some[0] === "string";
  return isTexts(value)
    ? typed(repeated(9, value, textField), 8)
    : typed(repeated(8, value as readonly number[], intField), 7);
}

/** Encodes a `ValueInfoProto`. */
function valueInfo({ name, type, dims, doc }: TensorInfo): Chunks {
  const shape = repeated(
    1,
    dims,
    (field, dim) =>
      bytesField(field, typeof dim === "number" ? intField(1, dim) : textField(2, dim)),
  );
  const tensorType = [...intField(1, NUMBER_TYPES[type]), ...bytesField(2, shape)];
  return [
    ...textField(1, name),
    ...bytesField(2, bytesField(1, tensorType)),
    ...(doc === undefined ? [] : textField(3, doc)),
  ];
}

/** Encodes a `GraphProto`. */
export function graphProto({ name, doc, nodes, initializers, inputs, outputs }: Graph): Chunks {
  return [
    ...repeated(1, nodes, (field, node) => bytesField(field, nodeProto(node))),
    ...textField(2, name),
    ...repeated(5, initializers, bytesField),
    ...(doc === undefined ? [] : textField(10, doc)),
    ...repeated(11, inputs, (field, each) => bytesField(field, valueInfo(each))),
    ...repeated(12, outputs, (field, each) => bytesField(field, valueInfo(each))),
  ];
}

const IR_VERSION = 8; // the version in ONNX 1.12, the first release with opset 17
const OPSET = 17;

/** Encodes a `ModelProto`: the contents of an ONNX file. */
export function modelProto(graph: Graph, metadata: Readonly<Record<string, string>>): Chunks {
  return [
    ...intField(1, IR_VERSION),
    ...textField(2, "unroll"),
    ...bytesField(7, graphProto(graph)),
    ...bytesField(8, [...textField(1, ""), ...intField(2, OPSET)]),
    ...repeated(
      14,
      Object.entries(metadata),
      (field, [key, value]) => bytesField(field, [...textField(1, key), ...textField(2, value)]),
    ),
  ];
}
