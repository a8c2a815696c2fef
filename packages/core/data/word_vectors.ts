/**
 * Word vectors that others have trained, from the text files of GloVe, word2vec and fastText.
 *
 * @module
 */
import { requireInteger } from "../checks.ts";
import { quote } from "../printable.ts";
import { normalForm, tokenize, type TokenizerOptions } from "../text/tokenizer.ts";
import { UNKNOWN } from "../text/vocabulary.ts";
import { visitLines } from "./byte_lines.ts";
import { errorAt } from "./records.ts";

/** Vectors for some words. */
export interface WordVectors {
  /** How many numbers a vector has. */
  dimensions: number;
  /** The vectors that were found, by word. */
  vectors: Map<string, Float32Array>;
  /**
   * Words that a model is to know though its texts lack them, so that it can read them in texts to
   * come. They are read by their vectors as they are: training changes only what its texts have.
   */
  kept?: readonly string[];
}

/** What {@linkcode readWordVectors} finds in a file. */
export interface WordVectorsFile extends WordVectors {
  /** The words that were kept and not asked for, the file's first ones first. */
  kept: readonly string[];
  /** How many lines were left out. */
  leftOut: number;
  /** The first ten of them, and why. */
  problems: { line: number; problem: string }[];
}

/** Settings of {@linkcode readWordVectors}. */
export interface WordVectorsOptions {
  /** What to call the file in errors. Default: `"vectors"`. */
  name?: string;
  /**
   * How many of the file's first words to keep, asked for or not. Files begin with the most frequent
   * words. Default: 0.
   */
  keep?: number;
  /**
   * How texts become words: then a word of the file is found in the form that texts have it in, and
   * kept only if a text can have it as one word. Default: words are as they stand in the file.
   */
  tokenizer?: TokenizerOptions;
}

const MAX_DIMENSIONS = 10_000;
const MAX_PROBLEMS = 10;
const EARLY = 1000; // lines after which a file that is something else is given up
const RETURN = 13, SPACE = 32, TAB = 9;
const BLANKS = /[ \t]+/;
// Each digit has one place only, as a line may be a million digits and an x.
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
/** Which bytes are in no number. */
const FOREIGN = /* @__PURE__ */ Uint8Array.from(
  { length: 256 },
  (_, byte) => "0123456789+-.eE \t".includes(String.fromCharCode(byte)) ? 0 : 1,
);
const UTF8 = /* @__PURE__ */ new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const NOT_UTF8 = "not UTF-8";

