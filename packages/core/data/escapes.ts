/**
 * Quotes and backslashes in the fields of tables.
 *
 * @module
 */

/**
 * What quotes and backslashes mean in a table. `"double"`: fields may be quoted, and a quote within
 * is doubled. `"backslash"`: fields may be quoted, and a quote within is escaped by a backslash.
 * `"none"`: quotes are text. `"escapes"`: quotes are text, and backslashes escape, as databases
 * write `\t`, `\n`, `\\`, and `\N` for NULL.
 */
export type Quotes = "double" | "backslash" | "none" | "escapes";

/** All values of {@linkcode Quotes}. */
export const QUOTES: readonly Quotes[] = ["double", "backslash", "none", "escapes"];

/** Returns whether fields may be quoted. */
export function mayQuote(quotes: Quotes): boolean {
  return quotes === "double" || quotes === "backslash";
}

/** Returns whether backslashes escape. */
export function mayEscape(quotes: Quotes): boolean {
  return quotes === "backslash" || quotes === "escapes";
}

const NO_VALUE = "\\N";

/** The line that databases write after the last row. */
export const END_OF_ROWS = "\\.";

const CHARACTERS: Record<string, string> = {
  ...{ b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" },
  "0": "\0",
};
const ESCAPED = /\\(\r\n|[^])/g;

/** Resolves the escapes in an unquoted field, in a table where backslashes escape. */
export function unescapeField(field: string, quotes: Quotes, separator: string): string {
  if (!field.includes("\\") || field === END_OF_ROWS && quotes === "escapes") return field;
  if (field === NO_VALUE) return "";
  return field.replace(ESCAPED, (pair, escaped: string) => {
    if (quotes === "escapes") return CHARACTERS[escaped] ?? escaped;
    return escaped === separator || /["\\\r\n]/.test(escaped) ? escaped : pair;
  });
}

/** Resolves the escapes in the content of a quoted field. */
export function unescapeQuoted(inner: string, quotes: Quotes): string {
  if (quotes !== "backslash" || !inner.includes("\\")) return inner.replaceAll('""', '"');
  return inner.replace(/""|\\["\\]/g, (pair) => pair[1]);
}

/** Returns the index of the closing quote at or after `from`; -1 if there is none. */
export function findClosing(content: string, from: number, quotes: Quotes): number {
  for (let at = from;;) {
    const end = content.indexOf('"', at);
    if (end < 0) return -1;
    const isEscaped = quotes === "backslash" && backslashesBefore(content, end, at) % 2 === 1;
    if (!isEscaped && content[end + 1] !== '"') return end;
    at = end + (isEscaped ? 1 : 2);
  }
}

/** Counts the consecutive backslashes right before `end`, no further back than `from`. */
export function backslashesBefore(content: string, end: number, from: number): number {
  let start = end;
  while (start > from && content[start - 1] === "\\") start--;
  return end - start;
}
