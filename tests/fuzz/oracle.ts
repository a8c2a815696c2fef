/** The valid results of a mutant. */
import { DeviceError, DivergedError, InputError } from "@unroll/core";

/** How a mutant ended; equal descriptions are counted. */
export type Outcome = string;

/** A result that is neither valid nor a typed error. */
export class WrongResult extends Error {
  override readonly name = "WrongResult";
}

/** Throws unless a condition holds. */
export function require(holds: boolean, problem: string): asserts holds {
  if (!holds) throw new WrongResult(problem);
}

/** Throws unless all numbers are finite. */
export function requireFinite(numbers: Iterable<number>, what: string): void {
  for (const number of numbers) require(Number.isFinite(number), `${what} has ${number}`);
}

/** Throws unless numbers are probabilities that sum to 1. */
export function requireDistribution(p: readonly number[], what: string): void {
  requireFinite(p, what);
  const sum = p.reduce((sum, each) => sum + each, 0);
  require(p.every((each) => each >= 0) && Math.abs(sum - 1) < 1e-3, `${what} sums to ${sum}`);
}

/** Returns the name of an error that users may see; throws any other error again. */
export function typed(error: unknown): string {
  if (
    error instanceof InputError || error instanceof DivergedError || error instanceof DeviceError
  ) return error.name;
  throw error;
}

/** Returns the result of a call, or the name of the typed error that it throws. */
export async function attempt<T>(
  call: () => Promise<T> | T,
): Promise<{ value: T; error?: undefined } | { value?: undefined; error: string }> {
  try {
    return { value: await call() };
  } catch (error) {
    return { error: typed(error) };
  }
}
