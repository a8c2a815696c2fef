/**
 * Detects quotes that open and never close, so that a field swallows rows up to the next quote.
 *
 * @module
 */

/** Finds quoted fields that are really whole rows, by comparing them with earlier rows. */
export interface OpenQuoteFinder {
  /**
   * Returns whether a quoted field almost certainly contains whole rows.
   *
   * @param length The length of the field in its file, with its quotes, in characters.
   * @param column The index of the field in its row, from 0.
   * @param isClosed Whether a separator or a line break follows.
   */
  (field: string, length: number, column: number, isClosed: boolean): boolean;
  /** Remembers the values of a row for later comparisons. */
  learn(fields: readonly string[]): void;
}

const MAX_LEARNED = 1000; // rows
const MAX_COLUMNS = 100;
const MAX_VALUE = 64; // characters of a value that may recur, such as a label

/** Creates a finder for rows with the given separator. */
export function openQuoteFinder(separator: string): OpenQuoteFinder {
  const seen: Set<string>[] = [];
  let width = 0, learned = 0;
  const isOpenQuote = (field: string, length: number, column: number, isClosed: boolean) => {
    const hasDoubled = length !== field.length + 2;
    if (width < 2 || hasDoubled || !/[\r\n]/.test(field)) return false;
    const pieces = field.split(/\r\n|\r|\n/).map((part) => part.split(separator));
    const last = pieces.pop()!, [first, ...rows] = pieces;
    const areRows = first.length === width - column &&
      rows.every(({ length }) => length === width) &&
      (isClosed ? last.length === column + 1 : last.length <= width);
    // Texts often contain commas, but hardly ever tabs.
    return areRows && (separator === "\t" || holdsValues([first, ...rows], column));
  };
  /** Returns whether, in another column, at least half of the values occurred in earlier rows. */
  const holdsValues = ([first, ...rows]: string[][], column: number) => {
    for (let i = 0; i < seen.length; i++) {
      if (i === column) continue;
      const values = rows.map((row) => row[i]);
      if (i > column) values.push(first[i - column]);
      const known = values.filter((value) => value.trim() !== "" && seen[i].has(value));
      if (known.length > 0 && 2 * known.length >= values.length) return true;
    }
    return false;
  };
  return Object.assign(isOpenQuote, {
    learn(fields: readonly string[]) {
      if (learned === 0) {
        width = fields.length;
        for (let i = 0; i < width && i < MAX_COLUMNS; i++) seen.push(new Set());
      }
      if (learned++ >= MAX_LEARNED || fields.length !== width) return;
      seen.forEach((values, i) => fields[i].length <= MAX_VALUE && values.add(fields[i]));
    },
  });
}
