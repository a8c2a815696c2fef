/**
 * Checks of settings.
 *
 * @module
 */
import { InputError } from "./errors.ts";

/** Throws where a setting is no whole number from `least` on. */
export function requireInteger(what: string, value: number, least: number): void {
  if (!(Number.isSafeInteger(value) && value >= least)) {
    throw new InputError(`${what} must be a whole number of at least ${least}, got ${value}`);
  }
}

/** Throws where a setting is no number above 0. */
export function requirePositive(what: string, value: number): void {
  if (!(value > 0)) throw new InputError(`${what} must be above 0, got ${value}`);
}
