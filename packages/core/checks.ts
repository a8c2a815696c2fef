/**
 * Checks of option values.
 *
 * @module
 */
import { InputError } from "./errors.ts";
import { quote } from "./printable.ts";

/** Formats a value for an error message. */
export function shown(value: unknown): string {
  const isBare = value === null || !["string", "object", "function"].includes(typeof value);
  return isBare ? String(value) : quote(value);
}

/** Throws unless `value` is an integer of at least `least`. */
export function requireInteger(what: string, value: number, least: number): void {
  if (!(Number.isSafeInteger(value) && value >= least)) {
    throw new InputError(
      `${what} must be a whole number of at least ${least}, got ${shown(value)}`,
    );
  }
}

/** Throws unless `value` is greater than 0; NaN throws too. */
export function requirePositive(what: string, value: number): void {
  if (!(value > 0)) throw new InputError(`${what} must be above 0, got ${shown(value)}`);
}

/** Throws unless `value` is at least 0 and below 1. */
export function requireFraction(what: string, value: number): void {
  if (!(value >= 0 && value < 1)) {
    throw new InputError(`${what} must be at least 0 and below 1, got ${shown(value)}`);
  }
}

/** Throws unless `value` is one of `choices`. */
export function requireOneOf(what: string, value: unknown, choices: readonly string[]): void {
  if (!(choices as readonly unknown[]).includes(value)) {
    const expected = (choices.length > 1 ? "one of " : "") + choices.join(", ");
    throw new InputError(`${what} must be ${expected}, got ${shown(value)}`);
  }
}

/** Throws unless `value` is true or false. */
export function requireBoolean(what: string, value: unknown): void {
  if (typeof value !== "boolean") {
    throw new InputError(`${what} must be true or false, got ${shown(value)}`);
  }
}

/** Throws unless `value` is a finite number of at least `least`. */
export function requireLeast(what: string, value: number, least: number): void {
  if (!(value >= least && value < Infinity)) {
    throw new InputError(`${what} must be a number of at least ${least}, got ${shown(value)}`);
  }
}

/**
 * Throws if options are not an object, or have an unknown name. An option whose value is undefined
 * counts as not given.
 *
 * @param what The function or object that the options are for, such as `train()`.
 * @param others For each option that belongs elsewhere, what it is for.
 */
export function requireOptions(
  what: string,
  options: unknown,
  known: readonly string[],
  others: Readonly<Record<string, string>> = {},
): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new InputError(
      `${what} expects an object with ${known.join(", ")}, got ${shown(options)}`,
    );
  }
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || known.includes(name)) continue;
    if (Object.hasOwn(others, name)) {
      throw new InputError(`${what}: the option ${quote(name)} is for ${others[name]}`);
    }
    const near = nearest(name, [...known, ...Object.keys(others)]);
    const hint = near === undefined
      ? `its options are ${known.join(", ")}`
      : `did you mean ${quote(near)}` +
        (Object.hasOwn(others, near) ? `, which is for ${others[near]}?` : "?");
    throw new InputError(`${what} has no option ${quote(name)}; ${hint}`);
  }
}

const LARGEST_SLIP = 2; // edits between a misspelled name and the intended one

/** The name that was probably meant, ignoring case and characters other than letters and digits. */
function nearest(name: string, names: readonly string[]): string | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, "");
  const given = plain(name.slice(0, 100));
  let best: string | undefined, least = Math.min(LARGEST_SLIP, given.length / 3) + 0.5;
  for (const each of names) {
    const distance = editDistance(given, plain(each));
    if (distance < least) [best, least] = [each, distance];
  }
  return best;
}

/** The edit distance: insertions, deletions and substitutions (Levenshtein 1966). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[b.length];
}
