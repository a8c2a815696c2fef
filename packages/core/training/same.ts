/**
 * Whether two pieces of plain data say the same.
 *
 * @module
 */
import { quote } from "../printable.ts";

/** A place where two pieces of plain data differ. */
export interface Difference {
  /** The place, such as `optimizer.name` or `labels[3]`. */
  path: string;
  /** What the first has there. */
  first: unknown;
  /** What the second has there. */
  second: unknown;
}

/**
 * The first place where two pieces of plain data differ, if there is one. The order of keys means
 * nothing, and a key whose value is undefined is as good as none.
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

/** Whether a value is an object with keys, and no array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value for an error message, shortened and harmless. */
export function summary(value: unknown): string {
  if (typeof value === "string") return quote(value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return isRecord(value) ? `an object of ${Object.keys(value).length}` : String(value);
}
