/**
 * Labeled texts from the content of a file.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import { onlyColumns } from "./choose_columns.ts";
import type { Dialect } from "./csv.ts";
import { type DialectHints, settleDialect } from "./dialect.ts";
import { type DataFormat, hasColumns, isTableFormat } from "./formats.ts";
import {
  columnsOf,
  type DataKind,
  type DataReading,
  readingOf,
  usualSeparator,
} from "./reading.ts";
import { recordReader } from "./read_records.ts";
import {
  type Column,
  type Columns,
  type DataRecord,
  errorAt,
  type Report,
  throwIt,
} from "./records.ts";
import { noContent, readText, type TextReader, textReader } from "./text_reader.ts";
import { mayHaveWordRows } from "./word_rows.ts";
import { quote } from "../printable.ts";
import { toNfc } from "../text/nfc.ts";

/** A text and what it is; for a model that translates, the text that it should give. */
export interface Example {
  /** The text. */
  text: string;
  /** Its label, or its target; none where texts have none. */
  label?: string;
  /** Where it stands, for errors: `train.csv:7`. */
  where?: string;
}

/** Settings of {@linkcode parseExamples}. */
export interface ParseOptions {
  /** The form of the content. Default: `"csv"`. */
  format?: DataFormat;
  /** What it holds. Default: `"labels"`. */
  kind?: DataKind;
  /** What to call the content in errors. Default: `"data"`. */
  name?: string;
  /** The column or key of the texts. Default: `"text"`, of pairs `"source"`. */
  textColumn?: string;
  /** The column or key of the labels. Default: `"label"`, of pairs `"target"`. */
  labelColumn?: string;
  /**
   * What stands between the labels of a text that may have several, or none: then a label may be
   * empty, a list of labels in JSON, or more than one of fastText's. Default: a text has one label.
   */
  labelSeparator?: string;
  /**
   * What stands between the fields of a table: one character. Default: what it looks like; the
   * format's own, a comma or a tab, where that fits.
   */
  separator?: string;
  /** What quotes and backslashes mean in a table. Default: what it looks like. */
  quotes?: Dialect["quotes"];
  /**
   * Whether the first row of a table has the columns' names. Without them, columns are `"1"`, `"2"`
   * and so on. Default: what it looks like.
   */
  header?: boolean;
  /**
   * Whether a column that is not given and not found by its usual name is chosen by what it holds,
   * where only one fits. Default: false, but for a table without a header.
   */
  guess?: boolean;
  /**
   * How many characters a text may have; `textLimitOf` says what a model can take. Default: 100,000.
   */
  maxTextLength?: number;
  /** Called at the end with how the content was read. */
  onRead?: (reading: DataReading) => void;
}

/**
 * How many characters a text may have where all states of a sentence stay in memory until its end:
 * 100,000 characters are some 20,000 states already.
 */
export const MAX_TEXT_LENGTH = 100_000;

/**
 * The examples in a file's content: CSV or TSV with a header, JSON Lines or an array of objects,
 * tagged words, or fastText's lines. Blank lines are skipped, and blank space around a label is
 * left out. Words with tags become one text and one label, with spaces between them.
 *
 * @throws {InputError} For whatever cannot be read, with the line.
 *
 * @example
 * ```ts
 * import { parseExamples } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseExamples('text,label\n"good, very good",positive\n', { name: "a.csv" }), [
 *   { text: "good, very good", label: "positive", where: "a.csv:2" },
 * ]);
 * ```
 */
export function parseExamples(content: string, options: ParseOptions = {}): Example[] {
  const { format = "csv", kind = "labels" } = options;
  const asked = columnsOf(kind, options);
  const columns = (dialect: Dialect | undefined): Columns => {
    if (!hasColumns(format) || !(options.guess ?? dialect?.header === false)) return asked;
    return (sample) => {
      const usual = asked.map(({ name }) => name);
      const [textColumn, labelColumn] = onlyColumns(sample, kind, usual, options);
      return columnsOf(kind, { textColumn, labelColumn });
    };
  };
  const reader = exampleReader({ ...options, open: () => ({ format, columns, named: asked }) });
  return [...readText(reader, content)];
}

/** What the beginning of a text settles. */
interface Opening {
  /** The form. */
  format: DataFormat;
  /** The columns, by how a table is written. */
  columns(dialect: Dialect | undefined): Columns;
  /** Those that the error of a blank text names. */
  named: readonly Column[];
}

/**
 * A reader of examples from text.
 *
 * @param settings `open`: settles how the text is read, by its beginning. `report`: what to do about
 * a record that cannot be read. Default: throw; else it is left out.
 * @returns The reader, and the number of its examples so far.
 */
