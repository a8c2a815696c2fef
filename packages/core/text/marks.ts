/**
 * Symbols that no text has: all have a blank in them, and more than one character.
 *
 * @module
 */

/** Beginning of sequence: stands before the first symbol of a text. */
export const BOS = "<start or end>";

/** End of sequence: stands after the last symbol of a text. Files have one name for both. */
export const EOS = BOS;

/** Stands in place of the start, for a text with this label. */
export function labelMark(label: string): string {
  return `<label ${label}>`;
}

/** The label of a mark; undefined for any other symbol. */
export function markedLabel(symbol: string): string | undefined {
  return /^<label (.*)>$/su.exec(symbol)?.[1];
}
