/**
 * Labelled texts from the content of a file.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import { onlyColumns } from "./choose_columns.ts";
import { type Dialect, separatorName } from "./csv.ts";
import { type DialectHints, settleDialect } from "./dialect.ts";
import { LABEL_PREFIX } from "./fasttext.ts";
import { DATA_FORMATS, type DataFormat, isTableFormat } from "./formats.ts";
import { readRecords } from "./read_records.ts";
import { type Column, type Columns, type DataRecord, errorAt } from "./records.ts";
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

/** What data holds: texts with labels, sources with targets, or texts alone. */
export type DataKind = "labels" | "pairs" | "texts";

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
   * What stands between the fields of a table: one character. Default: what it looks like; the
   * format's own, a comma or a tab, where that fits.
   */
  separator?: string;
  /** Whether fields may stand in quotes, or quotes are text. Default: what it looks like. */
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
  /** Called at the end with how the content was read. */
  onRead?: (reading: DataReading) => void;
}

/** How data was read. */
export interface DataReading {
  /** The form. */
  format: DataFormat;
  /** What it holds. */
  kind: DataKind;
  /** How a table is written. */
  dialect?: Dialect;
  /** The columns that were read: of the texts, and of the labels if there are any. */
  columns: string[];
  /** The number of examples. */
  count: number;
  /** Whether any of it was guessed, and is not what the format and the names promise. */
  isGuessed: boolean;
}

/**
 * How many characters a text may have. All states of a sentence stay in memory until its end, and
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
  const { format = "csv", name = "data", kind = "labels", onRead } = options;
  let columns = columnsOf(kind, options);
  const whole = content.replace(/^\ufeff/, "");
  if (whole.trim() === "") {
    throw errorAt(name, 1, `no content; expected ${expected(format, columns)}`);
  }
  const dialect = dialectOf(whole, format, kind, options);
  const isChosen = hasColumns(format) && (options.guess ?? dialect?.header === false);
  const wanted: Columns = isChosen
    ? (sample) => {
      const usual = columns.map(({ name }) => name);
      const [textColumn, labelColumn] = onlyColumns(sample, kind, usual, options);
      return columns = columnsOf(kind, { textColumn, labelColumn });
    }
    : columns;
  const records = readRecords(whole, format, name, wanted, { dialect });
  const examples = Array.from(records, (record) => exampleOf(record, columns, name));
  const names = columns.map(({ name }) => name);
  onRead?.(readingOf(options, format, dialect, names, examples.length));
  return examples;
}

/** Whether data of a format has columns or keys of any name. */
export function hasColumns(format: DataFormat): boolean {
  return isTableFormat(format) || format === "jsonl" || format === "json";
}

/** How data was read, beside what was asked for. */
export function readingOf(
  options: ParseOptions,
  format: DataFormat,
  dialect: Dialect | undefined,
  columns: string[],
  count: number,
): DataReading {
  const { kind = "labels", separator, quotes = "double", header = true } = options;
  const asked = columnsOf(kind, options).map(({ name }) => name);
  const isGuessed = hasColumns(format) && columns.join("\n") !== asked.join("\n") ||
    dialect !== undefined &&
      (dialect.separator !== (separator ?? usualSeparator(format)) ||
        dialect.quotes !== quotes || dialect.header !== header);
  return { format, kind, dialect, columns, count, isGuessed };
}

/**
 * How data was read, in one line.
 *
 * @example
 * ```ts
 * import { type DataReading, describeReading, parseExamples } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const said: string[] = [];
 * const onRead = (reading: DataReading) => said.push(describeReading(reading));
 * parseExamples("review;stars\nGood, very good;5\nBad;1\n", { guess: true, onRead });
 * assertEquals(said, ['CSV with semicolons, header, 2 rows; texts in "review", labels in "stars"']);
 * ```
 */
