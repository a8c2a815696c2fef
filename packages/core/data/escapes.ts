/**
 * Quotes and backslashes in the fields of tables.
 *
 * @module
 */

/**
 * What quotes and backslashes mean in a table. `"double"`: a field may stand in quotes, a quote
 * within doubled. `"backslash"`: a field may stand in quotes, a quote within with a backslash before
 * it. `"none"`: quotes are text. `"escapes"`: quotes are text, and backslashes escape, as databases
 * write `\t`, `\n`, `\\`, and `\N` for a field without value.
 */
export type Quotes = "double" | "backslash" | "none" | "escapes";

/** What quotes may mean in a table, by the names that options give it. */
export const QUOTES: readonly Quotes[] = ["double", "backslash", "none", "escapes"];

/** Whether fields may stand in quotes. */
export function mayQuote(quotes: Quotes): boolean {
  return quotes === "double" || quotes === "backslash";
}

/** Whether backslashes escape. */
export function mayEscape(quotes: Quotes): boolean {
  return quotes === "backslash" || quotes === "escapes";
}

const NO_VALUE = "\\N";

/** How databases end their rows, on a line alone. */
export const END_OF_ROWS = "\\.";

const CHARACTERS: Record<string, string> = {
  ...{ b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" },
  "0": "\0",
};
const ESCAPED = /\\(\r\n|[^])/g;

/** What a field says that does not stand in quotes, in a table where backslashes escape. */
export function unescapeField(field: string, quotes: Quotes, separator: string): string {
  if (!field.includes("\\") || field === END_OF_ROWS && quotes === "escapes") return field;
  if (field === NO_VALUE) return "";
  return field.replace(ESCAPED, (pair, escaped: string) => {
    if (quotes === "escapes") return CHARACTERS[escaped] ?? escaped;
    return escaped === separator || /["\\\r\n]/.test(escaped) ? escaped : pair;
  });
}

/** What stands between the quotes of a field. */
export function unescapeQuoted(inner: string, quotes: Quotes): string {
  if (quotes !== "backslash" || !inner.includes("\\")) return inner.replaceAll('""', '"');
  return inner.replace(/""|\\["\\]/g, (pair) => pair[1]);
}

/** The place of the quote that closes a text, looked for from a place in it; -1 where none is. */
export function findClosing(content: string, from: number, quotes: Quotes): number {
  for (let at = from;;) {
    const end = content.indexOf('"', at);
    if (end < 0) return -1;
    const isEscaped = quotes === "backslash" && backslashesBefore(content, end, at) % 2 === 1;
    if (!isEscaped && content[end + 1] !== '"') return end;
    at = end + (isEscaped ? 1 : 2);
  }
}

/** How many backslashes stand before a place, none of them before another. */
export function backslashesBefore(content: string, end: number, from: number): number {
  let start = end;
  while (start > from && content[start - 1] === "\\") start--;
  return end - start;
}
