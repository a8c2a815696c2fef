/**
 * Normalizes texts that look the same to one spelling (NFC).
 *
 * @module
 */

// NFC takes quadratic time in the marks on one letter, minutes for a megabyte of them. No language
// stacks more than 30, the limit of UAX #15's Stream-Safe Text Format; any more are removed.
const EXCESS_MARKS = /(\p{M}{30})\p{M}+/gu;

/** Matches a superset of combining marks and of the characters that NFC changes. */
export const BEYOND_LATIN = /[^\0-\u02ff]/;

/**
 * Normalizes a text to Unicode's NFC: é is one letter whether it was typed as one character or two.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(toNfc("cafe\u0301"), "caf\u00e9");
 * ```
 */
export function toNfc(text: string): string {
  if (!BEYOND_LATIN.test(text)) return text; // it is already in NFC
  return text.replace(EXCESS_MARKS, "$1").normalize("NFC");
}

/** The declarations of this file, for exported modules that contain their source. */
export const nfcSource = () => ({
  toNfc,
  EXCESS_MARKS,
  BEYOND_LATIN,
});
