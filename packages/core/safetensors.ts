/**
 * The safetensors format: the length of a JSON header, the header, raw little-endian numbers.
 *
 * Nothing is read before its length was checked against the file's, so that a hostile file
 * allocates no more than it is large.
 *
 * @see https://github.com/huggingface/safetensors
 * @module
 */
import type { FloatArray } from "./backend.ts";
import { InputError } from "./errors.ts";

/** Bytes that can be read in pieces. A `Blob` or a `File` is one. */
export interface ByteSource {
  /** How many bytes there are. */
  readonly size: number;
  /** The bytes from start to end, without end. */
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** A named array in a file. */
export interface StoredTensor {
  /** Its sizes. */
  shape: readonly number[];
  /** Its numbers, row-major. */
  data: FloatArray;
}

/** What a file says of itself. */
export interface Header {
  /** Free-form texts by name. */
  metadata: Record<string, string>;
  /** The arrays by name. */
  entries: Map<string, Entry>;
  /** Where in the file the numbers begin. */
  dataStart: number;
}

/** Where an array stands in a file. */
export interface Entry {
  /** Its numbers: float32 or float64. */
  dtype: "F32" | "F64";
  /** Its sizes. */
  shape: readonly number[];
  /** The place of its first byte among the numbers. */
  start: number;
  /** The place after its last byte. */
  end: number;
}

const LENGTH_BYTES = 8;
const MAX_HEADER_BYTES = 100_000_000; // the format's own limit
const BYTES = { F32: 4, F64: 8 };

/** The bytes of a file. The metadata gets a checksum over all of them, `crc32`. */
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
  const header = new TextEncoder().encode(JSON.stringify({
    __metadata__: { ...metadata, crc32: "00000000" },
    ...Object.fromEntries(entries),
  }));
  // Spaces bring the numbers to a multiple of 8, as the format asks of writers.
  const dataStart = Math.ceil((LENGTH_BYTES + header.length) / 8) * 8;
  const bytes = new Uint8Array(dataStart + end).fill(0x20, LENGTH_BYTES, dataStart);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(dataStart - LENGTH_BYTES), true);
  bytes.set(header, LENGTH_BYTES);
  let at = dataStart;
  for (const { data } of Object.values(tensors)) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  const checksum = crc32(bytes).toString(16).padStart(8, "0");
  bytes.set(new TextEncoder().encode(checksum), LENGTH_BYTES + findChecksum(header)!);
  return bytes;
}

/**
 * What a file says of itself, checked against its size.
 *
 * @throws {InputError} Where the file is cut, or is none of this format.
 */
export async function readHeader(source: ByteSource, name: string): Promise<Header> {
  const fail = (what: string): never => {
    throw new InputError(`${name}: ${what}; give a .safetensors file that train has written`);
  };
  if (source.size < LENGTH_BYTES) fail(`is not a model: it has ${source.size} bytes`);
  const length = Number(new DataView(await read(source, 0, LENGTH_BYTES)).getBigUint64(0, true));
  const dataStart = LENGTH_BYTES + length;
  if (length > MAX_HEADER_BYTES || dataStart > source.size) {
    fail(`is not a model, or is cut short: it has ${source.size} bytes, its header ${length}`);
  }
  const header = parseHeader(await read(source, LENGTH_BYTES, dataStart));
  if (header === undefined) return fail("is not a model: its header is not a JSON object");

  const { __metadata__: metadata = {}, ...rest } = header;
  if (!isRecord(metadata) || !Object.values(metadata).every((text) => typeof text === "string")) {
    fail("has a damaged header: its metadata is not a list of texts");
  }
  const entries = new Map<string, Entry>();
  for (const [tensor, entry] of Object.entries(rest)) {
    entries.set(tensor, checkEntry(entry) ?? fail(`has a damaged header at ${quote(tensor)}`));
  }
  let at = 0;
  for (const { start, end } of [...entries.values()].sort((a, b) => a.start - b.start)) {
    if (start !== at) fail(`has a damaged header: numbers at ${start} where ${at} was expected`);
    at = end;
  }
  if (dataStart + at !== source.size) {
    fail(`is damaged or cut short: it has ${source.size} bytes where ${dataStart + at} belong`);
  }
  return { metadata: metadata as Record<string, string>, entries, dataStart };
}

/**
 * The arrays of a file whose header was read.
 *
 * @throws {InputError} Where the file's checksum, if it has one, does not fit.
 */
export async function readTensors(
  source: ByteSource,
  header: Header,
  name: string,
): Promise<Map<string, StoredTensor>> {
  const buffer = await read(source, 0, source.size);
  const { metadata, entries, dataStart } = header;
  if (metadata.crc32 !== undefined) {
    const bytes = new Uint8Array(buffer);
    const place = findChecksum(bytes.subarray(LENGTH_BYTES, dataStart));
    const checksum = place === undefined ? undefined : crc32(bytes, LENGTH_BYTES + place);
    if (checksum?.toString(16).padStart(8, "0") !== metadata.crc32) {
      throw new InputError(
        `${name}: is damaged: its checksum does not fit; train again, or take "crc32" out of its ` +
          "metadata if it was changed on purpose",
      );
    }
  }
  const tensors = new Map<string, StoredTensor>();
  for (const [tensor, { dtype, shape, start, end }] of entries) {
    // As the format, so every machine that JavaScript runs on is little-endian.
    const data = buffer.slice(dataStart + start, dataStart + end);
    tensors.set(tensor, {
      shape,
      data: dtype === "F64" ? new Float64Array(data) : new Float32Array(data),
    });
  }
  return tensors;
}

function read(source: ByteSource, start: number, end: number): Promise<ArrayBuffer> {
  return source.slice(start, end).arrayBuffer();
}

function parseHeader(bytes: ArrayBuffer): Record<string, unknown> | undefined {
  try {
    const header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return isRecord(header) ? header : undefined;
  } catch {
    return undefined; // not UTF-8, not JSON, or nested so deeply that the parser gave up
  }
}

function checkEntry(entry: unknown): Entry | undefined {
  if (!isRecord(entry)) return undefined;
  const { dtype, shape, data_offsets: offsets } = entry;
  if (dtype !== "F32" && dtype !== "F64") return undefined;
  if (!isSizes(shape) || !isSizes(offsets) || offsets.length !== 2) return undefined;
  const [start, end] = offsets;
  const size = shape.reduce((product, n) => product * n, BYTES[dtype]);
  return end - start === size ? { dtype, shape, start, end } : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}

function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

/** Where in a header the eight digits stand. Within a text its quotes would be escaped. */
function findChecksum(header: Uint8Array): number | undefined {
  const text = new TextDecoder("latin1").decode(header); // one character for each byte
  const match = /"crc32":\s*"(?=[0-9a-f]{8}")/.exec(text);
  return match ? match.index + match[0].length : undefined;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

/** CRC-32 (ISO-HDLC, as in zip and PNG), with eight bytes taken for the digit 0. */
function crc32(bytes: Uint8Array, zeros = -1): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) {
    const byte = zeros >= 0 && i >= zeros && i < zeros + 8 ? 0x30 : bytes[i];
    crc = CRC_TABLE[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
