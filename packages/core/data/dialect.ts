/**
 * Detects the dialect of a table from its beginning.
 *
 * @module
 */
import type { Dialect } from "./csv.ts";
import { mayQuote, type Quotes } from "./escapes.ts";
import { findEscapes, type Trial } from "./find_quotes.ts";
import { type Row, rowReader } from "./rows.ts";

/** What is known about a table in advance. */
export interface DialectHints extends Partial<Dialect> {
  /** The default separator of the format. */
  expected: string;
  /** The names, or numbers, of the columns that were given. */
  given: readonly string[];
  /** The names, or numbers, of all columns to read. */
  wanted: readonly string[];
  /** The names that such columns usually have. */
  usual: readonly string[];
}

const LOOKED_AT = 2 ** 16; // characters examined
const MAX_ROWS = 500; // examined
const SEPARATORS = [",", "\t", ";", "|"];
const MIN_FIT = 0.5; // the fraction of rows as wide as the first
const MOST_NAMED = 0.9; // the fraction of rows with a name

/**
 * Detects the separator, the quoting, and whether there is a header. Given settings are used
 * unchanged. The expected separator is kept if the header then has the wanted columns, or if no
 * other separator fits more rows.
 */
export function settleDialect(content: string, hints: DialectHints): Dialect {
  const beginning = content.slice(0, LOOKED_AT), isWhole = content.length <= LOOKED_AT;
  const given = hints.separator ?? separatorLine(beginning);
  const tryWith = (quotes: Quotes, separator: string): Trial => {
    let bad = 0, stray = 0;
    const onStray = (field: string) => void (field.includes('\\"') && stray++);
    const settings = { separator, quotes, areQuotesGiven: hints.quotes !== undefined, onStray };
    const reader = rowReader("", settings, () => void bad++);
    const rows = reader.push(beginning);
    if (isWhole) rows.push(...reader.end());
    return { separator, quotes, rows, bad, stray };
  };
  const find = (quotes: Quotes): Trial => {
    const trial = (separator: string) => tryWith(quotes, separator);
    return given === undefined ? findSeparator(beginning, hints, trial) : trial(given);
  };
  const plain = find(hints.quotes ?? "double");
  const escaping = hints.quotes === undefined ? findEscapes(beginning, plain, find) : undefined;
  const { separator, quotes, rows } = escaping ?? plain;
  const areText = !hints.quotes && !escaping && separator === "\t" && areQuotesText(beginning);
  const firstRows = rows.slice(0, MAX_ROWS);
  const areRowsNamed = hints.header !== false && mayQuote(quotes) &&
    haveNames(firstRows, beginning);
  return {
    separator,
    areQuotesGiven: hints.quotes !== undefined,
    quotes: areText ? "none" : quotes,
    ...(areRowsNamed ? { areRowsNamed } : {}),
    header: hints.header ?? (areRowsNamed || hasHeader(firstRows, hints)),
  };
}

/** Returns whether rows begin with a quoted number that has no column in the header, as in R. */
function haveNames([header, ...rows]: readonly Row[], beginning: string): boolean {
  if (rows.length === 0 || !/^\s*"/.test(beginning)) return false;
  const [first] = rows[0].fields;
  if (!/^[1-9]\d{0,9}$/.test(first)) return false;
  if (!new RegExp(`[\\r\\n]"${first}"`).test(beginning)) return false;
  let last = 0;
  const named = rows.filter(({ fields }) => {
    const number = /^[1-9]\d{0,9}$/.test(fields[0]) ? Number(fields[0]) : 0;
    const isNext = number > last && fields.length === header.fields.length + 1;
    last = Math.max(last, number);
    return isNext;
  });
  return named.length >= MOST_NAMED * rows.length;
}

/** Returns the separator in a `sep=` line, which Excel writes at the beginning of a file. */
function separatorLine(beginning: string): string | undefined {
  return /^\s*"?sep=([^\r\n"])"?(?=[\r\n])/i.exec(beginning)?.[1];
}

// Quoted fields separated by spaces.
const QUOTED_HEADER = /^\s*"[^"\r\n]*"(?: "[^"\r\n]*")+[\r\n]/;

