/**
 * Labels that are numbers.
 *
 * @module
 */
import type { LabelSplit } from "../classification/encode.ts";
import { quote } from "../printable.ts";

// Number() alone would also read "0x10" and "".
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
// A comma before exactly three digits may be a thousands separator.
const WITH_COMMA = /^[+-]?\d*,(\d{1,2}|\d{4,})$/;

/** Parses a label as a number with a decimal point or comma; NaN if it is not a number. */
export function numberOf(label: string): number {
  const text = label.trim();
  const value = DECIMAL.test(text)
    ? Number(text)
    : WITH_COMMA.test(text)
    ? Number(text.replace(",", "."))
    : NaN;
  return Number.isFinite(value) ? value : NaN;
}

/** Returns why a label is not a number; undefined if it is one. */
export function numberProblem(label: string): string | undefined {
  if (!Number.isNaN(numberOf(label))) return undefined;
  if (/^\s*[+-]?\d+,\d{3}\s*$/.test(label)) {
    const [thousands, decimal] = [label.trim().replace(",", ""), label.trim().replace(",", ".")];
    return `the label ${quote(label)} may be ${decimal} or ${thousands}; write it without a comma`;
  }
  return `the label ${quote(label)} is not a number; write it like 3.5, or remove the row`;
}

/** The split of a label that is one number. */
export const ONE_NUMBER: LabelSplit = {
  split: (label) => [label],
  check: (_, __, label) => numberProblem(label),
};

/** Stores a number as two label ids: its 64 bits, so that no precision is lost. */
export function bitsOf(value: number): Int32Array {
  return new Int32Array(Float64Array.of(value).buffer);
}

/** Reads a number from label ids, see {@linkcode bitsOf}. */
export function numberIn(bits: Int32Array): number {
  return new Float64Array(bits.slice().buffer)[0];
}
