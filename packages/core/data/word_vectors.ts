/**
 * Word vectors that others have trained, from the text files of GloVe and word2vec.
 *
 * @module
 */
import { errorAt } from "./records.ts";
import { quote } from "../printable.ts";

/** Vectors for some words. */
export interface WordVectors {
  /** How many numbers a vector has. */
  dimensions: number;
  /** The vectors that were found, by word. */
  vectors: Map<string, Float32Array>;
}

const MAX_LINE = 2 ** 20; // bytes; 10,000 numbers take a fifth of it
const MAX_DIMENSIONS = 10_000;
const NEWLINE = 10, RETURN = 13, SPACE = 32, TAB = 9;
const BLANKS = /[ \t]+/;
// Each digit has one place only, as a line may be a million digits and an x.
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * The vectors that a file has for some words. The file has a word and its numbers on each line, as
 * GloVe's, perhaps below a line with how many words and how many numbers, as word2vec's. It is read
 * as a stream: only the vectors that are kept take memory, however large it is.
 *
 * A word that the file lacks gets the vector of the first word that is the same in lower case.
 * Of a word that stands there twice, the first vector counts. The numbers of words that are not
 * wanted are counted, not read. A first line of two whole numbers is taken for a header.
 *
 * @param chunks The file's bytes, in chunks of any size.
 * @param words The words to find.
 * @param options `name`: what to call the file in errors.
 * @throws {InputError} For a line that cannot be read, with its number.
 *
 * @example
 * ```ts
 * import { readWordVectors } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const file = new Blob(["The 0.5 1\ngood 0.25 -1\nbad 2 0\n"]);
 * const { dimensions, vectors } = await readWordVectors(file.stream(), ["good", "the", "so"]);
 * assertEquals(dimensions, 2);
 * assertEquals(vectors.get("good"), Float32Array.of(0.25, -1));
 * assertEquals([...vectors.keys()], ["good", "the"]);
 * ```
 */
export async function readWordVectors(
  chunks: AsyncIterable<Uint8Array>,
  words: Iterable<string>,
  { name = "vectors" }: { name?: string } = {},
): Promise<WordVectors> {
  const wanted = new Set(words);
  const exact = new Map<string, Float32Array>(), folded = new Map<string, Float32Array>();
  let count = 0, dimensions = 0, lastLine = 1;
  let promised: number | undefined; // how many vectors the header says there are

  /** Settles the dimensions by the header, or else by the first vector; is it the header? */
  const readFirst = (fields: string[], line: number): boolean => {
    const numbers = fields.length - 1;
    if (promised !== undefined) {
      // A word may end in numbers, but a header with too few would have every word do so.
      if (numbers <= dimensions || !fields.slice(1).every((field) => NUMBER.test(field))) {
        return false;
      }
      const problem = `${numbers} numbers, but the first line promises ${dimensions}`;
      throw errorAt(name, line, `${problem}; mend the first line or remove it`);
    }
    const isHeader = numbers === 1 && fields.every((field) => /^\d+$/.test(field));
    dimensions = isHeader ? Number(fields[1]) : numbers;
    if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
      const expected = `a word and from 1 to ${MAX_DIMENSIONS} numbers`;
      throw errorAt(name, line, `expected ${expected}, got ${dimensions} numbers`);
    }
    if (isHeader) promised = Number(fields[0]);
    else numbersOf(fields.slice(1), name, line);
    return isHeader;
  };

  await visitLines(chunks, name, (bytes, line) => {
    lastLine = line;
    let end = bytes.length;
    while (end > 0 && (isBlank(bytes[end - 1]) || bytes[end - 1] === RETURN)) end--;
    if (end === 0) return;
    const text = (from: number, to: number) => decode(bytes.subarray(from, to), name, line);
    if (count === 0 && readFirst(text(0, end).split(BLANKS), line)) return;
    const wordEnd = startOfNumbers(bytes, end, dimensions);
    if (wordEnd <= 0) throw malformed(text(0, end).split(BLANKS), dimensions, name, line);
    count++;
    const keep = (key: string, kept: Map<string, Float32Array>) => {
      if (!wanted.has(key) || kept.has(key)) return;
      kept.set(key, numbersOf(text(wordEnd + 1, end).split(BLANKS), name, line));
    };
    const word = text(0, wordEnd);
    keep(word, exact);
    const key = word.normalize("NFKC").toLowerCase();
    if (key !== word && !exact.has(key)) keep(key, folded);
  });
  if (count === 0) throw errorAt(name, lastLine, "no vectors; give a word a line");
  if (promised !== undefined && promised !== count) {
    const problem = `the first line promises ${promised} vectors, but there are ${count}`;
    throw errorAt(name, lastLine, `${problem}; the file may be cut short`);
  }
  for (const [word, vector] of folded) if (!exact.has(word)) exact.set(word, vector);
  return { dimensions, vectors: exact };
}

