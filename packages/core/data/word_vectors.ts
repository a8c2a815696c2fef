/**
 * Pretrained word vectors, from the text files of GloVe, word2vec and fastText.
 *
 * @module
 */
import { requireInteger } from "../checks.ts";
import { quote } from "../printable.ts";
import { normalForm, tokenize, type TokenizerOptions } from "../text/tokenizer.ts";
import { UNKNOWN } from "../text/vocabulary.ts";
import { visitLines } from "./byte_lines.ts";
import { errorAt } from "./records.ts";

/** Word vectors. */
export interface WordVectors {
  /** The size of a vector. */
  dimensions: number;
  /** The vectors found, by word, each `[dimensions]`. */
  vectors: Map<string, Float32Array>;
  /**
   * Words to add to the vocabulary that are not in the training texts, so that the model can read
   * them later. Their vectors stay unchanged: training only updates words in its texts.
   */
  kept?: readonly string[];
}

/** The result of {@linkcode readWordVectors}. */
export interface WordVectorsFile extends WordVectors {
  /** The words kept without being asked for, in the order of the file. */
  kept: readonly string[];
  /** The number of lines left out. */
  leftOut: number;
  /** The first ten lines left out, and why. */
  problems: { line: number; problem: string }[];
}

/** Settings of {@linkcode readWordVectors}. */
export interface WordVectorsOptions {
  /** The file's name in errors. Default: `"vectors"`. */
  name?: string;
  /**
   * The number of words to keep from the start of the file, where the most frequent words are, even
   * if they are not asked for. Default: 0.
   */
  keep?: number;
  /**
   * How texts are split into words. The file's words are normalized in the same way, and kept only
   * if a text can contain them as one word. Default: words are used as written in the file.
   */
  tokenizer?: TokenizerOptions;
}

const MAX_DIMENSIONS = 10_000;
const MAX_PROBLEMS = 10;
const EARLY = 1000; // lines after which a file in another format is refused
const RETURN = 13, SPACE = 32, TAB = 9;
const BLANKS = /[ \t]+/;
// Unambiguous, so that it runs in linear time on a million digits followed by an x.
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
/** 1 for each byte that no number contains. */
const FOREIGN = /* @__PURE__ */ Uint8Array.from(
  { length: 256 },
  (_, byte) => "0123456789+-.eE \t".includes(String.fromCharCode(byte)) ? 0 : 1,
);
const UTF8 = /* @__PURE__ */ new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const NOT_UTF8 = "not UTF-8";

/**
 * Reads the vectors of the given words from a file with a word and its numbers on each line, as
 * GloVe writes it, optionally below a header with the number of words and their dimensions, as
 * in word2vec's and fastText's `.vec` files. The file is streamed: only the vectors that are kept
 * take memory.
 *
 * A word that is not in the file gets the vector of the first word that equals it in lower case.
 * Lines without a usable vector are left out and counted: lines with a different count of numbers,
 * a field that is not a number, a word that contains spaces and was not asked for, or a word that
 * was already read. For words that are not wanted, the numbers are counted but not parsed. A first
 * line of two integers is read as a header.
 *
 * @param chunks The file's bytes, decompressed, in chunks of any size.
 * @param words The words to find.
 * @throws {InputError} If more than half of the lines cannot be read, with the first of them, or
 *   if the number of vectors differs from the header's.
 *
 * @example
 * ```ts
 * import { readWordVectors } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const file = new Blob(["The 0.5 1\ngood 0.25 -1\nbad 2\nfine 2 0\n"]);
 * const read = await readWordVectors(file.stream(), ["good", "the", "so"], { keep: 3 });
 * assertEquals(read.dimensions, 2);
 * assertEquals(read.vectors.get("good"), Float32Array.of(0.25, -1));
 * assertEquals(read.kept, ["The", "fine"]);
 * assertEquals(read.problems, [
 *   { line: 3, problem: "expected a word and 2 numbers, got 1 field after the first" },
 * ]);
 * ```
 */
