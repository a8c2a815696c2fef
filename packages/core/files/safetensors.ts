/**
 * The safetensors format: the length of a JSON header, the header, raw little-endian numbers.
 *
 * Every length is checked against the file's size before anything is read, so that a malicious file
 * cannot allocate more memory than its size.
 *
 * @see https://github.com/huggingface/safetensors
 * @module
 */
import type { FloatArray } from "../backend.ts";
import type { StoredTensor } from "../network/torch_names.ts";
import { quote } from "../printable.ts";
import { InputError } from "../errors.ts";
import { decode, parseHeader } from "./safetensors_header.ts";

/** A source of bytes that can be read in parts, such as a `Blob` or a `File`. */
export interface ByteSource {
  /** The size in bytes. */
  readonly size: number;
  /** Returns the bytes from `start` to `end` (exclusive). */
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** The checked header of a file. */
export interface Header {
  /** The requested metadata by name: strings as bytes, which may be invalid UTF-8. */
  metadata: ReadonlyMap<string, Uint8Array>;
  /** The tensors by name. */
  entries: Map<string, Entry>;
  /** The offset in the file, in bytes, where the tensors begin. */
  dataStart: number;
  /** Whether the file has a checksum to verify. */
  hasChecksum: boolean;
  /** The offset in the file, in bytes, of the value of the metadata `crc32`. */
  checksumAt?: number;
}

/** The type, shape and place of a tensor in a file. */
export interface Entry {
  /** The data type, which may be one that cannot be read: see {@linkcode READABLE}. */
  dtype: string;
  /** The shape. */
  shape: readonly number[];
  /** The offset of the first byte, from the start of the tensors. */
  start: number;
  /** The offset after the last byte. */
  end: number;
}

const CRC = "crc32", NO_CHECKSUM = "00000000";
const LENGTH_BYTES = 8;
const MAX_HEADER_BYTES = 100_000_000; // the format's own limit

/** The size in bytes of each data type of the format, except those of less than a byte. */
const BYTES: Readonly<Record<string, number>> = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
};

/** The data types that are written. */
export const WRITTEN: readonly string[] = ["F64", "F32"];

/** The data types that can be read; F16 and BF16 are widened to float32, without loss. */
export const READABLE: readonly string[] = [...WRITTEN, "F16", "BF16"];

/** Returns the bytes of a file, with a checksum of all of them in the metadata `crc32`. */
export function writeSafetensors(
  metadata: Record<string, string>,
  tensors: Record<string, StoredTensor>,
): Uint8Array<ArrayBuffer> {
  let end = 0;
  const entries = Object.entries(tensors).map(([name, { shape, data }]) => {
    const start = end;
    end += data.byteLength;
    const dtype = data instanceof Float64Array ? "F64" : "F32";
    return [name, { dtype, shape, data_offsets: [start, end] }];
  });
  const encoder = new TextEncoder();
  const own = `{"__metadata__":${JSON.stringify({ ...metadata, crc32: NO_CHECKSUM })}`;
  const rest = JSON.stringify(Object.fromEntries(entries)).replace("{", ",");
  const header = encoder.encode(own + rest);
  // Spaces align the tensors to a multiple of 8 bytes, as the format requires of writers.
  const dataStart = Math.ceil((LENGTH_BYTES + header.length) / 8) * 8;
  const bytes = new Uint8Array(dataStart + end).fill(0x20, LENGTH_BYTES, dataStart);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(dataStart - LENGTH_BYTES), true);
  bytes.set(header, LENGTH_BYTES);
  let at = dataStart;
  for (const { data } of Object.values(tensors)) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  const place = LENGTH_BYTES + encoder.encode(own).length - `${NO_CHECKSUM}"}`.length;
  bytes.set(encoder.encode(checksumText(crc32(bytes))), place);
  return bytes;
}

/**
 * Reads a file's header and checks it against the file's size.
 *
 * @param name The file's name in errors.
 * @param wanted The metadata to read, and the maximum size of each in bytes.
 * @param cure The end of errors: what to do about a file that cannot be read.
 * @throws {InputError} If the file is truncated, damaged, or not in this format.
 */
