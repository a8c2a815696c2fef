/**
 * Numbers formatted for people.
 *
 * @module
 */

const number = new Intl.NumberFormat("en");

/** Formats a fraction from 0 to 1 as a percentage. */
export function percent(share: number): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(share < 0.9995 ? 1 : 0)}%` : "–";
}

/** Formats a whole number with thousands separators. */
export function count(value: number): string {
  return number.format(value);
}

/** Formats a number: below 0.0005 as a power of ten, below 0.01 with 4 decimals, from 10 with 1. */
export function figure(value: number, digits = 2): string {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size > 0 && size < 0.0005) return value.toExponential(0).replaceAll("-", "−");
  return value.toFixed(size < 0.01 ? 4 : size < 10 ? digits : 1).replace("-", "−");
}
