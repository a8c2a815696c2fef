/**
 * Symbols that no text has: all have a blank in them, and more than one character.
 *
 * @module
 */

/** Stands before the first symbol of a text, and after its last. */
export const EDGE = "<start or end>";

/** Stands in place of the start, for a text with this label. */
export function labelMark(label: string): string {
  return `<label ${label}>`;
}

/** The label of a mark; undefined for any other symbol. */
export function markedLabel(symbol: string): string | undefined {
  return /^<label (.*)>$/su.exec(symbol)?.[1];
}
