/**
 * Decodes bytes as text: UTF-8, UTF-16 with a byte order mark, or a named encoding.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import { quote } from "../printable.ts";
import { binaryProblem } from "./binary.ts";
import { countNewlines } from "./lines.ts";
import { errorAt } from "./records.ts";

/** Decodes text that arrives in chunks, split anywhere. */
export interface StreamDecoder {
  /** The name of the encoding: the one given, or the one detected from the first bytes. */
  readonly encoding: string;
  /** Returns the text that these bytes complete. */
  push(bytes: Uint8Array): string;
  /** Returns the remaining text, after the last bytes. */
  end(): string;
}

const CURE = "save the file as UTF-8, or give its encoding (--encoding latin1)";
const ZERO = "as in UTF-16 or a binary file";
const LATIN = /^latin-1$/i, UTF8 = /^utf-?8$/i;

/**
 * Creates a decoder of a file's bytes. Without an encoding it reads UTF-8, or UTF-16 if the file
 * begins with a UTF-16 byte order mark; the mark is removed.
 *
 * @param name The file's name in errors. Default: `"data"`.
 * @param encoding The name of an encoding, such as `latin1` or `shift_jis`.
 * @throws {InputError} If the encoding is unknown; from `push` and `end`, if the bytes are invalid,
 *   with the line and, for UTF-8, the byte offset.
 *
 * @example
 * ```ts
 * import { createDecoder } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const decoder = createDecoder("menu.csv", "latin1");
 * assertEquals(decoder.push(Uint8Array.of(0x63, 0x61, 0x66, 0xe9)) + decoder.end(), "café");
 * ```
 */
export function createDecoder(name = "data", encoding?: string): StreamDecoder {
  const given = encoding === undefined ? undefined : canonicalName(encoding);
  let start: Uint8Array = new Uint8Array(0), decoder: StreamDecoder | undefined;
  const choose = (bytes: Uint8Array) => {
    const problem = binaryProblem(bytes);
    if (problem !== undefined) throw new InputError(`${name}: ${problem}`);
    const mark = bytes.length < 2 ? 0 : 256 * bytes[0] + bytes[1];
    const found = mark === 0xfffe ? "utf-16le" : mark === 0xfeff ? "utf-16be" : "utf-8";
    const settled = given ?? found;
    return settled === "utf-8" ? utf8Decoder(name) : otherDecoder(name, settled);
  };
  return {
    get encoding() {
      return decoder?.encoding ?? given ?? "utf-8";
    },
    push(bytes) {
      if (decoder) return decoder.push(bytes);
      const beginning = joined(start, bytes);
      if (beginning.length < 2) {
        start = beginning.slice(); // a copy, since the caller may reuse the buffer
        return "";
      }
      decoder = choose(beginning);
      return decoder.push(beginning);
    },
    end() {
      if (decoder) return decoder.end();
      decoder = choose(start);
      return decoder.push(start) + decoder.end();
    },
  };
}

/**
 * Decodes a file in UTF-8, in UTF-16 with a byte order mark, or in the given encoding.
 *
 * @throws {InputError} If the encoding is unknown or the bytes are invalid, with the line and, for
 *   UTF-8, the byte offset.
 *
 * @example
 * ```ts
 * import { decodeText } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(decodeText(new TextEncoder().encode("gut, schön")), "gut, schön");
 * ```
 */
export function decodeText(bytes: Uint8Array, name = "data", encoding?: string): string {
  const decoder = createDecoder(name, encoding);
  return decoder.push(bytes) + decoder.end();
}

function canonicalName(encoding: string): string {
  if (LATIN.test(encoding)) return "windows-1252"; // as the WHATWG Encoding Standard does
  try {
    new TextDecoder(encoding);
    return UTF8.test(encoding) ? "utf-8" : encoding;
  } catch {
    throw new InputError(
      `unknown encoding ${quote(encoding)}; known ones include utf-8, utf-16le, latin1, ` +
        "windows-1252, shift_jis, gb18030 and koi8-r",
    );
  }
}

function utf8Decoder(name: string): StreamDecoder {
  let rest: Uint8Array = new Uint8Array(0); // the first bytes of an incomplete character
  const lines = lineCounter();
  let offset = 0, isFirst = true;
  const decode = (bytes: Uint8Array) => {
    const fail = (at: number, problem: string, cure = CURE): never => {
      lines.add(new TextDecoder("utf-8").decode(bytes.subarray(0, at)));
      throw errorAt(name, lines.line, `${problem}; ${cure}`);
    };
    const zero = bytes.indexOf(0);
    if (zero >= 0) {
      const problem = `a zero byte at byte offset ${offset + zero}, ${ZERO}`;
      const name = ["utf-16be", "utf-16le"][offset + zero]; // ASCII in UTF-16 has a zero byte each
      fail(
        zero,
        problem,
        name && `save the file as UTF-8, or give its encoding (--encoding ${name})`,
      );
    }
    try {
      const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
      lines.add(text);
      offset += bytes.length;
      const isMarked = isFirst && text.startsWith("\ufeff");
      if (text !== "") isFirst = false;
      return isMarked ? text.slice(1) : text;
    } catch {
      const at = findInvalid(bytes);
      const value = bytes[at].toString(16).toUpperCase();
      return fail(at, `not UTF-8: the byte ${value} at byte offset ${offset + at}`);
    }
  };
  return {
    encoding: "utf-8",
    push(bytes) {
      const all = joined(rest, bytes);
      const end = all.length - cutLength(all);
      rest = all.slice(end);
      return decode(all.subarray(0, end));
    },
    end: () => decode(rest),
  };
}

function otherDecoder(name: string, encoding: string): StreamDecoder {
  const decoder = new TextDecoder(encoding, { fatal: true }), lines = lineCounter();
  const decode = (bytes: Uint8Array, stream: boolean) => {
    let text: string;
    try {
      text = decoder.decode(bytes, { stream });
    } catch {
      const problem = `not valid ${encoding.toUpperCase()}, in this line or shortly after it`;
      throw errorAt(name, lines.line, `${problem}; ${CURE}`);
    }
    const zero = text.indexOf("\0");
    lines.add(zero < 0 ? text : text.slice(0, zero));
    if (zero < 0) return text;
    const problem = `a zero character, as in a file that is not ${encoding}`;
    throw errorAt(name, lines.line, `${problem}; save the file as UTF-8, or give its encoding`);
  };
  return {
    encoding,
    push: (bytes) => decode(bytes, true),
    end: () => decode(new Uint8Array(0), false),
  };
}

/** Counts the lines of a text that arrives in chunks. */
function lineCounter(): { line: number; add(text: string): void } {
  let isReturn = false;
  return {
    line: 1,
    add(text) {
      if (text === "") return;
      this.line += countNewlines(text) - (isReturn && text[0] === "\n" ? 1 : 0);
      isReturn = text.at(-1) === "\r";
    },
  };
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** Returns the number of bytes at the end that belong to an incomplete character. */
function cutLength(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back];
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue; // within a character
    const length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return length > back ? back : 0;
  }
  return 0;
}

/** Returns the offset of the first invalid character in bytes that are not valid UTF-8. */
function findInvalid(bytes: Uint8Array): number {
  const isValid = (end: number, stream: boolean) => {
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, end), { stream });
      return true;
    } catch {
      return false;
    }
  };
  let valid = 0, invalid = bytes.length;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    if (isValid(middle, true)) valid = middle;
    else invalid = middle;
  }
  while (!isValid(valid, false)) valid--; // back to the start of the character
  return valid;
}