export async function readWordVectors(
  chunks: AsyncIterable<Uint8Array>,
  words: Iterable<string>,
  { name = "vectors", keep = 0, tokenizer }: WordVectorsOptions = {},
): Promise<WordVectorsFile> {
  requireInteger("the number of words to keep", keep, 0);
  const wanted = new Set(words), kept = new Set<string>();
  const exact = new Map<string, Float32Array>(), folded = new Map<string, Float32Array>();
  const problems: { line: number; problem: string }[] = [];
  let count = 0, good = 0, odd = 0, repeated = 0, dimensions = 0, lastLine = 1;
  let promised: number | undefined; // the header's number of vectors
  let begins: string | undefined; // the first line

  const leaveOut = (line: number, problem: string) => {
    if (problems.length < MAX_PROBLEMS) problems.push({ line, problem });
  };
  const refuseOther = () => {
    if (2 * odd <= count) return;
    const [{ line, problem }] = problems;
    const share = `${odd} of ${count === EARLY ? "the first " : ""}${count} lines cannot be read`;
    throw errorAt(name, line, `${problem}; ${share}; ${looksLike(begins ?? "")}`);
  };
  const isWanted = (word: string) => wanted.has(word) || kept.has(word);

  /** Reads a line; returns the problem with it, if there is one. */
  const readLine = (bytes: Uint8Array, line: number): string | undefined => {
    const wordEnd = startOfNumbers(bytes, dimensions);
    if (wordEnd <= 0) return problemOf(bytes, dimensions);
    const word = decode(bytes.subarray(0, wordEnd));
    if (word === undefined) return NOT_UTF8;
    const form = tokenizer ? normalForm(word, tokenizer) : word;
    const key = word.normalize("NFKC").toLowerCase();
    const isKept = good < keep && canKeep(form, tokenizer);
    if (!isKept && !isWanted(word) && !isWanted(form) && !isWanted(key)) {
      if (BLANKS.test(word)) return `the word ${quote(word)} contains whitespace`;
      good++;
      return;
    }
    const vector = numbersOf(decode(bytes.subarray(wordEnd + 1))!.split(BLANKS));
    if (typeof vector === "string") return vector;
    good++;
    if (isKept) kept.add(form);
    if (exact.has(word)) {
      repeated++;
      leaveOut(line, `the word ${quote(word)} is repeated`);
      return;
    }
    if (isWanted(word)) exact.set(word, vector);
    for (const other of [form, key]) {
      if (other !== word && isWanted(other) && !folded.has(other)) folded.set(other, vector);
    }
  };

  await visitLines(chunks, name, (bytes, line) => {
    lastLine = line;
    let end = bytes.length;
    while (end > 0 && (isBlank(bytes[end - 1]) || bytes[end - 1] === RETURN)) end--;
    if (end === 0) return;
    const content = bytes.subarray(0, end);
    let problem: string | undefined;
    if (good === 0) {
      const fields = decode(content)?.split(BLANKS);
      begins ??= fields?.join(" ");
      if (promised !== undefined) requirePromised(fields, dimensions, name, line);
      else if (dimensions === 0) {
        const isHeader = count === 0 && fields?.length === 2 &&
          fields.every((field) => /^\d+$/.test(field));
        if (isHeader) promised = Number(fields[0]);
        dimensions = isHeader ? Number(fields[1]) : countNumbers(fields ?? []);
        if (dimensions > MAX_DIMENSIONS || isHeader && dimensions < 1) {
          throw errorAt(name, line, wrongDimensions(dimensions));
        }
        if (isHeader) return;
        if (dimensions === 0) problem = firstProblem(fields);
      }
    }
    count++;
    problem ??= readLine(content, line);
    if (problem !== undefined) {
      odd++;
      leaveOut(line, problem);
    }
    if (count === EARLY) refuseOther();
  });
  if (count === 0) throw errorAt(name, lastLine, "no vectors; give one word per line");
  refuseOther();
  if (promised !== undefined && promised !== count) {
    const problem = `the first line says ${promised} vectors, but there are ${count}`;
    throw errorAt(name, lastLine, `${problem}; the file may be truncated`);
  }
  for (const [word, vector] of folded) if (!exact.has(word)) exact.set(word, vector);
  return {
    dimensions,
    vectors: exact,
    kept: [...kept].filter((word) => !wanted.has(word)),
    leftOut: odd + repeated,
    problems,
  };
}

