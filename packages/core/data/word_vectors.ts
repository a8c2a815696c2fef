/**
 * Word vectors that others have trained, from the text files of GloVe and word2vec.
 *
 * @module
 */
import { errorAt, quote } from "./records.ts";

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

/**
 * The vectors that a file has for some words. The file has a word and its numbers on each line, as
 * GloVe's, perhaps below a line with how many words and how many numbers, as word2vec's. It is read
 * as a stream: only the vectors that are kept take memory, however large it is.
 *
 * A word that the file lacks gets the vector of the first word that is the same in lower case.
 *
 * @param chunks The file's bytes, in pieces of any size.
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
  let line = 0, count = 0, dimensions = 0;
  let promised: number | undefined; // how many vectors the header says there are

  const readLine = (bytes: Uint8Array) => {
    line++;
    let end = bytes.length;
    while (end > 0 && isBlank(bytes[end - 1])) end--;
    if (end === 0) return;
    if (dimensions === 0) {
      const fields = decode(bytes.subarray(0, end), name, line).split(/[ \t]+/);
      const isHeader = fields.length === 2 && fields.every((field) => /^\d+$/.test(field));
      dimensions = isHeader ? Number(fields[1]) : fields.length - 1;
      if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
        const expected = `a word and from 1 to ${MAX_DIMENSIONS} numbers`;
        throw errorAt(name, line, `expected ${expected}, got ${dimensions} numbers`);
      }
      if (isHeader) {
        promised = Number(fields[0]);
        return;
      }
    }
    const wordEnd = startOfNumbers(bytes, end, dimensions);
    if (wordEnd <= 0) {
      const found = decode(bytes.subarray(0, end), name, line).split(/[ \t]+/).length - 1;
      const expected = `a word and ${dimensions} numbers`;
      throw errorAt(name, line, `expected ${expected}, got ${found} fields after the first`);
    }
    count++;
    const word = decode(bytes.subarray(0, wordEnd), name, line);
    const isExact = wanted.has(word);
    const key = isExact ? word : word.normalize("NFKC").toLowerCase();
    const kept = isExact ? exact : folded;
    if (!wanted.has(key) || kept.has(key)) return;
    kept.set(key, numbersOf(decode(bytes.subarray(wordEnd, end), name, line), name, line));
  };

  let rest = new Uint8Array(); // of a line whose end has not come yet
  for await (const chunk of chunks) {
    if (chunk.includes(0)) {
      const form = "a zero byte, as in word2vec's binary form";
      throw errorAt(name, line + 1, `${form}; convert the file to the text form`);
    }
    let start = 0;
    for (let end; (end = chunk.indexOf(NEWLINE, start)) >= 0; start = end + 1) {
      readLine(rest.length > 0 ? join(rest, chunk.subarray(0, end)) : chunk.subarray(start, end));
      rest = rest.subarray(rest.length);
    }
    rest = join(rest, chunk.subarray(start));
    if (rest.length > MAX_LINE) {
      const problem = `a line of more than ${MAX_LINE} bytes`;
      throw errorAt(name, line + 1, `${problem}; give word vectors as text`);
    }
  }
  if (rest.length > 0) readLine(rest);
  if (count === 0) throw errorAt(name, Math.max(1, line), "no vectors; give a word a line");
  if (promised !== undefined && promised !== count) {
    const problem = `the first line promises ${promised} vectors, but there are ${count}`;
    throw errorAt(name, line, `${problem}; the file may be cut short`);
  }
  for (const [word, vector] of folded) if (!exact.has(word)) exact.set(word, vector);
  return { dimensions, vectors: exact };
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB || byte === RETURN;
}

/** Where the last so many fields begin, less one: some of GloVe's words have spaces in them. */
function startOfNumbers(bytes: Uint8Array, end: number, fields: number): number {
  let at = end - 1;
  for (let left = fields; at >= 0; at--) {
    if (!isBlank(bytes[at]) || (at > 0 && isBlank(bytes[at - 1]))) continue; // a run counts once
    if (--left === 0) return at;
  }
  return -1;
}

function decode(bytes: Uint8Array, name: string, line: number): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw errorAt(name, line, "not UTF-8; give word vectors as text in UTF-8");
  }
}

function numbersOf(text: string, name: string, line: number): Float32Array {
  return Float32Array.from(text.trim().split(/\s+/), (field) => {
    const value = Number(field);
    if (Number.isFinite(value)) return value;
    throw errorAt(name, line, `${quote(field)} is no number; mend the line or remove it`);
  });
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
