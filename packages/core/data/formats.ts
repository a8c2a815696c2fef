/**
 * The table of formats of data.
 *
 * @module
 */

/**
 * The formats of data: comma-separated, tab-separated, one JSON object a line, an array of JSON
 * objects, tagged words of CoNLL 2003 and of CoNLL-U, and fastText's.
 */
export type DataFormat = "csv" | "tsv" | "jsonl" | "json" | "conll" | "conllu" | "fasttext";

/** What is known of a format. */
export interface FormatDescription {
  /** Its name in texts. */
  title: string;
  /** What the names of its files end with, lower case, without a dot. */
  extensions: readonly string[];
  /** Whether each word has a tag of its own, so that taggers alone learn from it. */
  hasTags?: boolean;
}

/** All formats, by the names that options give them. */
export const DATA_FORMATS: Readonly<Record<DataFormat, FormatDescription>> = {
  csv: { title: "CSV", extensions: ["csv"] },
  tsv: { title: "TSV", extensions: ["tsv"] },
  jsonl: { title: "JSON Lines", extensions: ["jsonl", "ndjson"] },
  json: { title: "JSON array", extensions: ["json"] },
  conll: { title: "CoNLL", extensions: ["conll", "iob", "bio"], hasTags: true },
  conllu: { title: "CoNLL-U", extensions: ["conllu"], hasTags: true },
  fasttext: { title: "fastText", extensions: [] },
};

/** Whether a format is of rows and columns. */
export function isTableFormat(format: DataFormat): format is "csv" | "tsv" {
  return format === "csv" || format === "tsv";
}

/**
 * The format that a file's name says, if it says any.
 *
 * @example
 * ```ts
 * import { formatByName } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(formatByName("train.CoNLL"), "conll");
 * assertEquals(formatByName("train.txt"), undefined);
 * ```
 */
export function formatByName(name: string): DataFormat | undefined {
  const extension = /\.([a-z]+)$/i.exec(name)?.[1].toLowerCase();
  if (extension === undefined) return undefined;
  const formats = Object.keys(DATA_FORMATS) as DataFormat[];
  return formats.find((format) => DATA_FORMATS[format].extensions.includes(extension));
}

/** Whether data of a format has columns or keys of any name. */
export function hasColumns(format: DataFormat): boolean {
  return isTableFormat(format) || format === "jsonl" || format === "json";
}