/**
 * The vectors that a file has for some words. The file has a word and its numbers on each line, as
 * GloVe's, perhaps below a line with how many words and how many numbers, as word2vec's and
 * fastText's `.vec`. It is read as a stream: only the vectors that are kept take memory, however
 * large it is.
 *
 * A word that the file lacks gets the vector of the first word that is the same in lower case. Lines
 * that no vector can be read from are left out and counted: of another count of numbers, of a number
 * that is none, of a word with blanks in it that nobody asked for, or of a word that was read
 * before. The numbers of words that are not wanted are counted, not read. A first line of two whole
 * numbers is taken for a header.
 *
 * @param chunks The file's bytes, in chunks of any size; of a compressed file, decompressed.
 * @param words The words to find.
 * @throws {InputError} Where more than half of the lines cannot be read, with the first of them, or
 *   there are more or fewer than the header says.
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
  let promised: number | undefined; // how many vectors the header says there are
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

  /** Reads a line; gives what is wrong with it, if something is. */
  const readLine = (bytes: Uint8Array, line: number): string | undefined => {
    const wordEnd = startOfNumbers(bytes, dimensions);
    if (wordEnd <= 0) return problemOf(bytes, dimensions);
    const word = decode(bytes.subarray(0, wordEnd));
    if (word === undefined) return NOT_UTF8;
    const form = tokenizer ? normalForm(word, tokenizer) : word;
    const key = word.normalize("NFKC").toLowerCase();
    const isKept = good < keep && canKeep(form, tokenizer);
    if (!isKept && !isWanted(word) && !isWanted(form) && !isWanted(key)) {
      if (BLANKS.test(word)) return `the word ${quote(word)} has a blank in it`;
      good++;
      return;
    }
    const vector = numbersOf(decode(bytes.subarray(wordEnd + 1))!.split(BLANKS));
    if (typeof vector === "string") return vector;
    good++;
    if (isKept) kept.add(form);
    if (exact.has(word)) {
      repeated++;
      leaveOut(line, `the word ${quote(word)} again`);
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
  if (count === 0) throw errorAt(name, lastLine, "no vectors; give a word a line");
  refuseOther();
  if (promised !== undefined && promised !== count) {
    const problem = `the first line promises ${promised} vectors, but there are ${count}`;
    throw errorAt(name, lastLine, `${problem}; the file may be cut short`);
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

/** Whether a text can have a word, and as one. */
function canKeep(word: string, tokenizer: TokenizerOptions | undefined): boolean {
  if (word === UNKNOWN || /\s/.test(word)) return false;
  if (!tokenizer) return true;
  const words = tokenize(word, tokenizer);
  return words.length === 1 && words[0] === word;
}

/** Throws for a first vector of more numbers than the header says. */
function requirePromised(
  fields: readonly string[] = [],
  dimensions: number,
  name: string,
  line: number,
): void {
  const numbers = fields.length - 1;
  // A word may end in numbers, but a header with too few would have every word do so.
  if (numbers <= dimensions || !fields.slice(1).every((field) => NUMBER.test(field))) return;
  const problem = `${numbers} numbers, but the first line promises ${dimensions}`;
  throw errorAt(name, line, `${problem}; mend the first line or remove it`);
}

/** How many numbers end a line, its first field aside. */
function countNumbers(fields: readonly string[]): number {
  return fields.length - 1 - Math.max(0, fields.findLastIndex((field) => !NUMBER.test(field)));
}

function wrongDimensions(given: number): string {
  return `expected a word and from 1 to ${MAX_DIMENSIONS} numbers, got ${given} numbers`;
}

/** What is wrong with a first line that ends in no number. */
function firstProblem(fields: readonly string[] | undefined): string {
  if (fields === undefined) return NOT_UTF8;
  return fields.length < 2 ? wrongDimensions(0) : `${quote(fields[1])} is no number`;
}

/** What a file seems to be whose lines are mostly no word vectors. */
function looksLike(line: string): string {
  const expected = "give a word and its numbers on each line, as GloVe or fastText's .vec has them";
  const kind = line.startsWith("version https://git-lfs")
    ? "a pointer of Git LFS to the file"
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
 * Where the last so many fields begin, less one: some of GloVe's words have spaces in them. Below 0
 * where there are fewer, or where one has a character that no number has.
 */
function startOfNumbers(bytes: Uint8Array, fields: number): number {
  let left = fields, foreign = 0;
  for (let at = bytes.length - 1; at >= 0; at--) {
    foreign |= FOREIGN[bytes[at]];
    if (!isBlank(bytes[at])) continue;
    while (at > 0 && isBlank(bytes[at - 1])) at--; // a run counts once
    if (--left === 0) return foreign === 0 ? at : -1;
  }
  return -1;
}

/** What is wrong with a line that {@linkcode startOfNumbers} refuses. */
function problemOf(bytes: Uint8Array, dimensions: number): string {
  // Empty before a space that begins the line.
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

/** The numbers in some fields, or what is wrong with them. */
function numbersOf(fields: string[]): Float32Array | string {
  const numbers = fields[0] === "" ? fields.slice(1) : fields; // a run of blanks before the first
  const vector = Float32Array.from(numbers, (field) => NUMBER.test(field) ? Number(field) : NaN);
  const at = vector.findIndex((value) => !Number.isFinite(value)); // 1e39 is infinite in 32 bits
  return at < 0 ? vector : `${quote(numbers[at])} is no number`;
}