function findSeparator(
  beginning: string,
  { expected, wanted }: DialectHints,
  trial: (separator: string) => Trial,
): Trial {
  const usual = [expected, ...SEPARATORS.filter((each) => each !== expected)];
  const found = [...usual, ...(QUOTED_HEADER.test(beginning) ? [" "] : [])].map((separator) => {
    const { rows: all, bad } = trial(separator), rows = all.slice(0, MAX_ROWS);
    const width = rows[0]?.fields.length ?? 0, more = haveNames(rows, beginning) ? 1 : 0;
    const same = rows.filter(({ fields }, i) => fields.length === width + (i && more)).length;
    return { separator, first: rows[0], width, fit: same / Math.max(1, rows.length + bad) };
  });
  const named = found.find(({ first }) => first && wanted.every((name) => isIn(first, name)));
  const [best] = found.filter(({ width, fit }) => width > 1 && fit >= MIN_FIT)
    .sort((a, b) => b.fit - a.fit);
  return trial((named ?? best)?.separator ?? expected);
}

function isIn({ fields }: Row, name: string): boolean {
  if (fields.some((field) => field.trim() === name)) return true;
  return fields.length > 1 && /^[1-9]\d{0,6}$/.test(name) && Number(name) <= fields.length;
}

// A field that begins with a quote, up to a quote that can close it (QUOTED) or cannot.
const QUOTED = /(?:^|[\t\r\n])"[^"]*(?:""[^"]*)*"(?=[\t\r\n]|$)/;
const NOT_QUOTED = /(?:^|[\t\r\n])"[^"]*(?:""[^"]*)*"[^"\t\r\n]/;

/** Returns whether some tab-separated fields begin with quotes, but none of them is quoted. */
function areQuotesText(beginning: string): boolean {
  return NOT_QUOTED.test(beginning) && !QUOTED.test(beginning);
}

const IS_NUMBER = /^[-+]?\d+(?:[.,]\d+)?$/, IS_YEAR = /^(?:19|20)\d\d$/; // years can be headers
const ALIKE = 10; // characters of a shared prefix

/** Returns whether the first row has a number above numbers, or a prefix of the fields below. */
function looksLikeBelow(names: readonly string[], below: readonly Row[]): boolean {
  const most = (i: number, isAlike: (field: string) => boolean) =>
    below.filter(({ fields }) => isAlike((fields[i] ?? "").trim())).length >= 0.8 * below.length;
  return names.some((name, i) =>
    IS_NUMBER.test(name) && !IS_YEAR.test(name)
      ? most(i, (field) => IS_NUMBER.test(field))
      : name.length > ALIKE && most(i, (field) => field.startsWith(name.slice(0, ALIKE)))
  );
}

/** Returns whether a first row of one field is a text, as the rows below it are. */
function isText(first: Row, below: readonly Row[]): boolean {
  const isLong = ({ fields }: Row) => /\S\s+\S+\s+\S/.test(fields[0]);
  return isLong(first) && 2 * below.filter(isLong).length >= below.length;
}

/** Returns whether the first row is a header: it has a known name, or differs from rows below. */
function hasHeader(rows: readonly Row[], { given, usual }: DialectHints): boolean {
  const [first, ...below] = rows;
  if (!first || below.length === 0) return true;
  const names = first.fields.map((field) => field.trim());
  const isName = (name: string) => names.includes(name);
  if (given.some((name) => isName(name) || !/^\d+$/.test(name))) return true;
  if (usual.some((name) => names.some((each) => each.toLowerCase() === name))) return true;
  if (names.length === 1) {
    const isNumbers = IS_NUMBER.test(names[0]) && looksLikeBelow(names, below);
    return !isText(first, below) && !isNumbers;
  }
  const key = JSON.stringify(first.fields);
  const others = below.filter(({ fields }) => JSON.stringify(fields) !== key);
  // A label recurs in other rows; a column name does not.
  const comesAgain = names.some((name, i) =>
    name !== "" && others.some(({ fields }) => fields[i]?.trim() === name)
  );
  const ends = ({ fields }: Row) => fields.filter((field) => /[.!?…。！？]\s*$/.test(field)).length;
  const areSentences = ends(first) > 1 &&
    below.filter((row) => ends(row) > 1).length * 2 >= below.length;
  return !comesAgain && !areSentences && !looksLikeBelow(names, below);
}
