/**
 * Tagged words, one a line, with a blank line between sentences: CoNLL 2003 and CoNLL-U.
 *
 * @module
 */
import {
  type Columns,
  type DataRecord,
  errorAt,
  quote,
  type RecordReader,
  type Report,
  throwIt,
} from "./records.ts";
import { lineReader } from "./lines.ts";
import { lineRecords, sampling } from "./sampling.ts";
import { joinWords } from "./words.ts";

type Separator = "\t" | " ";

interface Sentence {
  line: number;
  /** Its words' lines, of which fields are cut when they are asked for. */
  rows: string[];
  /** What stands between the fields of each. */
  separators: Separator[];
}

/** How the lines of a form are read. */
interface Form {
  /** What the form is called in errors. */
  title: string;
  /** The columns' names beside their numbers, from the first one. */
  names: readonly string[];
  /** Which column is the word, from 0. */
  word: number;
  /** Which is the tag, from 0; below 0 from the last. */
  tag: number;
  /** Whether a line is about the sentences and not a word; `isInside` one that has begun. */
  isComment(text: string, count: number, width: number | undefined, isInside: boolean): boolean;
  /** What stands between the fields of a line: a tab, or blanks. */
  separatorOf(text: string): Separator;
  /** How many there are; else as many as in the first line. */
  width?: number;
  /** Whether a line is left out, by its first field. */
  isExtra(text: string): boolean;
}

const CONLL: Form = {
  title: "CoNLL",
  names: [],
  word: 0,
  tag: -1,
  // A word may be # or begin with it: such a line has as many columns as the others.
  isComment(text, count, width, isInside) {
    if (!text.startsWith("#")) return false;
    if (width === undefined) return !/^#\S+[\t ]+\S+$/.test(text);
    return count !== width || (!isInside && /^#\s*[\w.-]+\s+=\s/.test(text));
  },
  separatorOf: (text) => text.includes("\t") ? "\t" : " ",
  isExtra: (text) => /^ *-DOCSTART-/.test(text),
};

const CONLL_U: Form = {
  title: "CoNLL-U",
  names: ["id", "form", "lemma", "upos", "xpos", "feats", "head", "deprel", "deps", "misc"],
  word: 1,
  tag: 3,
  isComment: (text) => text.startsWith("#"),
  separatorOf: () => "\t",
  width: 10,
  isExtra: (text) => /^\d+[-.]\d+(\t|$)/.test(text), // a multiword range, or an empty node
};

/**
 * Reads a record from each sentence of CoNLL 2003's form: columns by blanks or tabs, the word
 * first and its tag last. Lines of `-DOCSTART-` and comments are left out.
 *
 * @param report What to do about a line that cannot be read. Default: throw; else its sentence is
 * left out.
 * @throws {InputError} Where lines have different numbers of columns, or only one.
 */
export function conllReader(
  name: string,
  columns: Columns,
  report: Report = throwIt,
): RecordReader {
  return wordLines(CONLL, name, columns, report);
}

/**
 * Reads a record from each sentence of CoNLL-U: 10 columns by tabs, the tag UPOS. Comments,
 * multiword ranges such as 1-2, and empty nodes such as 1.1 are left out.
 *
 * @param report As for {@linkcode conllReader}.
 * @throws {InputError} Where a line does not have 10 columns.
 */
export function conlluReader(
  name: string,
  columns: Columns,
  report: Report = throwIt,
): RecordReader {
  return wordLines(CONLL_U, name, columns, report);
}

function wordLines(form: Form, name: string, columns: Columns, report: Report): RecordReader {
  const { title, names, separatorOf } = form;
  let width = form.width, widthLine = 0;
  let sentence: Sentence = { line: 0, rows: [], separators: [] }, isBad = false;
  /** The column of a key, and -1 where there is none. */
  const columnOf = (key: string): number => {
    if (key === "text") return form.word;
    if (key === "label") return (form.tag + width!) % width!;
    const named = names.indexOf(key.toLowerCase());
    if (named >= 0) return named;
    const number = /^\d{1,4}$/.test(key) ? Number(key) : 0;
    return number <= width! ? number - 1 : -1;
  };
  const valueOf = ({ rows, separators }: Sentence, key: string) => {
    const column = columnOf(key);
    return joinWords(rows.map((text, i) => fieldOf(text, separators[i], column)));
  };
  const keys = () => {
    const own = names.length > 0 ? names : Array.from({ length: width! }, (_, i) => `${i + 1}`);
    return ["text", "label", ...own];
  };
  const records = sampling<Sentence>(
    columns,
    (items) => ({
      columns: items.length > 0 ? keys() : [],
      valuesOf: (key) => items.map((item) => valueOf(item, key)),
    }),
    (item, wanted): DataRecord => {
      const missing = wanted.find(({ name }) => columnOf(name) < 0);
      if (missing) {
        const own = names.length > 0 ? ` or ${names.join(", ")}` : "";
        const problem = `no column ${quote(missing.name)}: ${title} has 1 to ${width}${own}`;
        throw errorAt(
          name,
          item.line,
          `${problem}; name one with the ${missing.role} column option`,
        );
      }
      return { line: item.line, get: (key) => valueOf(item, key) };
    },
  );
  const finish = () => {
    if (sentence.rows.length > 0 && !isBad) records.add(sentence);
    sentence = { line: 0, rows: [], separators: [] };
    isBad = false;
  };
  /** What is wrong with a word's line, if anything is. */
  const problemOf = (text: string, separator: Separator, count: number): string | undefined => {
    if (count !== width || width < 2) {
      const columns = `${count} ${count === 1 ? "column" : "columns"}`;
      if (form.width !== undefined) {
        return `${columns} where ${title} has ${form.width}, separated by tabs`;
      }
      if (count < 2) return `1 column; expected a word and its tag, such as Anna B-PER`;
      return `${columns} where line ${widthLine} has ${width}`;
    }
    if (separator === " ") return; // then none is empty
    const empty = [form.word, columnOf("label")].find((column) =>
      /^ *$/.test(fieldOf(text, separator, column))
    );
    if (empty !== undefined) return `column ${empty + 1} is empty; fill it in`;
  };
  const lines = lineReader((text, line) => {
    if (text.trim() === "") return finish();
    const separator = separatorOf(text), count = countFields(text, separator);
    if (form.isComment(text, count, width, sentence.rows.length > 0) || form.isExtra(text)) return;
    if (sentence.line === 0) sentence.line = line;
    if (width === undefined && count > 1) [width, widthLine] = [count, line];
    const problem = problemOf(text, separator, count);
    if (problem === undefined) {
      sentence.rows.push(text);
      sentence.separators.push(separator);
      return;
    }
    if (!isBad) report(errorAt(name, line, problem), line);
    isBad = true;
  });
  return lineRecords(lines, records, finish);
}

/** The place after the field that begins at a place. */
function endOf(text: string, separator: Separator, from: number): number {
  const end = text.indexOf(separator, from);
  return end < 0 ? text.length : end;
}

/** How many fields a line has; between several blanks there is none. */
function countFields(text: string, separator: Separator): number {
  let count = 0;
  for (let at = 0, end; at <= text.length; at = end + 1) {
    end = endOf(text, separator, at);
    if (end > at || separator === "\t") count++;
  }
  return count;
}

/** A field of a line, from 0. */
function fieldOf(text: string, separator: Separator, column: number): string {
  for (let at = 0, left = column, end; at <= text.length; at = end + 1) {
    end = endOf(text, separator, at);
    if ((end > at || separator === "\t") && left-- === 0) return text.slice(at, end);
  }
  return "";
}
