/**
 * Parses the JSON header of a .safetensors file byte by byte.
 *
 * `JSON.parse` would build any structure, at up to thirty times the file's size, and keep the last
 * of two equal keys. This parser accepts only what the format allows: an object whose values are
 * objects of strings or of lists of integers, without repeated keys.
 *
 * @module
 */
import { quote } from "../printable.ts";

/** A tensor as the header describes it, unchecked. */
export interface RawEntry {
  /** The data type. */
  dtype: string;
  /** The shape. */
  shape: number[];
  /** The offsets of the first byte and after the last, from the start of the tensors. */
  offsets: number[];
}

/** A parsed header. */
export interface RawHeader {
  /** The wanted metadata by name: strings as bytes, which may be invalid UTF-8. */
  metadata: Map<string, Uint8Array>;
  /** The offset in the header, in bytes, of the value of the metadata `crc32`. */
  checksumAt?: number;
  /** The tensors, by name. */
  entries: Map<string, RawEntry>;
}

const MAX_TENSORS = 10_000; // the deepest network allowed has 4,200 in its checkpoint
const MAX_METADATA = 10_000; // entries; other tools write a few dozen
const MAX_NAME = 10_000; // bytes
const MAX_NUMBERS = 64; // in a list; no tool writes tensors with more dimensions

const METADATA = "__metadata__";
const OPEN = 0x7b, CLOSE = 0x7d, COLON = 0x3a, COMMA = 0x2c, LIST = 0x5b, LIST_END = 0x5d;
const QUOTE = 0x22, BACKSLASH = 0x5c, ZERO = 0x30;

/**
 * Parses a header.
 *
 * @param bytes The header. Strings are unescaped in place.
 * @param wanted The metadata to keep, and the maximum size of each in bytes; others are skipped.
 * @param fail Throws an error for a problem.
 */
export function parseHeader(
  bytes: Uint8Array,
  wanted: ReadonlyMap<string, number>,
  fail: (problem: string) => never,
): RawHeader {
  const header: RawHeader = { metadata: new Map(), entries: new Map() };
  const notAnObject = "is not a model: its header is not a JSON object";
  let at = 0;
  let problem = notAnObject;

  const skipSpace = () => {
    while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) {
      at++;
    }
  };
  /** Consumes the next byte after whitespace if it is `byte`, and returns whether it was. */
  const take = (byte: number): boolean => {
    skipSpace();
    if (bytes[at] !== byte) return false;
    at++;
    return true;
  };
  const expect = (byte: number) => take(byte) || fail(problem);
  /** Consumes a string. */
  const passText = (): { start: number; end: number; isEscaped: boolean } => {
    expect(QUOTE);
    const start = at;
    let isEscaped = false;
    for (; bytes[at] !== QUOTE; at++) {
      if (!(bytes[at] >= 0x20)) fail(problem); // a control character, or the end
      if (bytes[at] === BACKSLASH) {
        isEscaped = true;
        at++;
      }
    }
    return { start, end: at++, isEscaped };
  };
  const textAt = ({ start, end, isEscaped }: ReturnType<typeof passText>, most: number) => {
    if (end - start > most) fail(`has a damaged header: ${end - start} bytes in one string`);
    return bytes.subarray(start, isEscaped ? unescape(bytes, start, end) : end);
  };
  const passName = (): string => decode(textAt(passText(), MAX_NAME)) ?? fail(problem);
  /** Consumes an object without repeated keys, calling `member` to consume each value. */
  const passObject = (most: number, member: (key: string) => void): void => {
    const keys = new Set<string>();
    expect(OPEN);
    if (take(CLOSE)) return;
    do {
      const key = passName();
      if (keys.has(key)) fail(`has a damaged header: ${quote(key)} is in it twice`);
      if (keys.add(key).size > most) {
        fail(`has a damaged header: more than ${most} names in one object`);
      }
      expect(COLON);
      member(key);
    } while (take(COMMA));
    expect(CLOSE);
  };
  const passNumber = (): number => {
    skipSpace();
    const start = at;
    let value = 0;
    for (; bytes[at] >= ZERO && bytes[at] <= ZERO + 9; at++) value = 10 * value + bytes[at] - ZERO;
    const isPlain = at > start && (bytes[start] !== ZERO || at === start + 1);
    return isPlain && Number.isSafeInteger(value) ? value : fail(problem);
  };
  const passNumbers = (): number[] => {
    const numbers: number[] = [];
    expect(LIST);
    if (take(LIST_END)) return numbers;
    do numbers.push(passNumber()); while (take(COMMA) && numbers.length < MAX_NUMBERS);
    expect(LIST_END);
    return numbers;
  };
  const passMetadata = () => {
    problem = "has a damaged header: its metadata is not an object of strings";
    passObject(MAX_METADATA, (key) => {
      const place = passText();
      if (key === "crc32" && place.end - place.start === 8) header.checksumAt = place.start;
      const most = wanted.get(key);
      if (most !== undefined) header.metadata.set(key, textAt(place, most));
    });
  };
  const passEntry = (tensor: string) => {
    problem = `has a damaged header at ${quote(tensor)}`;
    let dtype: string | undefined, shape: number[] | undefined, offsets: number[] | undefined;
    passObject(3, (key) => {
      if (key === "dtype") dtype = passName();
      else if (key === "shape") shape = passNumbers();
      else if (key === "data_offsets") offsets = passNumbers();
      else fail(problem);
    });
    if (dtype === undefined || !shape || offsets?.length !== 2) return fail(problem);
    header.entries.set(tensor, { dtype, shape, offsets });
  };

  passObject(MAX_TENSORS + 1, (key) => {
    if (key === METADATA) passMetadata();
    else passEntry(key);
    problem = notAnObject;
  });
  skipSpace();
  if (at < bytes.length) fail(problem);
  return header;
}

