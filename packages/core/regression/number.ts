/**
 * Labels that are numbers.
 *
 * @module
 */
import type { LabelSplit } from "../classification/encode.ts";
import { quote } from "../printable.ts";

// Number() alone would also read "0x10" and "".
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
// With three digits behind it, a comma may as well stand between thousands.
const WITH_COMMA = /^[+-]?\d*,(\d{1,2}|\d{4,})$/;

/** The number that a label is, with a decimal point or a decimal comma; NaN for none. */
export function numberOf(label: string): number {
  const text = label.trim();
  const value = DECIMAL.test(text)
    ? Number(text)
    : WITH_COMMA.test(text)
    ? Number(text.replace(",", "."))
    : NaN;
  return Number.isFinite(value) ? value : NaN;
}

/** What is wrong with a label that should be a number, if anything. */
export function numberProblem(label: string): string | undefined {
  if (!Number.isNaN(numberOf(label))) return undefined;
  if (/^\s*[+-]?\d+,\d{3}\s*$/.test(label)) {
    const [thousands, decimal] = [label.trim().replace(",", ""), label.trim().replace(",", ".")];
    return `the label ${quote(label)} may be ${decimal} or ${thousands}; write it without a comma`;
  }
  return `the label ${quote(label)} is not a number; write it like 3.5, or remove the row`;
}

/** A label that is one number. */
export const ONE_NUMBER: LabelSplit = {
  split: (label) => [label],
  check: (_, __, label) => numberProblem(label),
};

/** A number as an example's labels: its 64 bits, so that no digit of it is lost. */
export function bitsOf(value: number): Int32Array {
  return new Int32Array(Float64Array.of(value).buffer);
}

/** The number in an example's labels. */
export function numberIn(bits: Int32Array): number {
  return new Float64Array(bits.slice().buffer)[0];
}
