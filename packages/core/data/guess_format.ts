/**
 * Guesses the format of data from its content.
 *
 * @module
 */
import { type DataFormat, formatByName } from "./formats.ts";
import { LABEL_PREFIX } from "./fasttext.ts";

const LOOKED_AT = 2 ** 16; // characters examined

/**
 * Guesses the format of content from its beginning; `"csv"` if no format fits.
 *
 * @example
 * ```ts
 * import { guessFormat } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(guessFormat('[{"text": "good", "label": "up"}]'), "json");
 * assertEquals(guessFormat("Anna B-PER\nsleeps O\n\nBerlin B-LOC\nwakes O\n"), "conll");
 * ```
 */
export function guessFormat(content: string): DataFormat {
  const beginning = content.slice(0, LOOKED_AT).replace(/^\ufeff/, "");
  const marked = markedFormat(beginning);
  if (marked) return marked;
  const [first] = beginning.trimStart().split(/[\r\n]/, 1);
  if (looksLikeWords(beginning, content.length > LOOKED_AT)) return "conll";
  return first.includes("\t") ? "tsv" : "csv";
}

/**
 * Detects the format of a file from its name; from its content, if the name has no known extension,
 * or if the content clearly begins in another format.
 */
export function detectFormat(
  name: string,
  content: string,
): { format: DataFormat; isGuess: boolean } {
  const named = formatByName(name);
  if (named === undefined) return { format: guessFormat(content), isGuess: true };
  const isTable = named === "csv" || named === "tsv";
  const beginning = content.slice(0, LOOKED_AT).replace(/^\ufeff/, "");
  let marked = isTable || named === "json" || named === "conll"
    ? markedFormat(beginning)
    : undefined;
  if (named === "tsv" && areTaggedSentences(beginning, content.length > LOOKED_AT)) {
    marked ??= "conll";
  }
  if (marked === undefined || marked === named) return { format: named, isGuess: false };
  return { format: marked, isGuess: true };
}

/** Returns the format whose distinctive beginning the content has, if any. */
function markedFormat(beginning: string): DataFormat | undefined {
  const content = beginning.trimStart();
  if (/^\[\s*[{\]]/.test(content)) return "json";
  if (content.startsWith("{")) return "jsonl";
  if (content.startsWith(LABEL_PREFIX) || isLabeled(content)) return "fasttext";
  if (content.startsWith("-DOCSTART-")) return "conll";
  const word = linesOf(content).find((line) => line.trim() !== "" && !line.startsWith("#"));
  const [id, ...rest] = word?.split("\t") ?? [];
  const [, , , , , head] = rest;
  if (rest.length === 9 && /^\d+([-.]\d+)?$/.test(id) && /^(\d+|_)$/.test(head)) {
    if (rest.includes("_")) return "conllu"; // an unspecified field
  }
}

/** Returns whether each of the first lines has a fastText label after its first word. */
function isLabeled(content: string): boolean {
  const lines = linesOf(content.slice(0, 2 ** 12)).filter((line) => line.trim() !== "").slice(0, 5);
  return lines.length > 1 && lines.every((line) => /\s__label__\S/.test(line));
}

const TAG = /^(O|[BIESLUM]-\S+)$/;

/**
 * Returns whether lines are words with tags: all tags look like `B-PER`; or all lines have the same
 * number of columns, blank lines lie between them, and the first tag recurs, unlike a column name.
 */
function looksLikeWords(beginning: string, isCut: boolean): boolean {
  const words = wordsIn(beginning, isCut);
  if (!words) return false;
  const { tags, blanksBetween, odd } = words;
  if (tags.every((tag) => TAG.test(tag))) return true;
  return odd === 0 && blanksBetween > 0 && tags.length > 2 * blanksBetween &&
    tags.indexOf(tags[0], 1) > 0;
}

/** Returns whether tab-separated lines are tagged sentences: all tags look like `B-PER`. */
function areTaggedSentences(beginning: string, isCut: boolean): boolean {
  const words = wordsIn(beginning, isCut);
  return words !== undefined && words.blanksBetween > 0 && words.tags.every((tag) => TAG.test(tag));
}

const MAX_ODD = 0.1; // the fraction of lines that may have another number of columns

/** Reads the last column of lines that may be words with tags; undefined if they are not. */
function wordsIn(
  beginning: string,
  isCut: boolean,
): { tags: string[]; blanksBetween: number; odd: number } | undefined {
  const lines = linesOf(beginning);
  if (isCut) lines.pop(); // the last line is incomplete
  const rows: string[][] = [];
  let blanks = 0, blanksBetween = 0, columns = 0, odd = 0;
  for (const line of lines) {
    if (line.trim() === "") {
      if (rows.length > 0) blanks++;
      continue;
    }
    if (/^#\s/.test(line) && rows.length === 0) continue; // comments above the first sentence
    const fields = line.includes("\t") ? line.split("\t") : line.trim().split(/ +/);
    columns ||= fields.length;
    const isComment = line.startsWith("#") && fields.length !== columns;
    if (isComment || /^#\s*[\w.-]+\s+=\s/.test(line)) continue;
    if (columns < 2) return undefined;
    if (fields.length !== columns) {
      odd++;
      continue;
    }
    if (fields.some((field) => /\S[,;]\S*[a-z]/i.test(field))) return undefined; // a table
    if (/\s\S+\s/.test(fields[0])) return undefined; // a text
    rows.push(fields);
    if (blanks > 0) blanksBetween++;
    blanks = 0;
  }
  if (rows.length < 2 || odd > MAX_ODD * rows.length) return undefined;
  const tags = rows.map((fields) => fields[columns - 1]);
  if (tags.some((tag) => /\p{L}[.,;:!?]$|.[\s"{}]./u.test(tag))) return undefined; // prose
  return { tags, blanksBetween, odd };
}

function linesOf(text: string): string[] {
  return text.split(/\r\n|\r|\n/);
}
