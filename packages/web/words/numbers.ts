/**
 * Numbers as people read them.
 *
 * @module
 */

const number = new Intl.NumberFormat("en");

/** A share from 0 to 1 in hundredths. */
export function percent(share: number): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(share < 0.9995 ? 1 : 0)}%` : "–";
}

/** A whole number with its thousands set apart. */
export function count(value: number): string {
  return number.format(value);
}

/** A number with so many digits that matter; very small ones as a power of ten. */
export function figure(value: number, digits = 2): string {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size > 0 && size < 0.0005) return value.toExponential(0).replaceAll("-", "−");
  return value.toFixed(size < 0.01 ? 4 : size < 10 ? digits : 1).replace("-", "−");
}
