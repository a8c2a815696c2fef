/**
 * A writer of protocol buffers, as far as ONNX needs one: fields of whole numbers, floats, texts,
 * bytes and messages.
 *
 * @see https://protobuf.dev/programming-guides/encoding/
 *
 * @module
 */

/** Bytes in pieces: what is written is joined once, at the end. */
export type Chunks = readonly Uint8Array<ArrayBuffer>[];

/** How a field's value is written. */
const VARINT = 0, BYTES = 2, FLOAT32 = 5;

const encoder = new TextEncoder();

/** A whole number in groups of seven bits, the lowest first; a negative one as 64 bits. */
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

/** How many bytes there are. */
export function sizeOf(chunks: Chunks): number {
  return chunks.reduce((sum, { length }) => sum + length, 0);
}

/** All of them in one piece. */
export function joined(chunks: Chunks): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeOf(chunks));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** A field that is a whole number. */
export function intField(field: number, value: number): Chunks {
  return [Uint8Array.from([...tag(field, VARINT), ...varint(value)])];
}

/** A field that is a float of 32 bits. */
export function floatField(field: number, value: number): Chunks {
  const number = new DataView(new ArrayBuffer(4));
  number.setFloat32(0, value, true);
  return [Uint8Array.from(tag(field, FLOAT32)), new Uint8Array(number.buffer)];
}

/** A field that is a message, or bytes. */
export function bytesField(field: number, content: Chunks): Chunks {
  return [Uint8Array.from([...tag(field, BYTES), ...varint(sizeOf(content))]), ...content];
}

/** A field that is a text. */
export function textField(field: number, text: string): Chunks {
  return bytesField(field, [encoder.encode(text)]);
}

/** A field that is repeated. */
export function repeated<T>(
  field: number,
  values: Iterable<T>,
  one: (field: number, value: T) => Chunks,
): Chunks {
  return Array.from(values, (value) => one(field, value)).flat();
}
