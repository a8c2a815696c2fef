/**
 * Special symbols that no text contains: each has a space and more than one character.
 *
 * @module
 */

/** Beginning of sequence: precedes the first symbol of a text. */
export const BOS = "<start or end>";

/** End of sequence: follows the last symbol of a text. Files use the same symbol for both. */
export const EOS = BOS;

/** Returns the symbol that replaces {@linkcode BOS} in texts with this label. */
export function labelMark(label: string): string {
  return `<label ${label}>`;
}

/** Returns the label of such a symbol; undefined for any other symbol. */
export function markedLabel(symbol: string): string | undefined {
  return /^<label (.*)>$/su.exec(symbol)?.[1];
}
