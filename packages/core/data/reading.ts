/**
 * How data was read: its kind, its columns, and the dialect of a table.
 *
 * @module
 */
import { type Dialect, separatorName } from "./csv.ts";
import { mayEscape, mayQuote } from "./escapes.ts";
import { DATA_FORMATS, type DataFormat, hasColumns } from "./formats.ts";
import { type Column, quote } from "./records.ts";

/** The kind of data: texts with labels, source texts with target texts, or only texts. */
export type DataKind = "labels" | "pairs" | "texts";

/** A summary of how data was read. */
export interface DataReading {
  /** The format. */
  format: DataFormat;
  /** The kind of data. */
  kind: DataKind;
  /** The dialect of a table. */
  dialect?: Dialect;
  /** The columns that were read: that of the texts, and that of the labels if there is one. */
  columns: string[];
  /** The number of examples. */
  count: number;
  /** Whether a guess differs from the defaults of the format and the column names. */
  isGuessed: boolean;
}

/** The settings that were given. */
interface ReadingOptions extends Partial<Pick<Dialect, "separator" | "quotes" | "header">> {
  kind?: DataKind;
  textColumn?: string;
  labelColumn?: string;
}

/** Returns how data was read, compared with the settings that were given. */
export function readingOf(
  options: ReadingOptions,
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
 * Describes in one line how data was read.
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
    ...(dialect && !mayQuote(dialect.quotes) ? ["quotes are text"] : []),
    ...(dialect && mayEscape(dialect.quotes) ? ["backslash escapes"] : []),
    ...(dialect ? [dialect.header ? "header" : "no header"] : []),
    `${count.toLocaleString("en")} ${count === 1 ? "row" : "rows"}; ${texts} in ${text}`,
    ...(label === undefined ? [] : [`${labels} in ${label}`]),
  ].join(", ");
}

/** Returns a format's default separator. */
export const usualSeparator = (format: DataFormat) => format === "tsv" ? "\t" : ",";

/** Returns the columns of a kind of data: texts or sources, then labels or targets if any. */
export function columnsOf(
  kind: DataKind,
  { textColumn, labelColumn }: Pick<ReadingOptions, "textColumn" | "labelColumn">,
): Column[] {
  const [text, label] = kind === "pairs" ? ["source", "target"] : ["text", "label"];
  const columns = [{ name: textColumn ?? text, role: text }];
  if (kind !== "texts") columns.push({ name: labelColumn ?? label, role: label });
  return columns;
}
