/**
 * Reads the parts of ONNX files that the tests need.
 *
 * @module
 */

/** The fields of a message by number: integers or bytes. */
type Fields = Map<number, (number | Uint8Array<ArrayBuffer>)[]>;

function fieldsOf(bytes: Uint8Array<ArrayBuffer>): Fields {
  const fields: Fields = new Map();
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n;; shift += 7n) {
      const byte = bytes[at++];
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(BigInt.asIntN(64, value));
    }
  };
  while (at < bytes.length) {
    const key = varint(), field = key >> 3;
    const size = { 0: () => 0, 2: varint, 5: () => 4 }[key & 7]!();
    const value = (key & 7) === 0 ? varint() : bytes.slice(at, at += size);
    fields.set(field, [...fields.get(field) ?? [], value]);
  }
  return fields;
}

const decoder = new TextDecoder();

/** The parts of a file that the tests check. */
export interface OnnxSummary {
  /** The version of the operators. */
  opset: number;
  /** The operators of the graph, followed by those in the bodies of its loops. */
  ops: string[];
  /** The names of the graph's nodes. */
  nodes: string[];
  /** Its metadata. */
  metadata: Record<string, string>;
}

/** Reads a file. */
export function readOnnx(file: Uint8Array<ArrayBuffer>): OnnxSummary {
  const model = fieldsOf(file);
  const messages = (of: Fields, field: number) =>
    (of.get(field) ?? []).map((bytes) => fieldsOf(bytes as Uint8Array<ArrayBuffer>));
  const text = (of: Fields, field: number) =>
    decoder.decode((of.get(field)?.[0] ?? new Uint8Array()) as Uint8Array<ArrayBuffer>);
  const [graph] = messages(model, 7), nodes = messages(graph, 1);
  const bodies = nodes.flatMap((node) => messages(node, 5)).flatMap((each) => messages(each, 6));
  return {
    opset: messages(model, 8)[0].get(2)![0] as number,
    ops: [...nodes, ...bodies.flatMap((body) => messages(body, 1))].map((node) => text(node, 4)),
    nodes: nodes.map((node) => text(node, 3)),
    metadata: Object.fromEntries(
      messages(model, 14).map((entry) => [text(entry, 1), text(entry, 2)]),
    ),
  };
}