/** Returns whether a text can contain a word, as one token. */
function canKeep(word: string, tokenizer: TokenizerOptions | undefined): boolean {
  if (word === UNKNOWN || /\s/.test(word)) return false;
  if (!tokenizer) return true;
  const words = tokenize(word, tokenizer);
  return words.length === 1 && words[0] === word;
}

/** Throws if the first vector has more numbers than the header says. */
function requirePromised(
  fields: readonly string[] = [],
  dimensions: number,
  name: string,
  line: number,
): void {
  const numbers = fields.length - 1;
  // A word may end in numbers, but if the header's dimensions are too few, all words would.
  if (numbers <= dimensions || !fields.slice(1).every((field) => NUMBER.test(field))) return;
  const problem = `${numbers} numbers, but the first line says ${dimensions}`;
  throw errorAt(name, line, `${problem}; fix the first line or remove it`);
}

/** Counts the numbers at the end of a line, excluding its first field. */
function countNumbers(fields: readonly string[]): number {
  return fields.length - 1 - Math.max(0, fields.findLastIndex((field) => !NUMBER.test(field)));
}

function wrongDimensions(given: number): string {
  return `expected a word and from 1 to ${MAX_DIMENSIONS} numbers, got ${given} numbers`;
}

/** Returns what is wrong with a first line that does not end in a number. */
function firstProblem(fields: readonly string[] | undefined): string {
  if (fields === undefined) return NOT_UTF8;
  return fields.length < 2 ? wrongDimensions(0) : `${quote(fields[1])} is not a number`;
}

/** Says what a file seems to be if most of its lines are not word vectors. */
function looksLike(line: string): string {
  const expected = "give a word and its numbers on each line, as in GloVe or fastText's .vec files";
  const kind = line.startsWith("version https://git-lfs")
    ? "a Git LFS pointer to the file"
    : /^[{[]/.test(line)
    ? "JSON"
    : line.startsWith("<")
    ? "HTML or XML"
    : /,.*,/.test(line)
    ? "a table with commas"
    : undefined;
  const what = kind === undefined ? `the file begins with ${quote(line)}` : `it looks like ${kind}`;
  return `${what}; ${expected}`;
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB;
}

/**
 * Returns the offset of the space before the last `fields` fields; the word before it may contain
 * spaces, as some in GloVe do. -1 if there are fewer fields, or if one cannot be a number.
 */
function startOfNumbers(bytes: Uint8Array, fields: number): number {
  let left = fields, foreign = 0;
  for (let at = bytes.length - 1; at >= 0; at--) {
    foreign |= FOREIGN[bytes[at]];
    if (!isBlank(bytes[at])) continue;
    while (at > 0 && isBlank(bytes[at - 1])) at--; // a run of spaces counts once
    if (--left === 0) return foreign === 0 ? at : -1;
  }
  return -1;
}

/** Returns what is wrong with a line that {@linkcode startOfNumbers} refuses. */
function problemOf(bytes: Uint8Array, dimensions: number): string {
  // The first field is empty if the line begins with a space.
  const given = decode(bytes)?.split(BLANKS).filter((field) => field !== "");
  if (given === undefined) return NOT_UTF8;
  if (given.length > dimensions) {
    const numbers = numbersOf(given.slice(-dimensions));
    if (typeof numbers === "string") return numbers;
  }
  const found = given.length === 2 ? "1 field" : `${given.length - 1} fields`;
  return `expected a word and ${dimensions} numbers, got ${found} after the first`;
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Parses the numbers in fields; returns a string with the problem if one is not a number. */
function numbersOf(fields: string[]): Float32Array | string {
  const numbers = fields[0] === "" ? fields.slice(1) : fields; // after a run of leading spaces
  const vector = Float32Array.from(numbers, (field) => NUMBER.test(field) ? Number(field) : NaN);
  const at = vector.findIndex((value) => !Number.isFinite(value)); // 1e39 is infinite in float32
  return at < 0 ? vector : `${quote(numbers[at])} is not a number`;
}
