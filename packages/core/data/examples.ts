/**
 * Reads examples, such as labeled texts, from the content of a file.
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

/** A text with its label; for a translation model, a source text with its target text. */
export interface Example {
  /** The text. */
  text: string;
  /** Its label, its tags, or its target text; undefined if the texts have none. */
  label?: string;
  /** Its place in the data, for errors: `train.csv:7`. */
  where?: string;
}

/** Settings of {@linkcode parseExamples}. */
export interface ParseOptions {
  /** The format of the content. Default: `"csv"`. */
  format?: DataFormat;
  /** The kind of data. Default: `"labels"`. */
  kind?: DataKind;
  /** The content's name in errors. Default: `"data"`. */
  name?: string;
  /** The column or key of the texts. Default: `"text"`, or `"source"` for pairs. */
  textColumn?: string;
  /** The column or key of the labels. Default: `"label"`, or `"target"` for pairs. */
  labelColumn?: string;
  /**
   * The separator between labels, for texts with any number of labels. A label field may then be
   * empty, a JSON list of labels, or several fastText labels. Default: each text has one label.
   */
  labelSeparator?: string;
  /**
   * The character between the fields of a table. Default: detected, with a preference for the
   * format's own, a comma or a tab.
   */
  separator?: string;
  /** What quotes and backslashes mean in a table. Default: detected. */
  quotes?: Dialect["quotes"];
  /**
   * Whether the first row of a table has the column names. Without a header, columns are named
   * `"1"`, `"2"` and so on. Default: detected.
   */
  header?: boolean;
  /**
   * Whether to choose a column by its values if it is not given, has no usual name, and only one
   * column fits. Default: false, or true for a table without a header.
   */
  guess?: boolean;
  /**
   * The maximum length of a text in characters; `textLimitOf` returns a model's. Default: 100,000.
   */
  maxTextLength?: number;
  /** Called at the end with a summary of how the content was read. */
  onRead?: (reading: DataReading) => void;
}

/**
 * The maximum length of a text, in characters, if all its hidden states stay in memory: 100,000
 * characters are already some 20,000 states.
 */
export const MAX_TEXT_LENGTH = 100_000;

/**
 * Parses the examples in a file's content: CSV or TSV, JSON Lines or a JSON array of objects,
 * tagged words, or fastText lines. Blank lines are skipped, and labels are trimmed. The words of a
 * tagged sentence become one text, and its tags one label, both separated by spaces.
 *
 * @throws {InputError} If something cannot be read, with the line.
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

/** How a text is read, settled from its beginning. */
interface Opening {
  /** The format. */
  format: DataFormat;
  /** Returns the columns to read, given the dialect of a table. */
  columns(dialect: Dialect | undefined): Columns;
  /** The columns to name in the error for a blank text. */
  named: readonly Column[];
}

/**
 * Creates a reader of examples from text.
 *
 * @param settings `open`: settles from the beginning of the text how to read it. `report`: called
 *   for a record that cannot be read, which is then skipped. Default: throws.
 * @returns The reader, and `count()`, the number of its examples so far.
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
    // The columns to use if the file has no rows.
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

/** Returns the dialect of a table; undefined for other formats. */
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

/** Builds an example from a record. */
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

/** Throws if a text is longer than a limit in characters. */
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
  // Labels are normalized, so that equal-looking ones match; target texts stay unchanged.
  if (text !== "" || separator !== undefined) return role === "label" ? toNfc(text) : text;
  throw errorAt(name, record.line, `${quote(column)} is empty; fill it in, or remove the row`);
}

function describe(value: unknown): string {
  if (value === null) return "null";
  return `the ${Array.isArray(value) ? "array" : typeof value} ${quote(value)}`;
}
