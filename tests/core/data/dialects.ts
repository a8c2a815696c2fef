/** Tables as people's programs write them. */

/** A row: its text and its label. */
export type LabeledRow = [text: string, label: string];

type Encoding = "utf-16le" | "windows-1252";

/** How a program writes a table. */
export interface Writer {
  separator: string;
  /** Whether a field is put in quotes. */
  isQuoted(field: string, row: number): boolean;
  /** What stands above the header. */
  before?: string;
  encoding?: Encoding;
  /** What stands before the fields of a row, of the header with 0. */
  index?(row: number): string;
}

const needsQuotes = (separator: string) => (field: string) =>
  field.includes(separator) || /["\r\n]/.test(field);

/** What Excel, LibreOffice, pandas, R and PostgreSQL write. */
export const WRITERS: Record<string, Writer> = {
  "Excel, CSV UTF-8": { separator: ",", isQuoted: needsQuotes(",") },
  "Excel in Europe": { separator: ";", isQuoted: needsQuotes(";") },
  "Excel, Unicode text": {
    separator: "\t",
    isQuoted: (field) => /[\t",\r\n]/.test(field),
    encoding: "utf-16le",
  },
  "Excel, with a sep line": { separator: ";", isQuoted: needsQuotes(";"), before: "sep=;" },
  "a sep line with a pipe": { separator: "|", isQuoted: needsQuotes("|"), before: "sep=|" },
  "LibreOffice, all texts quoted": { separator: ";", isQuoted: () => true },
  "LibreOffice, tabs": { separator: "\t", isQuoted: needsQuotes("\t") },
  "pandas to_csv": { separator: ",", isQuoted: (f) => f === "" || needsQuotes(",")(f) },
  "pandas to_csv(sep='|')": { separator: "|", isQuoted: needsQuotes("|") },
  "pandas to_csv(sep='\\t')": { separator: "\t", isQuoted: needsQuotes("\t") },
  "R write.csv": { separator: ",", isQuoted: () => true },
  "R write.csv2": { separator: ";", isQuoted: () => true },
  "R write.table(sep='\\t')": { separator: "\t", isQuoted: () => true },
  "Excel, CSV in a code page": {
    separator: ";",
    isQuoted: needsQuotes(";"),
    encoding: "windows-1252",
  },
  "LibreOffice, numbers alone unquoted": { separator: ",", isQuoted: (f) => !/^\d+$/.test(f) },
  "pandas to_csv, with its index": {
    separator: ",",
    isQuoted: needsQuotes(","),
    index: (row) => row === 0 ? "" : `${row - 1}`,
  },
  "R write.csv, with row names": {
    separator: ",",
    isQuoted: () => true,
    index: (row) => row === 0 ? '""' : `"${row}"`,
  },
  "PostgreSQL COPY CSV FORCE_QUOTE": { separator: ",", isQuoted: (_, row) => row > 0 },
  "PostgreSQL COPY CSV": { separator: ",", isQuoted: (f) => f === "" || needsQuotes(",")(f) },
};

/** A table as a program writes it. */
export function write(
  { separator, isQuoted, before, index }: Writer,
  newline: string,
  rows: readonly LabeledRow[],
): string {
  const lines = [["text", "label"], ...rows].map((row, i) => {
    const fields = row.map((field) => isQuoted(field, i) ? quoted(field) : field);
    return [...(index ? [index(i)] : []), ...fields].join(separator);
  });
  return [...(before ? [before] : []), ...lines, ""].join(newline);
}

const quoted = (field: string) => `"${field.replaceAll('"', '""')}"`;

/** The bytes of a text. */
export function encode(text: string, encoding: Encoding | undefined, hasMark: boolean): Uint8Array {
  const marked = hasMark && encoding !== "windows-1252" ? `\ufeff${text}` : text;
  if (encoding === undefined) return new TextEncoder().encode(marked);
  const codes = Array.from({ length: marked.length }, (_, i) => marked.charCodeAt(i));
  if (encoding === "utf-16le") return Uint8Array.from(codes.flatMap((c) => [c & 255, c >> 8]));
  return Uint8Array.from(codes, (code) => WESTERN.get(code) ?? code);
}

const WESTERN = new Map(
  [["€", 0x80], ["’", 0x92]].map(([c, byte]) => [(c as string).charCodeAt(0), byte as number]),
);

/** The encoding that must be named for a reader: none where a mark says it, or it is UTF-8. */
export function namedEncoding({ encoding }: Writer, hasMark: boolean): Encoding | undefined {
  return encoding === "utf-16le" && hasMark ? undefined : encoding;
}