/** Calls a function for the bytes of each line, which are good until it returns. */
async function visitLines(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
  visit: (bytes: Uint8Array, line: number) => void,
): Promise<void> {
  let pending = new Uint8Array(4096), size = 0; // of a line whose end has not come yet
  let line = 1;
  const take = (chunk: Uint8Array, isEnd: boolean) => {
    requireText(chunk, size + chunk.length, name, line);
    let bytes = chunk;
    if (size > 0 || !isEnd) {
      if (size + chunk.length > pending.length) {
        const larger = new Uint8Array(2 * (size + chunk.length));
        larger.set(pending.subarray(0, size));
        pending = larger;
      }
      pending.set(chunk, size);
      size += chunk.length;
      bytes = pending.subarray(0, size);
    }
    if (!isEnd) return;
    const hasMark = line === 1 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    visit(hasMark ? bytes.subarray(3) : bytes, line++);
    size = 0;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end; (end = chunk.indexOf(NEWLINE, start)) >= 0; start = end + 1) {
      take(chunk.subarray(start, end), true);
    }
    if (start < chunk.length) take(chunk.subarray(start), false);
  }
  if (size > 0) take(new Uint8Array(), true);
}

/** Throws for what no line of text has: a zero byte, or more than a million bytes. */
function requireText(chunk: Uint8Array, length: number, name: string, line: number): void {
  if (chunk.includes(0)) {
    const form = "a zero byte, as in word2vec's binary form";
    throw errorAt(name, line, `${form}; convert the file to the text form`);
  }
  if (length <= MAX_LINE) return;
  throw errorAt(name, line, `a line of more than ${MAX_LINE} bytes; give word vectors as text`);
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB;
}

/**
 * Where the last so many fields begin, less one: some of GloVe's words have spaces in them. Below 0
 * where there are fewer, or where one is not ASCII and so no number.
 */
function startOfNumbers(bytes: Uint8Array, end: number, fields: number): number {
  let left = fields, bits = 0;
  for (let at = end - 1; at >= 0; at--) {
    bits |= bytes[at];
    if (!isBlank(bytes[at])) continue;
    while (at > 0 && isBlank(bytes[at - 1])) at--; // a run counts once
    if (--left === 0) return bits < 0x80 ? at : -1;
  }
  return -1;
}

/** What is wrong with a line that {@linkcode startOfNumbers} refuses. */
function malformed(fields: string[], dimensions: number, name: string, line: number): Error {
  const given = fields.filter((field) => field !== ""); // empty before a space that begins the line
  if (given.length > dimensions) numbersOf(given.slice(-dimensions), name, line);
  const found = `${given.length - 1} fields after the first`;
  const problem = `expected a word and ${dimensions} numbers, got ${found}`;
  return errorAt(name, line, `${problem}; mend the line or remove it`);
}

function decode(bytes: Uint8Array, name: string, line: number): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    throw errorAt(name, line, "not UTF-8; give word vectors as text in UTF-8");
  }
}

function numbersOf(fields: string[], name: string, line: number): Float32Array {
  if (fields[0] === "") fields.shift(); // a run of blanks before the first
  return Float32Array.from(fields, (field) => {
    const value = Math.fround(Number(field)); // 1e39 is infinite in 32 bits
    if (NUMBER.test(field) && Number.isFinite(value)) return value;
    throw errorAt(name, line, `${quote(field)} is no number; mend the line or remove it`);
  });
}
