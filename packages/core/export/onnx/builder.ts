/**
 * A builder of ONNX graphs that adds one node at a time. Values are identified by their names.
 *
 * @module
 */
import type { FloatArray } from "../../backend.ts";
import {
  type Attribute,
  doubleTensor,
  floatTensor,
  type Graph,
  intTensor,
  type Node,
  type TensorInfo,
} from "./messages.ts";
import type { Chunks } from "./protobuf.ts";

/** The name of a value in a graph: an input, a weight, or a node's output. */
export type Value = string;

/** A node's inputs: value names, or undefined for an optional input that is omitted. */
type Reads = readonly (Value | undefined)[];

/** A graph under construction. */
export interface Builder {
  /** Adds a graph input and returns its name. */
  input(info: TensorInfo): Value;
  /** Declares a value a graph output, under the name in `info`. */
  output(value: Value, info: TensorInfo): void;
  /**
   * Adds a node with one output.
   *
   * @param name The name of the node and its output; a number is appended if the name is taken.
   */
  node(op: string, inputs: Reads, name: string, attributes?: Record<string, Attribute>): Value;
  /** Adds a node with several outputs, and returns their names: the node's name plus `outputs`. */
  nodes(
    op: string,
    inputs: Reads,
    name: string,
    outputs: readonly string[],
    attributes?: Record<string, Attribute>,
  ): Value[];
  /** Adds a float32 weight, or reuses the one with that name. */
  weight(name: string, dims: readonly number[], data: () => FloatArray): Value;
  /** Adds a float64 constant, or reuses the one with that name. */
  doubles(name: string, dims: readonly number[], values: FloatArray): Value;
  /** Adds an int64 constant, `[values.length]`. */
  ints(...values: number[]): Value;
  /** Adds an int64 scalar constant. */
  int(value: number): Value;
  /** Adds a float32 scalar constant. */
  float(value: number): Value;
  /** Returns a builder of the same graph that prepends `prefix` to every name it adds. */
  within(prefix: string): Builder;
  /** Returns a builder of a `Loop` body: a separate graph that can read this one's values. */
  body(): Builder;
  /** Returns the finished graph. */
  graph(name: string, doc?: string): Graph;
}

/** Returns a builder of an empty graph. */
export function startGraph(): Builder {
  return builderOf("", newParts({ initializers: new Map(), taken: new Set(), isBody: false }));
}

/** The parts of a graph under construction. Loop bodies share its names and constants. */
interface Parts {
  inputs: TensorInfo[];
  outputs: TensorInfo[];
  nodes: Node[];
  initializers: Map<string, Chunks>;
  taken: Set<string>;
  isBody: boolean;
  /** The new names of values: graph outputs under the callers' names, and values that gave way. */
  renamed: Map<Value, string>;
}

function newParts(shared: Pick<Parts, "initializers" | "taken" | "isBody">): Parts {
  return { inputs: [], outputs: [], nodes: [], renamed: new Map(), ...shared };
}

function builderOf(prefix: string, parts: Parts): Builder {
  const { inputs, outputs, nodes, initializers, taken, isBody, renamed } = parts;
  const nameOf = (value: Value) => renamed.get(value) ?? value;
  const free = (name: string) => {
    let found = prefix + name;
    for (let k = 2; taken.has(found); k++) found = `${prefix}${name}_${k}`;
    taken.add(found);
    return found;
  };
  const constant = (name: string, make: () => Chunks) => {
    if (!initializers.has(name)) initializers.set(name, make());
    taken.add(name);
    return name;
  };
  const add = (
    op: string,
    reads: Reads,
    name: string,
    ends: readonly string[],
    attributes?: Record<string, Attribute>,
  ) => {
    const given = reads.map((each) => each ?? "");
    while (given.at(-1) === "") given.pop();
    const own = free(name);
    const gives = ends.map((end) => own + end);
    nodes.push({ op, name: own, inputs: given, outputs: gives, attributes });
    return gives;
  };
  return {
    input(info) {
      inputs.push(info);
      taken.add(info.name);
      return info.name;
    },
    output(value, info) {
      const isOfNode = nodes.some(({ outputs }) => outputs.includes(value));
      if (value !== info.name) {
        // An internal value that has this name gets another one.
        if (taken.has(info.name)) renamed.set(info.name, free(info.name));
        if (isOfNode && !renamed.has(value)) renamed.set(value, info.name);
        else nodes.push({ op: "Identity", name: info.name, inputs: [value], outputs: [info.name] });
        taken.add(info.name);
      }
      outputs.push(info);
    },
    node: (op, reads, name, attributes) => add(op, reads, name, [""], attributes)[0],
    nodes: (op, reads, name, ends, attributes) => add(op, reads, name, ends, attributes),
    weight: (name, dims, data) =>
      constant(prefix + name, () => floatTensor(prefix + name, dims, data())),
    doubles: (name, dims, values) =>
      constant(prefix + name, () => doubleTensor(prefix + name, dims, values)),
    ints(...values) {
      const name = `ints_${values.join("_")}`;
      return constant(name, () => intTensor(name, [values.length], values));
    },
    int: (value) => constant(`int_${value}`, () => intTensor(`int_${value}`, [], [value])),
    float: (value) =>
      constant(`float_${value}`, () => floatTensor(`float_${value}`, [], Float32Array.of(value))),
    within: (more) => builderOf(prefix + more, parts),
    body: () => builderOf(prefix, newParts({ initializers, taken, isBody: true })),
    graph: (name, doc) => ({
      name,
      ...(doc === undefined ? {} : { doc }),
      nodes: nodes.map((node) => ({
        ...node,
        inputs: node.inputs.map(nameOf),
        outputs: node.outputs.map(nameOf),
      })),
      inputs,
      outputs,
      initializers: isBody ? [] : [...initializers.values()], // a body reads the outer graph's
    }),
  };
}
