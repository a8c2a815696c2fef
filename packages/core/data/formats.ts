/**
 * The table of data formats.
 *
 * @module
 */

/**
 * Data formats: comma-separated, tab-separated, JSON Lines, a JSON array of objects, the tagged
 * words of CoNLL 2003 and CoNLL-U, and fastText's labeled lines.
 */
export type DataFormat = "csv" | "tsv" | "jsonl" | "json" | "conll" | "conllu" | "fasttext";

/** The description of a format. */
export interface FormatDescription {
  /** Its display name. */
  title: string;
  /** The extensions of its files, in lower case and without a dot. */
  extensions: readonly string[];
  /** Whether each word has a tag, so that only taggers can learn from it. */
  hasTags?: boolean;
}

/** All formats, by name. */
export const DATA_FORMATS: Readonly<Record<DataFormat, FormatDescription>> = {
  csv: { title: "CSV", extensions: ["csv"] },
  tsv: { title: "TSV", extensions: ["tsv"] },
  jsonl: { title: "JSON Lines", extensions: ["jsonl", "ndjson"] },
  json: { title: "JSON array", extensions: ["json"] },
  conll: { title: "CoNLL", extensions: ["conll", "iob", "bio"], hasTags: true },
  conllu: { title: "CoNLL-U", extensions: ["conllu"], hasTags: true },
  fasttext: { title: "fastText", extensions: [] },
};

/** Returns whether a format has rows and columns. */
export function isTableFormat(format: DataFormat): format is "csv" | "tsv" {
  return format === "csv" || format === "tsv";
}

/**
 * Returns the format of a file from its name's extension; undefined if it is not a known one.
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

/** Returns whether data in a format has named columns or keys. */
export function hasColumns(format: DataFormat): boolean {
  return isTableFormat(format) || format === "jsonl" || format === "json";
}
