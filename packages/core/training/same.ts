/**
 * Compares plain data.
 *
 * @module
 */
import { quote } from "../printable.ts";

/** A difference between two pieces of plain data. */
export interface Difference {
  /** The path, such as `optimizer.name` or `labels[3]`. */
  path: string;
  /** The first's value there. */
  first: unknown;
  /** The second's value there. */
  second: unknown;
}

/**
 * Returns the first difference between two pieces of plain data, if there is one. The order of keys
 * does not matter, and a key whose value is undefined counts as missing.
 */
export function firstDifference(
  first: unknown,
  second: unknown,
  path: string,
): Difference | undefined {
  if (first === second) return undefined;
  if (Array.isArray(first) && Array.isArray(second)) {
    for (let i = 0; i < Math.max(first.length, second.length); i++) {
      if (first[i] === second[i]) continue;
      const difference = firstDifference(first[i], second[i], `${path}[${i}]`);
      if (difference) return difference;
    }
    return undefined;
  }
  if (isRecord(first) && isRecord(second)) {
    for (const key of new Set([...Object.keys(first), ...Object.keys(second)])) {
      const here = Object.hasOwn(first, key) ? first[key] : undefined;
      const there = Object.hasOwn(second, key) ? second[key] : undefined;
      const name = /^[A-Za-z]+$/.test(key) ? `.${key}` : `[${quote(key)}]`;
      const difference = firstDifference(here, there, (path + name).replace(/^\./, ""));
      if (difference) return difference;
    }
    return undefined;
  }
  return { path, first, second };
}

/** Whether a value is an object, and not an array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Formats a value for an error message: short, and safe to print. */
export function summary(value: unknown): string {
  if (typeof value === "string") return quote(value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return isRecord(value) ? `an object of ${Object.keys(value).length}` : String(value);
}
