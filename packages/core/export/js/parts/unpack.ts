/**
 * Unpacking of weights in an exported module.
 *
 * @module
 */
import { FORMATS, loaded, SIZE, TENSORS } from "./model.ts";

/** The numbers of a tensor, and the index of the byte after them. */
interface Unpacked {
  values: Float32Array<ArrayBuffer>;
  end: number;
}

/** Returns a function that calls `make` once, when it is first called, and keeps the value. */
export function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => made ??= make();
}

/** Unpacks all tensors, by name. */
export function unpack(bytes: Uint8Array<ArrayBuffer>): Record<string, Float32Array<ArrayBuffer>> {
  if (bytes.length !== SIZE) {
    throw new Error(`the weights of this model are ${SIZE} bytes, got ${bytes.length}`);
  }
  const all: Record<string, Float32Array<ArrayBuffer>> = {};
  let at = 0;
  for (const tensor of TENSORS.split(",")) {
    const [name, format, rows, columns] = tensor.split(" ");
    const { values, end } = FORMATS[format](bytes, at, Number(rows), Number(columns));
    [all[name], at] = [values, end];
  }
  return all;
}

/** Unpacks little-endian float32. */
export function float32(
  bytes: Uint8Array<ArrayBuffer>,
  at: number,
  rows: number,
  columns: number,
): Unpacked {
  const end = at + 4 * rows * columns;
  return { values: new Float32Array(bytes.slice(at, end).buffer), end };
}

/** Unpacks int8 numbers that follow a scale for each row. */
export function int8Rows(
  bytes: Uint8Array<ArrayBuffer>,
  at: number,
  rows: number,
  columns: number,
): Unpacked {
  const { values: scales, end } = float32(bytes, at, rows, 1);
  const values = new Float32Array(rows * columns);
  const ints = new Int8Array(bytes.buffer, end, values.length);
  for (let i = 0; i < values.length; i++) values[i] = ints[i] * scales[Math.floor(i / columns)];
  return { values, end: end + values.length };
}

/** Unpacks int8 numbers that follow a scale for each column. */
export function int8Columns(
  bytes: Uint8Array<ArrayBuffer>,
  at: number,
  rows: number,
  columns: number,
): Unpacked {
  const { values: scales, end } = float32(bytes, at, 1, columns);
  const values = new Float32Array(rows * columns);
  const ints = new Int8Array(bytes.buffer, end, values.length);
  for (let i = 0; i < values.length; i++) values[i] = ints[i] * scales[i % columns];
  return { values, end: end + values.length };
}

/** Unpacks increasing integers from their differences, seven bits per byte, lowest bits first. */
export function rising(bytes: Uint8Array<ArrayBuffer>, at: number, count: number): Unpacked {
  const values = new Float32Array(count);
  let last = 0, end = at;
  for (let i = 0; i < count; i++) {
    for (let shift = 0;; shift += 7) {
      const byte = bytes[end++];
      last += (byte & 127) << shift;
      if (byte < 128) break;
    }
    values[i] = last;
  }
  return { values, end };
}

/** Returns the tensors of a separate file, or throws if they are not loaded. */
export function loadedTensors(): Record<string, Float32Array<ArrayBuffer>> {
  if (!loaded) throw new Error("the weights are not loaded: await load() first");
  return loaded;
}
