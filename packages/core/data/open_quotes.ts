/**
 * Quotes that open and never close, so that a field swallows rows up to the next quote.
 *
 * @module
 */

/** Finds fields that are whole rows, by what rows have looked like. */
export interface OpenQuoteFinder {
  /**
   * Whether a quoted field is all but surely not one.
   *
   * @param length How long it is in its file, with its quotes.
   * @param column Its place in its row, from 0.
   * @param isClosed Whether a separator or a line end follows.
   */
  (field: string, length: number, column: number, isClosed: boolean): boolean;
  /** Takes note of a row. */
  learn(fields: readonly string[]): void;
}

const MAX_LEARNED = 1000; // rows
const MAX_COLUMNS = 100;
const MAX_VALUE = 64; // characters of a value that may come again, such as a label

/** A finder for rows of fields with a separator between them. */
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
    // Texts hold commas, but hardly ever tabs.
    return areRows && (separator === "\t" || holdsValues([first, ...rows], column));
  };
  /** Whether, in another column, at least half of the values are those of other rows. */
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