export function describeReading(
  { format, kind, dialect, columns, count }: DataReading,
): string {
  const [text, label] = columns.map((name) =>
    dialect && /^\d+$/.test(name) ? `column ${name}` : quote(name)
  );
  const [texts, labels] = kind === "pairs" ? ["sources", "targets"] : ["texts", "labels"];
  const form = dialect === undefined
    ? DATA_FORMATS[format].title
    : dialect.separator === "\t"
    ? "TSV"
    : dialect.separator === ","
    ? "CSV"
    : `CSV with ${separatorName(dialect.separator)}`;
  return [
    form,
    ...(dialect?.quotes === "none" ? ["quotes are text"] : []),
    ...(dialect ? [dialect.header ? "header" : "no header"] : []),
    `${count.toLocaleString("en")} ${count === 1 ? "row" : "rows"}; ${texts} in ${text}`,
    ...(label === undefined ? [] : [`${labels} in ${label}`]),
  ].join(", ");
}

const usualSeparator = (format: DataFormat) => format === "tsv" ? "\t" : ",";

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

/** The columns that data of a kind has: of texts, or of sources; and but for texts alone, of labels. */
export function columnsOf(
  kind: DataKind,
  { textColumn, labelColumn }: Pick<ParseOptions, "textColumn" | "labelColumn">,
): Column[] {
  const [text, label] = kind === "pairs" ? ["source", "target"] : ["text", "label"];
  const columns = [{ name: textColumn ?? text, role: text }];
  if (kind !== "texts") columns.push({ name: labelColumn ?? label, role: label });
  return columns;
}

/** The example in a record. */
export function exampleOf(
  record: DataRecord,
  [text, label]: readonly Column[],
  name: string,
): Example {
  return {
    text: textOf(record, text.name, name),
    label: label ? labelOf(record, label, name) : "",
    where: `${name}:${record.line}`,
  };
}

/** Throws for a text longer than {@linkcode MAX_TEXT_LENGTH}. */
export function requireLength(text: string, place = ""): void {
  if (text.length <= MAX_TEXT_LENGTH) return;
  const size = `${text.length} characters; at most ${MAX_TEXT_LENGTH} are read`;
  throw new InputError(`${place}the text ${quote(text)} has ${size}, so cut it into pieces`);
}

/** What a file of a form begins with. */
export function expected(format: DataFormat, columns: readonly Column[]): string {
  const names = columns.map(({ name }) => name);
  const object = `{${names.map((name) => `${JSON.stringify(name)}: "…"`).join(", ")}}`;
  if (format === "jsonl") return `a line such as ${object}`;
  if (format === "json") return `an array such as [${object}]`;
  if (format === "fasttext") return `a line such as ${LABEL_PREFIX}good and its text`;
  if (DATA_FORMATS[format].hasTags) return "a line for each word, and its tag at the end";
  return `a header such as ${names.join(format === "tsv" ? "TAB" : ",")}, and examples below it`;
}

function textOf(record: DataRecord, column: string, name: string): string {
  const text = record.get(column);
  const { line } = record;
  if (typeof text !== "string") {
    throw errorAt(name, line, `${quote(column)} should be a string, got ${describe(text)}`);
  }
  requireLength(text, `${name}:${line}: `);
  return text;
}

function labelOf(record: DataRecord, { name: column, role }: Column, name: string): string {
  const label = record.get(column);
  if (!["string", "number", "boolean"].includes(typeof label)) {
    const expected = `${quote(column)} should be a string, a number or a boolean`;
    throw errorAt(name, record.line, `${expected}, got ${describe(label)}`);
  }
  const text = String(label).trim();
  // Two spellings of a label are one; a target is left as it is.
  if (text !== "") return role === "label" ? toNfc(text) : text;
  throw errorAt(name, record.line, `${quote(column)} is empty; fill it in, or remove the row`);
}

function describe(value: unknown): string {
  if (value === null) return "null";
  return `the ${Array.isArray(value) ? "array" : typeof value} ${quote(value)}`;
}
