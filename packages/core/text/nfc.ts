/**
 * One spelling for texts that look the same.
 *
 * @module
 */

// NFC takes quadratic time in the marks on one letter, minutes for a megabyte of them. No language
// stacks more than 30, the limit of UAX #15's Stream-Safe Text Format; more are left out.
const EXCESS_MARKS = /(\p{M}{30})\p{M}+/gu;

/** What marks, and all that NFC changes, are among. */
export const BEYOND_LATIN = /[^\0-\u02ff]/;

/**
 * A text in Unicode's form NFC: é is one letter whether it was typed as one character or as two.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(toNfc("cafe\u0301"), "caf\u00e9");
 * ```
 */
export function toNfc(text: string): string {
  if (!BEYOND_LATIN.test(text)) return text; // as it is in that form already
  return text.replace(EXCESS_MARKS, "$1").normalize("NFC");
}

/** The declarations of this file, for modules that are written with them in. */
export const nfcSource = () => ({
  toNfc,
  EXCESS_MARKS,
  BEYOND_LATIN,
});
