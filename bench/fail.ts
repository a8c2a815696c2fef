/**
 * Errors that end a benchmark, with one line and exit status 2.
 *
 * @module
 */
import { InputError } from "@unroll/core";

/** Prints an error message and exits with status 2. */
export function fail(message: string): never {
  console.error(message);
  Deno.exit(2);
}

/** Returns a file's text; exits if it cannot be read. */
export async function readText(file: string): Promise<string> {
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) fail(`there is no file ${file}`);
    return fail(`${file} cannot be read: ${(error as Error).message}`);
  }
}

/** Returns what `make` returns; exits if it throws an InputError or a PeerError. */
export async function orFail<T>(make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof InputError || error instanceof PeerError) fail(error.message);
    throw error;
  }
}

/** The error of a failed program of another library. */
export class PeerError extends Error {}
