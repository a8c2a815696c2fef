/**
 * Flags whose values are numbers.
 *
 * @module
 */
import { type Flag, unexpected } from "./flags.ts";

/** Returns a flag whose value is a whole number of at least `least`. */
export function integer<T extends number | undefined>(
  help: string,
  fallback: T,
  least: number,
): Flag<number | T> {
  const expected = `a whole number of at least ${least}`;
  return {
    value: "N",
    help,
    expected,
    default: fallback,
    parse(typed) {
      const value = Number(typed);
      const isWhole = /^\d+$/.test(typed);
      if (isWhole && Number.isSafeInteger(value) && value >= least) return value;
      const most = isWhole && value >= least ? ` and at most ${Number.MAX_SAFE_INTEGER}` : "";
      throw unexpected(expected + most, typed);
    },
  };
}

// Number() alone would also read "0x10", " 5" and "".
const DECIMAL = /^-?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

function numeric<T extends number | undefined>(
  help: string,
  fallback: T,
  expected: string,
  fits: (value: number) => boolean,
): Flag<number | T> {
  return {
    value: "X",
    help,
    expected,
    default: fallback,
    parse(typed) {
      const value = Number(typed) + 0; // -0 is 0
      if (DECIMAL.test(typed) && Number.isFinite(value) && fits(value)) return value;
      throw unexpected(expected, typed);
    },
  };
}

/** Returns a flag whose value is any number. */
export function anyNumber<T extends number | undefined>(
  help: string,
  fallback: T,
): Flag<number | T> {
  return numeric(help, fallback, "a number", () => true);
}

/** Returns a flag whose value is above 0. */
export function positive<T extends number | undefined>(
  help: string,
  fallback: T,
): Flag<number | T> {
  return numeric(help, fallback, "a number above 0", (value) => value > 0);
}

/** Returns a flag whose value is above 0 and at most 1. */
export function factor<T extends number | undefined>(
  help: string,
  fallback: T,
): Flag<number | T> {
  const fits = (value: number) => value > 0 && value <= 1;
  return numeric(help, fallback, "a number above 0 and at most 1", fits);
}

/** Returns a flag whose value is at least 1. */
export function atLeastOne<T extends number | undefined>(
  help: string,
  fallback: T,
): Flag<number | T> {
  return numeric(help, fallback, "a number of at least 1", (value) => value >= 1);
}

/** Returns a flag whose value is at least 0 and below 1. */
export function fractionBelowOne<T extends number | undefined>(
  help: string,
  fallback: T,
): Flag<number | T> {
  return numeric(
    help,
    fallback,
    "a number of at least 0 and below 1",
    (value) => value >= 0 && value < 1,
  );
}

/** Returns a flag whose value is from 0 to 1. */
export function fraction<T extends number | undefined>(
  help: string,
  fallback: T,
): Flag<number | T> {
  return numeric(help, fallback, "a number from 0 to 1", (value) => value >= 0 && value <= 1);
}

/** Returns a flag whose value is above 0 and below 1. */
export function probability(help: string): Flag<number | undefined> {
  const fits = (value: number) => value > 0 && value < 1;
  return numeric(help, undefined, "a number above 0 and below 1", fits);
}

/** Returns a flag whose value is at least 0. */
export function atLeastZero<T extends number | undefined>(
  help: string,
  fallback: T,
): Flag<number | T> {
  return numeric(help, fallback, "a number of at least 0", (value) => value >= 0);
}

/** Returns a flag whose value is a number above 0, or "none". */
export function bound(help: string): Flag<number | "none" | undefined> {
  const { parse, ...flag } = positive(help, undefined);
  const expected = `${flag.expected}, or none`;
  return {
    ...flag,
    value: "X|none",
    expected,
    parse(typed) {
      if (typed === "none") return typed;
      try {
        return parse(typed);
      } catch {
        throw unexpected(expected, typed);
      }
    },
  };
}