/** Decodes UTF-8; returns undefined if the bytes are invalid. */
export function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The character that each byte after a backslash stands for; 0xff if it is not an escape. */
const ESCAPES = /* @__PURE__ */ escapes();

function escapes(): Uint8Array {
  const bytes = new Uint8Array(256).fill(0xff);
  for (const escape of ['""', "\\\\", "//", "b\b", "f\f", "n\n", "r\r", "t\t"]) {
    bytes[escape.charCodeAt(0)] = escape.charCodeAt(1);
  }
  return bytes;
}

/** The value of each byte as a hexadecimal digit; -1 if it is not one. */
const DIGITS = /* @__PURE__ */ Int8Array.from({ length: 256 }, (_, byte) => {
  const digit = parseInt(String.fromCharCode(byte), 16);
  return Number.isNaN(digit) ? -1 : digit;
});

const FIRST_BYTES = [0, 0xc0, 0xe0, 0xf0]; // of a UTF-8 character, by its number of other bytes

/**
 * Resolves the escapes of a JSON string in place: no escape is shorter than its UTF-8. An invalid
 * escape becomes the byte 0xff, which is not valid in UTF-8.
 *
 * @returns The new end of the string.
 */
function unescape(bytes: Uint8Array, start: number, end: number): number {
  let to = start;
  for (let at = start; at < end;) {
    if (bytes[at] !== BACKSLASH) {
      bytes[to++] = bytes[at++];
      continue;
    }
    if (bytes[at + 1] !== 0x75) { // u
      bytes[to++] = ESCAPES[bytes[at + 1]];
      at += 2;
      continue;
    }
    let code = codeUnit(bytes, at);
    at += 6;
    if (code >= 0xd800 && code < 0xdc00) {
      const low = bytes[at] === BACKSLASH && bytes[at + 1] === 0x75 ? codeUnit(bytes, at) : -1;
      if (low >= 0xdc00 && low < 0xe000) {
        code = 0x10000 + (code - 0xd800) * 0x400 + low - 0xdc00;
        at += 6;
      }
    }
    if (code < 0 || code >= 0xd800 && code < 0xe000) bytes[to++] = 0xff; // a lone surrogate
    else if (code < 0x80) bytes[to++] = code;
    else {
      const more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
      bytes[to++] = FIRST_BYTES[more] | code >> 6 * more;
      for (let k = more - 1; k >= 0; k--) bytes[to++] = 0x80 | code >> 6 * k & 0x3f;
    }
  }
  return to;
}

/** Reads the code unit of an escape such as \u00e9; -1 if it is invalid. */
function codeUnit(bytes: Uint8Array, at: number): number {
  let code = 0;
  for (let k = at + 2; k < at + 6; k++) {
    const digit = DIGITS[bytes[k]];
    if (digit < 0) return -1;
    code = 16 * code + digit;
  }
  return code;
}
