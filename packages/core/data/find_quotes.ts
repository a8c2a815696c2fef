/**
 * Detects what quotes and backslashes mean in a table, from its beginning.
 *
 * @module
 */
import type { Quotes } from "./escapes.ts";
import type { Row } from "./rows.ts";

/** The beginning of a table, read in one dialect. */
export interface Trial {
  /** The character between fields. */
  separator: string;
  /** What quotes and backslashes mean. */
  quotes: Quotes;
  /** The rows read. */
  rows: readonly Row[];
  /** The number of rows that could not be read. */
  bad: number;
  /** The number of fields that begin with a quote that is text and contain `\"`. */
  stray: number;
}

const MANY = 4; // how many times fewer problems a better dialect has
const PAIR = /\\([^])/g; // a backslash, and the character that it would escape

/**
 * Returns the dialect in which backslashes escape, if the whole beginning fits it. Otherwise
 * backslashes are text, as in `C:\temp`, and `"C:\"` is a quoted field.
 *
 * @param plain The table read without escapes.
 * @param tryWith Reads the table with escapes.
 */
export function findEscapes(
  beginning: string,
  plain: Trial,
  tryWith: (quotes: Quotes) => Trial,
): Trial | undefined {
  if (!beginning.includes("\\") || plain.separator === "\\") return undefined;
  const before = fitOf(plain);
  const isBetter = (trial: Trial) => {
    const { bad, good } = fitOf(trial);
    return bad < before.bad && MANY * bad <= before.bad && good >= before.good;
  };
  const isAsGood = (trial: Trial) => {
    const { bad, good } = fitOf(trial);
    return bad <= before.bad && good >= before.good;
  };
  const hasEscapedQuotes = [...beginning.matchAll(PAIR)].some(([pair]) => pair === '\\"');
  const quoting = tryWith("backslash"), { separator } = quoting;
  const areQuotesEscaped = hasEscapedQuotes && escapesQuotes(beginning, separator);
  if (hasEscapedQuotes && (isBetter(quoting) || areQuotesEscaped && isAsGood(quoting))) {
    return quoting;
  }
  const database = tryWith("escapes");
  if (isBetter(database) && escapesAll(beginning, database.separator, DATABASE)) return database;
  if (!hasNoValue(beginning, database.separator)) return undefined;
  const areQuoted = areFieldsQuoted(beginning, database);
  if (!areQuoted && isAsGood(database) && escapesAll(beginning, database.separator, DATABASE)) {
    return database;
  }
  const isQuoting = areQuoted && isAsGood(quoting) && escapesAll(beginning, separator, QUOTING);
  return isQuoting ? quoting : undefined;
}

/** Counts the rows of the most common width, and the rows of other widths or with problems. */
function fitOf({ rows, bad, stray }: Trial): { good: number; bad: number } {
  const below = rows.length > 1 ? rows.slice(1) : rows; // R's header has no name for its row names
  const counts = new Map<number, number>();
  for (const { fields: { length } } of below) counts.set(length, (counts.get(length) ?? 0) + 1);
  const good = Math.max(0, ...counts.values());
  return { good, bad: bad + stray + below.length - good };
}

const DATABASE = /[bfnrtv0\\\r\n]/, QUOTING = /["\\\r\n]/; // characters that may be escaped

/** Returns whether each backslash precedes a character that a program would escape. */
function escapesAll(beginning: string, separator: string, others: RegExp): boolean {
  for (const { 1: escaped, index } of beginning.matchAll(PAIR)) {
    if (escaped === separator || others.test(escaped)) continue;
    if (!"N.".includes(escaped) || !isField(beginning, index, index + 2, separator)) return false;
  }
  return true;
}

/** Returns whether the text between two indices is a whole field. */
function isField(text: string, from: number, to: number, separator: string): boolean {
  const isEdge = (edge: string | undefined) =>
    edge === undefined || edge === separator || edge === "\n" || edge === "\r";
  return isEdge(text[from - 1]) && isEdge(text[to]);
}

/** Returns whether some field is `\N`, which means NULL. */
function hasNoValue(beginning: string, separator: string): boolean {
  for (let at = beginning.indexOf("\\N"); at >= 0; at = beginning.indexOf("\\N", at + 1)) {
    if (isField(beginning, at, at + 2, separator)) return true;
  }
  return false;
}

/** Returns whether all quotes, except those around fields, are escaped by a backslash. */
function escapesQuotes(beginning: string, separator: string): boolean {
  if (!escapesAll(beginning, separator, QUOTING)) return false;
  const plain = beginning.replace(PAIR, "xx");
  const ends = separator.replace(/[\\\]^-]/, "\\$&") + "\\r\\n", edge = `(?=[${ends}]|$)`;
  const field = new RegExp(`"[^"]*"${edge}|[^"${ends}]*${edge}`, "y");
  for (let at = 0; at <= plain.length; at = field.lastIndex + 1) {
    field.lastIndex = at;
    // The last field may be cut off.
    if (!field.test(plain)) return plain[at] === '"' && plain.indexOf('"', at + 1) < 0;
  }
  return true;
}

/** Returns whether quotes enclose fields, in a table that was read as if quotes were text. */
function areFieldsQuoted(beginning: string, { separator, rows }: Trial): boolean {
  const isQuoted = (field: string) => field.length > 1 && field[0] === '"' && field.endsWith('"');
  if (separator !== "\t") return rows.some(({ fields }) => fields.some(isQuoted));
  if (/(?:^|[\t\r\n])"[^"\t\r\n]*""[^\t\r\n]/.test(beginning)) return true; // doubled
  const below = rows.slice(1);
  return (below[0]?.fields ?? []).some((_, i) => {
    const values = below.flatMap(({ fields }) => fields[i] ?? []).filter((field) => field !== "");
    return values.length > 0 && values.every(isQuoted);
  });
}
