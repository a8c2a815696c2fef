/**
 * Tagged words, one per line, with a blank line between sentences: CoNLL 2003 and CoNLL-U.
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
  /** The lines of its words; their fields are split when they are read. */
  rows: string[];
  /** The separator of the fields in each line. */
  separators: Separator[];
}

/** How the lines of a format are read. */
interface Form {
  /** The format's name in errors. */
  title: string;
  /** The names of the columns, in order; each column can also be given by its number. */
  names: readonly string[];
  /** The column of the word, from 0. */
  word: number;
  /** The column of the tag, from 0; a negative number counts from the end. */
  tag: number;
  /** Whether a line is a comment and not a word; `isInside`: whether a sentence is open. */
  isComment(text: string, count: number, width: number | undefined, isInside: boolean): boolean;
  /** The separator of a line's fields: a tab, or spaces. */
  separatorOf(text: string): Separator;
  /** The number of columns. Default: that of the first line. */
  width?: number;
  /** Whether a line is skipped because of its first field. */
  isExtra(text: string): boolean;
}

const CONLL: Form = {
  title: "CoNLL",
  names: [],
  word: 0,
  tag: -1,
  // A word may begin with #; its line has as many columns as the others, unlike most comments.
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
 * Creates a reader of CoNLL 2003 files, with one record per sentence. Columns are separated by
 * spaces or tabs, the word first and its tag last. `-DOCSTART-` lines and comments are skipped.
 *
 * @param report Called for a line that cannot be read, whose sentence is then skipped. Default:
 *   throws.
 * @throws {InputError} From `push` and `end`, if lines differ in columns or have only one.
 */
export function conllReader(
  name: string,
  columns: Columns,
  report: Report = throwIt,
): RecordReader {
  return wordLines(CONLL, name, columns, report);
}

/**
 * Creates a reader of CoNLL-U files, with one record per sentence: 10 columns separated by tabs,
 * the tag UPOS. Comments, multiword ranges such as 1-2, and empty nodes such as 1.1 are skipped.
 *
 * @param report As for {@linkcode conllReader}.
 * @throws {InputError} From `push` and `end`, if a line does not have 10 columns.
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
  /** Returns the column of a key; -1 if there is none. */
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
  /** Returns what is wrong with the line of a word, if anything. */
  const problemOf = (text: string, separator: Separator, count: number): string | undefined => {
    if (count !== width || width < 2) {
      const columns = `${count} ${count === 1 ? "column" : "columns"}`;
      if (form.width !== undefined) {
        return `${columns} where ${title} has ${form.width}, separated by tabs`;
      }
      if (count < 2) return `1 column; expected a word and its tag, such as Anna B-PER`;
      return `${columns} where line ${widthLine} has ${width}`;
    }
    if (separator === " ") return; // then no field can be empty
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

/** Returns the end of the field that begins at `from`. */
function endOf(text: string, separator: Separator, from: number): number {
  const end = text.indexOf(separator, from);
  return end < 0 ? text.length : end;
}

/** Counts the fields of a line; a run of spaces is one separator. */
function countFields(text: string, separator: Separator): number {
  let count = 0;
  for (let at = 0, end; at <= text.length; at = end + 1) {
    end = endOf(text, separator, at);
    if (end > at || separator === "\t") count++;
  }
  return count;
}

/** Returns the field in a column, from 0. */
function fieldOf(text: string, separator: Separator, column: number): string {
  for (let at = 0, left = column, end; at <= text.length; at = end + 1) {
    end = endOf(text, separator, at);
    if ((end > at || separator === "\t") && left-- === 0) return text.slice(at, end);
  }
  return "";
}
