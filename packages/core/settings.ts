/**
 * Checks of settings.
 *
 * @module
 */
import { InputError } from "./errors.ts";
import { printable, quote } from "./printable.ts";

/** A value that a setting has, or should not have, for an error message. */
export function shown(value: unknown): string {
  if (typeof value === "string") return printable(value, 60);
  return typeof value === "object" && value !== null ? quote(value) : String(value);
}

/** Throws where a setting is no whole number from `least` on. */
export function requireInteger(what: string, value: number, least: number): void {
  if (!(Number.isSafeInteger(value) && value >= least)) {
    throw new InputError(
      `${what} must be a whole number of at least ${least}, got ${shown(value)}`,
    );
  }
}

/** Throws where a setting is no number above 0. */
export function requirePositive(what: string, value: number): void {
  if (!(value > 0)) throw new InputError(`${what} must be above 0, got ${shown(value)}`);
}

/** Throws where a setting is no number from 0 to below 1. */
export function requireShare(what: string, value: number): void {
  if (!(value >= 0 && value < 1)) {
    throw new InputError(`${what} must be from 0 to below 1, got ${shown(value)}`);
  }
}

/** Throws where a setting is none of some texts. */
export function requireOneOf(what: string, value: string, choices: readonly string[]): void {
  if (!choices.includes(value)) {
    throw new InputError(`${what} must be ${choices.join(", ")}, got ${shown(value)}`);
  }
}

/** Throws where a setting is no number of at least `least`. */
export function requireLeast(what: string, value: number, least: number): void {
  if (!(value >= least && value < Infinity)) {
    throw new InputError(`${what} must be a number of at least ${least}, got ${shown(value)}`);
  }
}
