/**
 * What quotes and backslashes mean in a table, by what it begins with.
 *
 * @module
 */
import type { Quotes } from "./escapes.ts";
import type { Row } from "./rows.ts";

/** The rows of a beginning in one way to read it. */
export interface Trial {
  /** What stands between the fields. */
  separator: string;
  /** What quotes and backslashes mean. */
  quotes: Quotes;
  /** What was read. */
  rows: readonly Row[];
  /** How many rows could not be read. */
  bad: number;
  /** How many fields begin with a quote that is text, and have one behind a backslash. */
  stray: number;
}

const MANY = 4; // times the problems
const PAIR = /\\([^])/g; // a backslash, and what it would escape

/**
 * The way to read a table with backslashes, where all of it speaks for them: otherwise backslashes
 * are text, as in `C:\temp`, and `"C:\"` is a field in quotes.
 *
 * @param plain How the table is read without them.
 * @param tryWith Reads it with them.
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

/** How many rows are as wide as most, and how many are not or have another problem. */
function fitOf({ rows, bad, stray }: Trial): { good: number; bad: number } {
  const below = rows.length > 1 ? rows.slice(1) : rows; // R names rows, but not their column
  const counts = new Map<number, number>();
  for (const { fields: { length } } of below) counts.set(length, (counts.get(length) ?? 0) + 1);
  const good = Math.max(0, ...counts.values());
  return { good, bad: bad + stray + below.length - good };
}

const DATABASE = /[bfnrtv0\\\r\n]/, QUOTING = /["\\\r\n]/; // what may stand behind a backslash

/** Whether behind each backslash stands what a program would escape. */
function escapesAll(beginning: string, separator: string, others: RegExp): boolean {
  for (const { 1: escaped, index } of beginning.matchAll(PAIR)) {
    if (escaped === separator || others.test(escaped)) continue;
    if (!"N.".includes(escaped) || !isField(beginning, index, index + 2, separator)) return false;
  }
  return true;
}

/** Whether all of a field stands between two places. */
function isField(text: string, from: number, to: number, separator: string): boolean {
  const isEdge = (edge: string | undefined) =>
    edge === undefined || edge === separator || edge === "\n" || edge === "\r";
  return isEdge(text[from - 1]) && isEdge(text[to]);
}

/** Whether a field is `\N`, which stands for none. */
function hasNoValue(beginning: string, separator: string): boolean {
  for (let at = beginning.indexOf("\\N"); at >= 0; at = beginning.indexOf("\\N", at + 1)) {
    if (isField(beginning, at, at + 2, separator)) return true;
  }
  return false;
}

/** Whether all quotes but those around fields have a backslash before them. */
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

/** Whether quotes enclose fields, in a table that was read as if they were text. */
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
