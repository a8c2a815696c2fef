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

interface Sentence {
  line: number;
  rows: string[][];
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
  /** The fields of a line. */
  cut(text: string): string[];
  /** How many there are; else as many as in the first line. */
  width?: number;
  /** Whether a line is left out, by its fields. */
  isExtra(fields: readonly string[]): boolean;
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
  cut: (text) =>
    text.includes("\t") ? text.split("\t") : text.split(" ").filter((field) => field !== ""),
  isExtra: ([word]) => word.startsWith("-DOCSTART-"),
};

const CONLL_U: Form = {
  title: "CoNLL-U",
  names: ["id", "form", "lemma", "upos", "xpos", "feats", "head", "deprel", "deps", "misc"],
  word: 1,
  tag: 3,
  isComment: (text) => text.startsWith("#"),
  cut: (text) => text.split("\t"),
  width: 10,
  isExtra: ([id]) => /^\d+[-.]\d+$/.test(id), // a multiword range, or an empty node
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
  const { title, names, cut } = form;
  let width = form.width, widthLine = 0;
  let sentence: Sentence = { line: 0, rows: [] }, isBad = false;
  /** The column of a key, and -1 where there is none. */
  const columnOf = (key: string): number => {
    if (key === "text") return form.word;
    if (key === "label") return (form.tag + width!) % width!;
    const named = names.indexOf(key.toLowerCase());
    if (named >= 0) return named;
    const number = /^\d{1,4}$/.test(key) ? Number(key) : 0;
    return number <= width! ? number - 1 : -1;
  };
  const valueOf = ({ rows }: Sentence, key: string) => {
    const column = columnOf(key);
    return joinWords(rows.map((fields) => fields[column]));
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
    sentence = { line: 0, rows: [] };
    isBad = false;
  };
  /** What is wrong with a word's line, if anything is. */
  const problemOf = (fields: readonly string[]): string | undefined => {
    const count = `${fields.length} ${fields.length === 1 ? "column" : "columns"}`;
    if (form.width !== undefined && fields.length !== form.width) {
      return `${count} where ${title} has ${form.width}, separated by tabs`;
    }
    if (fields.length < 2) return `1 column; expected a word and its tag, such as Anna B-PER`;
    if (fields.length !== width) return `${count} where line ${widthLine} has ${width}`;
    const needed = [form.word, columnOf("label")];
    const empty = needed.find((column) => /^ *$/.test(fields[column]));
    if (empty !== undefined) return `column ${empty + 1} is empty; fill it in`;
  };
  const lines = lineReader((text, line) => {
    if (text.trim() === "") return finish();
    const fields = cut(text);
    if (
      form.isComment(text, fields.length, width, sentence.rows.length > 0) || form.isExtra(fields)
    ) {
      return;
    }
    if (sentence.line === 0) sentence.line = line;
    if (width === undefined && fields.length > 1) [width, widthLine] = [fields.length, line];
    const problem = problemOf(fields);
    if (problem === undefined) {
      sentence.rows.push(fields);
      return;
    }
    if (!isBad) report(errorAt(name, line, problem), line);
    isBad = true;
  });
  return lineRecords(lines, records, finish);
}