export function exampleReader(
  settings: ParseOptions & { open: (beginning: string) => Opening; report?: Report },
): TextReader<Example> & { count(): number } {
  const { name = "data", kind = "labels", report = throwIt, maxTextLength } = settings;
  let count = 0;
  const open = (beginning: string): TextReader<Example> => {
    const { format, columns } = settings.open(beginning);
    const dialect = dialectOf(beginning, format, kind, settings);
    const chosen = columns(dialect);
    // The columns of a file without any row.
    let wanted = typeof chosen === "function"
      ? chosen({ columns: [], valuesOf: () => [] })
      : chosen;
    const choose: Columns = typeof chosen === "function"
      ? (sample) => wanted = chosen(sample)
      : chosen;
    const { labelSeparator } = settings;
    const how = { dialect, report, labelSeparator };
    const records = recordReader(beginning, format, name, choose, how);
    const take = (some: readonly DataRecord[]): Example[] => {
      const examples: Example[] = [];
      for (const record of some) {
        try {
          examples.push(exampleOf(record, wanted, name, { labelSeparator, maxTextLength }));
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
          report(error, record.line);
        }
      }
      count += examples.length;
      return examples;
    };
    return {
      push: (chunk) => take(records.push(chunk)),
      end() {
        const last = take(records.end());
        const names = wanted.map(({ name }) => name);
        settings.onRead?.(readingOf(settings, format, dialect, names, count));
        return last;
      },
    };
  };
  const reader = textReader(open, (beginning) => {
    const { format, named } = settings.open(beginning);
    return noContent(name, format, named);
  });
  return { ...reader, count: () => count };
}

/** How a table is written; none for other formats. */
export function dialectOf(
  content: string,
  format: DataFormat,
  kind: DataKind,
  { separator, quotes, header, textColumn, labelColumn }: ParseOptions,
): Dialect | undefined {
  if (!isTableFormat(format)) return undefined;
  const usual = columnsOf(kind, {}).map(({ name }) => name);
  const wanted = columnsOf(kind, { textColumn, labelColumn }).map(({ name }) => name);
  const given = [textColumn, labelColumn]
    .filter((name) => name !== undefined && !usual.includes(name)) as string[];
  const hints: DialectHints = {
    ...{ separator, quotes, given, wanted, usual, expected: usualSeparator(format) },
    header: header ?? (mayHaveWordRows(content) ? true : undefined),
  };
  return settleDialect(content, hints);
}

/** The example in a record. */
export function exampleOf(
  record: DataRecord,
  [text, label]: readonly Column[],
  name: string,
  { labelSeparator, maxTextLength }: Pick<ParseOptions, "labelSeparator" | "maxTextLength"> = {},
): Example {
  return {
    text: textOf(record, text.name, name, maxTextLength),
    label: label ? labelOf(record, label, name, labelSeparator) : "",
    where: `${name}:${record.line}`,
  };
}

/** Throws for a text longer than a limit. */
export function requireLength(text: string, limit = MAX_TEXT_LENGTH, place = ""): void {
  if (text.length <= limit) return;
  const size = `${text.length} characters; at most ${limit} are read`;
  throw new InputError(`${place}the text ${quote(text)} has ${size}, so cut it into pieces`);
}

function textOf(
  record: DataRecord,
  column: string,
  name: string,
  maxTextLength: number | undefined,
): string {
  const text = record.get(column);
  const { line } = record;
  if (typeof text !== "string") {
    throw errorAt(name, line, `${quote(column)} should be a string, got ${describe(text)}`);
  }
  requireLength(text, maxTextLength, `${name}:${line}: `);
  return text;
}

function labelOf(
  record: DataRecord,
  { name: column, role }: Column,
  name: string,
  separator?: string,
): string {
  const value = record.get(column);
  const isList = separator !== undefined && Array.isArray(value) &&
    value.every((each) => typeof each === "string");
  const label = isList ? value.join(separator) : value;
  if (!["string", "number", "boolean"].includes(typeof label)) {
    const expected = `${quote(column)} should be a string, a number or a boolean`;
    throw errorAt(name, record.line, `${expected}, got ${describe(label)}`);
  }
  const text = String(label).trim();
  // Two spellings of a label are one; a target is left as it is.
  if (text !== "" || separator !== undefined) return role === "label" ? toNfc(text) : text;
  throw errorAt(name, record.line, `${quote(column)} is empty; fill it in, or remove the row`);
}

function describe(value: unknown): string {
  if (value === null) return "null";
  return `the ${Array.isArray(value) ? "array" : typeof value} ${quote(value)}`;
}
