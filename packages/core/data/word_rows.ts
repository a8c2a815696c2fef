/**
 * Tables with one word per row, and a column that names the word's sentence.
 *
 * @module
 */
import {
  type Column,
  type Columns,
  type DataRecord,
  errorAt,
  inOrderOf,
  quote,
  type RecordReader,
  type Report,
  type Sample,
  throwIt,
} from "./records.ts";
import { joinWords } from "./words.ts";

/** The names of the columns of such a table. */
export interface WordColumns {
  /** The column of the sentence's number or name, filled in each row or only in its first one. */
  sentence: string;
  /** The column of the word. */
  text: string;
  /** The column of the tag. */
  label: string;
}

const SENTENCE = /^sent(ence)?[ _-]*(#|ids?|no\.?|num(ber)?|idx|index)?$/i;
const WORD = /^(words?|tokens?|form)$/i;
const TAG = /^(tags?|ner([ _-]?tags?)?|labels?|bio|pos([ _-]?tags?)?)$/i;

/** Returns whether the first line of a table may name columns of words and sentences. */
export function mayHaveWordRows(content: string): boolean {
  const first = /^\s*([^\r\n]{0,2000})/.exec(content)![1];
  return /sent/i.test(first) && /word|token|form/i.test(first);
}

/** Returns the columns of sentence, word and tag; undefined if a table lacks one. */
export function wordColumns(
  names: readonly string[],
  { textColumn, labelColumn }: { textColumn?: string; labelColumn?: string } = {},
): WordColumns | undefined {
  const sentence = names.find((name) => SENTENCE.test(name));
  const given = textColumn !== undefined && names.includes(textColumn) ? textColumn : undefined;
  const text = given ?? names.find((name) => WORD.test(name));
  if (sentence === undefined || text === undefined || !WORD.test(text)) return;
  const isFree = (name: string) => name !== sentence && name !== text;
  const label = labelColumn !== undefined && names.includes(labelColumn)
    ? labelColumn
    : ["tag", "ner_tag", "label"].flatMap((usual) =>
      names.filter((name) => name.toLowerCase() === usual)
    ).concat(names.filter((name) => TAG.test(name))).find(isFree);
  return label === undefined ? undefined : { sentence, text, label };
}

/**
 * Creates a reader of the sentences of a table with one word per row; for any other table, a reader
 * of its rows.
 *
 * @param open Opens a reader of the table's rows.
 */
export function wordRowReader(
  open: (columns: Columns) => RecordReader,
  name: string,
  columns: Columns,
  report: Report = throwIt,
): RecordReader {
  let found: WordColumns | undefined;
  let wanted: readonly Column[] = [];
  const choose = (sample: Sample) => {
    wanted = typeof columns === "function" ? columns(sample) : columns;
    const [text, label] = wanted;
    if (text.role !== "text") return wanted;
    found = wordColumns(sample.columns, { textColumn: text.name, labelColumn: label?.name });
    if (!found) return wanted;
    return [
      { name: found.sentence, role: "sentence" },
      { name: found.text, role: "text" },
      { name: found.label, role: "label" },
    ];
  };
  let line = 0, current = "", isBad = false;
  let words: string[] = [], tags: string[] = [];
  const finish = (sentences: DataRecord[]) => {
    const values = [joinWords(words), joinWords(tags)];
    const record = {
      line,
      get: (key: string) => values[wanted.findIndex(({ name }) => name === key)],
    };
    if (!isBad && words.length > 0) sentences.push(record);
    [words, tags, isBad] = [[], [], false];
  };
  const take = (sentences: DataRecord[], rows: readonly DataRecord[]) => {
    for (const row of rows) {
      if (!found) {
        sentences.push(row);
        continue;
      }
      const sentence = String(row.get(found.sentence)).trim();
      if (sentence !== "" && sentence !== current) {
        finish(sentences);
        current = sentence;
      }
      if (words.length === 0 && !isBad) line = row.line;
      const [word, tag] = [found.text, found.label].map((key) => String(row.get(key)).trim());
      const empty = word === "" ? found.text : tag === "" ? found.label : undefined;
      if (empty === undefined) {
        words.push(word);
        tags.push(tag);
      } else if (!isBad) {
        isBad = true;
        report(errorAt(name, row.line, `${quote(empty)} is empty; fill it in`), row.line);
      }
    }
  };
  const rows = open(choose), inOrder = inOrderOf<DataRecord>();
  return {
    push: (chunk) => inOrder((sentences) => take(sentences, rows.push(chunk))),
    end: () =>
      inOrder((sentences) => {
        take(sentences, rows.end());
        if (found) finish(sentences);
      }, true),
  };
}
