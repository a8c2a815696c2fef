/**
 * The format that content looks like.
 *
 * @module
 */
import { type DataFormat, formatByName } from "./formats.ts";
import { LABEL_PREFIX } from "./fasttext.ts";

const LOOKED_AT = 2 ** 16; // characters

/**
 * The format that the beginning of some content looks like; `"csv"` where it looks like none.
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
 * The format of a file by its name; by its content, where the name says none, or where it says a
 * table and the content begins as no table does.
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

/** The format that has begun with a mark of its own. */
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
    if (rest.includes("_")) return "conllu"; // the mark of what is not given
  }
}

/** Whether there is a label in each of the first lines, wherever it stands. */
function isLabeled(content: string): boolean {
  const lines = linesOf(content.slice(0, 2 ** 12)).filter((line) => line.trim() !== "").slice(0, 5);
  return lines.length > 1 && lines.every((line) => /\s__label__\S/.test(line));
}

const TAG = /^(O|[BIESLUM]-\S+)$/;

/**
 * Whether lines are words with tags: all have as many columns, and either all tags are of the form
 * of B-PER, or there are blank lines between them and the first tag comes again, as the name of a
 * column would not.
 */
function looksLikeWords(beginning: string, isCut: boolean): boolean {
  const words = wordsIn(beginning, isCut);
  if (!words) return false;
  const { tags, blanksBetween, odd } = words;
  if (tags.every((tag) => TAG.test(tag))) return true;
  return odd === 0 && blanksBetween > 0 && tags.length > 2 * blanksBetween &&
    tags.indexOf(tags[0], 1) > 0;
}

/** Whether a table by tabs is one of words: all tags are of the form of B-PER, in sentences. */
function areTaggedSentences(beginning: string, isCut: boolean): boolean {
  const words = wordsIn(beginning, isCut);
  return words !== undefined && words.blanksBetween > 0 && words.tags.every((tag) => TAG.test(tag));
}

const MAX_ODD = 0.1; // the share of lines that may have another number of columns

/** The last column of lines that may be words with tags, and how they stand. */
function wordsIn(
  beginning: string,
  isCut: boolean,
): { tags: string[]; blanksBetween: number; odd: number } | undefined {
  const lines = linesOf(beginning);
  if (isCut) lines.pop(); // the last one is not whole
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
    if (fields.some((field) => /\S[,;]\S*[a-z]/i.test(field))) return undefined; // of a table
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
