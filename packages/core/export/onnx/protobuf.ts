/**
 * A protocol buffers encoder, limited to what ONNX needs: fields of integers, floats, strings,
 * bytes and messages.
 *
 * @see https://protobuf.dev/programming-guides/encoding/
 *
 * @module
 */

/** Encoded bytes in chunks, which are concatenated once, at the end. */
export type Chunks = readonly Uint8Array<ArrayBuffer>[];

/** The wire types of fields. */
const VARINT = 0, BYTES = 2, FLOAT32 = 5;

const encoder = new TextEncoder();

/** Encodes an integer in groups of seven bits, lowest first; a negative one as 64 bits. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return bytes;
}

function tag(field: number, type: number): number[] {
  return varint(field << 3 | type);
}

/** Returns the number of bytes in `chunks`. */
export function sizeOf(chunks: Chunks): number {
  return chunks.reduce((sum, { length }) => sum + length, 0);
}

/** Concatenates `chunks` into one array. */
export function joined(chunks: Chunks): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeOf(chunks));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** Encodes an integer field. */
export function intField(field: number, value: number): Chunks {
  return [Uint8Array.from([...tag(field, VARINT), ...varint(value)])];
}

/** Encodes a float32 field. */
export function floatField(field: number, value: number): Chunks {
  const number = new DataView(new ArrayBuffer(4));
  number.setFloat32(0, value, true);
  return [Uint8Array.from(tag(field, FLOAT32)), new Uint8Array(number.buffer)];
}

/** Encodes a field that holds a message or bytes. */
export function bytesField(field: number, content: Chunks): Chunks {
  return [Uint8Array.from([...tag(field, BYTES), ...varint(sizeOf(content))]), ...content];
}

/** Encodes a string field. */
export function textField(field: number, text: string): Chunks {
  return bytesField(field, [encoder.encode(text)]);
}

/** Encodes a repeated field by calling `one` for each value. */
export function repeated<T>(
  field: number,
  values: Iterable<T>,
  one: (field: number, value: T) => Chunks,
): Chunks {
  return Array.from(values, (value) => one(field, value)).flat();
}
