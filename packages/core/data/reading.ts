/**
 * How data was read: its kind, its columns, and how a table is written.
 *
 * @module
 */
import { type Dialect, separatorName } from "./csv.ts";
import { mayEscape, mayQuote } from "./escapes.ts";
import { DATA_FORMATS, type DataFormat, hasColumns } from "./formats.ts";
import { type Column, quote } from "./records.ts";

/** What data holds: texts with labels, sources with targets, or texts alone. */
export type DataKind = "labels" | "pairs" | "texts";

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

/** What was asked for. */
interface ReadingOptions extends Partial<Pick<Dialect, "separator" | "quotes" | "header">> {
  kind?: DataKind;
  textColumn?: string;
  labelColumn?: string;
}

/** How data was read, beside what was asked for. */
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
    ...(dialect && !mayQuote(dialect.quotes) ? ["quotes are text"] : []),
    ...(dialect && mayEscape(dialect.quotes) ? ["backslash escapes"] : []),
    ...(dialect ? [dialect.header ? "header" : "no header"] : []),
    `${count.toLocaleString("en")} ${count === 1 ? "row" : "rows"}; ${texts} in ${text}`,
    ...(label === undefined ? [] : [`${labels} in ${label}`]),
  ].join(", ");
}

/** The separator that a format promises. */
export const usualSeparator = (format: DataFormat) => format === "tsv" ? "\t" : ",";

/** The columns that data of a kind has: of texts, or of sources; and but for texts alone, of labels. */
export function columnsOf(
  kind: DataKind,
  { textColumn, labelColumn }: Pick<ReadingOptions, "textColumn" | "labelColumn">,
): Column[] {
  const [text, label] = kind === "pairs" ? ["source", "target"] : ["text", "label"];
  const columns = [{ name: textColumn ?? text, role: text }];
  if (kind !== "texts") columns.push({ name: labelColumn ?? label, role: label });
  return columns;
}
