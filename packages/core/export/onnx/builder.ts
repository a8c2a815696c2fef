/**
 * A graph that is built node by node. Values are known by their names.
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

/** The name of a value in a graph: of what goes in, of a weight, or of what a node gives. */
export type Value = string;

/** What a node reads: a value, or undefined for one that is left out. */
type Reads = readonly (Value | undefined)[];

/** A graph that is being built. */
export interface Builder {
  /** What goes in. */
  input(info: TensorInfo): Value;
  /** Says that a value comes out, under the name of `info`. */
  output(value: Value, info: TensorInfo): void;
  /**
   * Adds a node with one output.
   *
   * @param name What it is called, and what it gives; a number is added where that name is taken.
   */
  node(op: string, inputs: Reads, name: string, attributes?: Record<string, Attribute>): Value;
  /** Adds a node with several outputs, and gives their names; `outputs` are added to its name. */
  nodes(
    op: string,
    inputs: Reads,
    name: string,
    outputs: readonly string[],
    attributes?: Record<string, Attribute>,
  ): Value[];
  /** A weight; where there is one of that name, the same. */
  weight(name: string, dims: readonly number[], data: () => FloatArray): Value;
  /** Constant floats of 64 bits; where there are some of that name, the same. */
  doubles(name: string, dims: readonly number[], values: FloatArray): Value;
  /** Constant whole numbers, `[numbers]`. */
  ints(...values: number[]): Value;
  /** One constant whole number, a scalar. */
  int(value: number): Value;
  /** One constant float, a scalar. */
  float(value: number): Value;
  /** The same graph, with something before the names of all that is added. */
  within(prefix: string): Builder;
  /** A graph of its own that reads the values of this one: the body of a loop. */
  body(): Builder;
  /** What was built. */
  graph(name: string, doc?: string): Graph;
}

/** A graph without anything in it. */
export function startGraph(): Builder {
  return builderOf("", newParts({ initializers: new Map(), taken: new Set(), isBody: false }));
}

/** What a graph is made of so far; the bodies of its loops share names and constants with it. */
interface Parts {
  inputs: TensorInfo[];
  outputs: TensorInfo[];
  nodes: Node[];
  initializers: Map<string, Chunks>;
  taken: Set<string>;
  isBody: boolean;
  /** Values that come out, by the names that callers ask for. */
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
        // A value inside that has this name makes room for it.
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
      initializers: isBody ? [] : [...initializers.values()], // a body reads those around it
    }),
  };
}