export async function readHeader(
  source: ByteSource,
  name: string,
  wanted: ReadonlyMap<string, number>,
  cure = "give a .safetensors file that train has written",
): Promise<Header> {
  const fail = (what: string): never => {
    throw new InputError(`${name}: ${what}; ${cure}`);
  };
  if (source.size < LENGTH_BYTES) fail(`is not a model: it has ${source.size} bytes`);
  const length = Number(new DataView(await read(source, 0, LENGTH_BYTES)).getBigUint64(0, true));
  const dataStart = LENGTH_BYTES + length;
  if (length > MAX_HEADER_BYTES || dataStart > source.size) {
    fail(`is not a model, or is truncated: it has ${source.size} bytes, its header ${length}`);
  }
  const bytes = new Uint8Array(await read(source, LENGTH_BYTES, dataStart));
  const { metadata, entries, checksumAt } = parseHeader(
    bytes,
    new Map([...wanted, [CRC, MAX_HEADER_BYTES]]),
    fail,
  );
  const tensors = new Map<string, Entry>();
  for (const [tensor, { dtype, shape, offsets: [start, end] }] of entries) {
    const size = shape.reduce((product, n) => product * n, BYTES[dtype] ?? NaN);
    if (end < start || Object.hasOwn(BYTES, dtype) && end - start !== size) {
      fail(
        `has a damaged header at ${quote(tensor)}: its bytes are from ${start} to ${end}, but ` +
          `${sizes(shape)} of ${quote(dtype)} needs ${size}`,
      );
    }
    tensors.set(tensor, { dtype, shape, start, end });
  }
  let at = 0;
  const inOrder = [...tensors.values()].sort((a, b) => a.start - b.start || a.end - b.end);
  for (const { start, end } of inOrder) {
    if (start !== at) fail(`has a damaged header: numbers at ${start} where ${at} was expected`);
    at = end;
  }
  if (dataStart + at !== source.size) {
    fail(`is damaged or truncated: it has ${source.size} bytes instead of ${dataStart + at}`);
  }
  return {
    metadata,
    entries: tensors,
    dataStart,
    hasChecksum: metadata.has(CRC),
    ...(checksumAt === undefined ? {} : { checksumAt: LENGTH_BYTES + checksumAt }),
  };
}

/** Formats a shape for a message, at most eight dimensions. */
export function sizes(shape: readonly number[]): string {
  return `[${shape.slice(0, 8)}${shape.length > 8 ? ",…" : ""}]`;
}

/**
 * Reads the tensors, whose data types must be among {@linkcode READABLE}.
 *
 * @throws {InputError} If the file has a checksum that does not match.
 */
export async function readTensors(
  source: ByteSource,
  header: Header,
  name: string,
): Promise<Map<string, StoredTensor>> {
  const { metadata, entries, dataStart, hasChecksum } = header;
  if (hasChecksum && await checksumOf(source, header) !== decode(metadata.get(CRC)!)) {
    throw new InputError(
      `${name}: is damaged: its checksum does not match; train again, or remove "crc32" from its ` +
        "metadata if it was changed on purpose",
    );
  }
  const tensors = new Map<string, StoredTensor>();
  for (const [tensor, { dtype, shape, start, end }] of entries) {
    const data = await read(source, dataStart + start, dataStart + end);
    tensors.set(tensor, { shape, data: numbersOf(data, dtype) });
  }
  return tensors;
}

/** Decodes numbers. The format is little-endian, as is every machine that JavaScript runs on. */
function numbersOf(data: ArrayBuffer, dtype: string): FloatArray {
  if (dtype === "F64") return new Float64Array(data);
  if (dtype === "F32") return new Float32Array(data);
  const halves = new Uint16Array(data);
  const numbers = new Float32Array(halves.length), bits = new Uint32Array(numbers.buffer);
  for (let i = 0; i < halves.length; i++) {
    if (dtype === "BF16") bits[i] = halves[i] << 16; // the upper 16 bits of a float32
    else numbers[i] = fromHalf(halves[i]);
  }
  return numbers;
}

/** Decodes an IEEE 754 half: one bit of sign, five of exponent, ten of fraction. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1, exponent = bits >> 10 & 31, fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return exponent === 0
    ? sign * fraction * 2 ** -24
    : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const CHUNK = 2 ** 22; // bytes read at a time for the checksum

async function checksumOf(source: ByteSource, { checksumAt }: Header): Promise<string | undefined> {
  if (checksumAt === undefined) return undefined; // the checksum is not eight characters long
  let crc = 0;
  for (let start = 0; start < source.size; start += CHUNK) {
    const end = Math.min(start + CHUNK, source.size);
    const bytes = new Uint8Array(await read(source, start, end));
    const from = Math.max(checksumAt - start, 0);
    if (checksumAt < end && checksumAt + NO_CHECKSUM.length > start) {
      bytes.fill(0x30, from, checksumAt + NO_CHECKSUM.length - start); // as when it was computed
    }
    crc = crc32(bytes, crc);
  }
  return checksumText(crc);
}

function read(source: ByteSource, start: number, end: number): Promise<ArrayBuffer> {
  return source.slice(start, end).arrayBuffer();
}

const CRC_TABLE = /* @__PURE__ */ Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

/** Computes a CRC-32 (ISO-HDLC, as in zip and PNG); `before` is the CRC of the preceding bytes. */
function crc32(bytes: Uint8Array, before = 0): number {
  let crc = ~before;
  for (let i = 0; i < bytes.length; i++) {
    crc = CRC_TABLE[(crc ^ bytes[i]) & 0xff] ^ (crc >>> 8);
  }
  return ~crc >>> 0;
}

function checksumText(crc: number): string {
  return crc.toString(16).padStart(8, "0");
}
