/** Tables as common programs write them. */
import type { Quotes } from "#core/data/escapes.ts";

/** A row: its text and its label. */
export type LabeledRow = [text: string, label: string];

type Encoding = "utf-16le" | "windows-1252";

/** How a program writes a table. */
export interface Writer {
  separator: string;
  /** Returns whether a field is quoted; row 0 is the header. */
  isQuoted(field: string, row: number): boolean;
  /** A line above the header. */
  before?: string;
  encoding?: Encoding;
  /** Returns the index field before the other fields of a row; row 0 is the header. */
  index?(row: number): string | undefined;
  /** The quoting style. Default: quotes are doubled. */
  quotes?: Quotes;
  /** Escapes a field. Default: doubles the quotes in a quoted field. */
  escape?(field: string, isQuoted: boolean): string;
  /** Its line ending, if it always writes the same one. */
  newline?: string;
  /** Returns whether a text can be read back from what it writes. Default: always. */
  canWrite?(text: string): boolean;
}

const needsQuotes = (separator: string) => (field: string) =>
  field.includes(separator) || /["\r\n]/.test(field);

/** Puts a backslash before each match of a pattern; `letters` replace some matches. */
const escaping = (pattern: RegExp, letters: Record<string, string> = {}) => (field: string) =>
  field.replace(pattern, (found) => `\\${letters[found] ?? found}`);

const never = () => false, always = () => true;

// R does not escape backslashes: before a quote, a backslash or the end, one would be an escape.
const R: Pick<Writer, "isQuoted" | "quotes" | "escape" | "canWrite"> = {
  isQuoted: always,
  quotes: "backslash",
  escape: escaping(/"/g),
  canWrite: (text) => !/\\(["\\]|$)/.test(text),
};
const R_NAMES = { index: (row: number) => row === 0 ? undefined : `"${row}"` };
const PANDAS: Pick<Writer, "quotes" | "escape"> = {
  quotes: "backslash",
  escape: escaping(/["\\]/g),
};
// Tabs and line ends are escaped as letters, with any delimiter.
const POSTGRES_LETTERS = { "\t": "t", "\n": "n", "\r": "r" };
const postgres = (separator: string): Writer => ({
  separator,
  isQuoted: never,
  quotes: "escapes",
  escape(field) {
    if (field === "") return "\\N";
    return escaping(new RegExp(`[\t\n\r\\\\${separator}]`, "g"), POSTGRES_LETTERS)(field);
  },
});

/** The dialects of Excel, LibreOffice, pandas, R, PostgreSQL and MySQL. */
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
  "R write.table(sep='\\t', qmethod='double')": { separator: "\t", isQuoted: () => true },
  "Excel, CSV in a code page": {
    separator: ";",
    isQuoted: needsQuotes(";"),
    encoding: "windows-1252",
  },
  "LibreOffice, only numbers unquoted": { separator: ",", isQuoted: (f) => !/^\d+$/.test(f) },
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
  "R write.table": { separator: " ", ...R, ...R_NAMES },
  "R write.table(sep='\\t')": { separator: "\t", ...R, ...R_NAMES },
  "R write.table(sep='\\t', row.names=FALSE)": { separator: "\t", ...R },
  "R write.table(sep=',', col.names=NA)": {
    separator: ",",
    ...R,
    index: (row) => row === 0 ? '""' : `"${row}"`,
  },
  "pandas to_csv(escapechar)": {
    separator: ",",
    isQuoted: (f) => f === "" || /[,\r\n]/.test(f),
    ...PANDAS,
  },
  "pandas to_csv(escapechar, sep='\\t', QUOTE_ALL)": {
    separator: "\t",
    isQuoted: always,
    ...PANDAS,
  },
  "pandas to_csv(escapechar, sep=';', QUOTE_NONE)": {
    separator: ";",
    isQuoted: never,
    quotes: "backslash",
    escape: escaping(/[";\\\r\n]/g),
  },
  "MySQL INTO OUTFILE": {
    separator: "\t",
    isQuoted: never,
    quotes: "escapes",
    escape: (field) => field === "" ? "\\N" : escaping(/[\t\n\\]/g)(field),
    canWrite: (text) => !/\r(?!\n)/.test(text),
    newline: "\n",
  },
  "MySQL INTO OUTFILE ENCLOSED BY": {
    separator: ",",
    isQuoted: (field) => field !== "",
    quotes: "backslash",
    escape: (field) => field === "" ? "\\N" : escaping(/["\\]/g)(field),
  },
  "PostgreSQL COPY": postgres("\t"),
  "PostgreSQL COPY DELIMITER ','": postgres(","),
  "PostgreSQL COPY DELIMITER '|'": postgres("|"),
};

/** Returns a table as a program writes it. */
export function write(
  { separator, isQuoted, before, index, escape = doubled, newline: own }: Writer,
  newline: string,
  rows: readonly LabeledRow[],
): string {
  const lines = [["text", "label"], ...rows].map((row, i) => {
    const fields = row.map((field) =>
      isQuoted(field, i) ? `"${escape(field, true)}"` : escape(field, false)
    );
    return [index?.(i), ...fields].filter((field) => field !== undefined).join(separator);
  });
  return [...(before ? [before] : []), ...lines, ""].join(own ?? newline);
}

const doubled = (field: string, isQuoted: boolean) =>
  isQuoted ? field.replaceAll('"', '""') : field;

/** Returns the rows that can be read back from what a program writes. */
export function writable(
  { canWrite = () => true }: Writer,
  rows: readonly LabeledRow[],
): LabeledRow[] {
  return rows.filter((row) => row.every(canWrite));
}

/** Returns the bytes of a text, with or without a byte order mark. */
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

/** Returns the encoding to give to a reader: none for UTF-8, or if a byte order mark shows it. */
export function namedEncoding({ encoding }: Writer, hasMark: boolean): Encoding | undefined {
  return encoding === "utf-16le" && hasMark ? undefined : encoding;
}
