/**
 * How a benchmark ends that cannot go on: with one line, and status 2.
 *
 * @module
 */
import { InputError } from "@unroll/core";

/** Ends the program with a line that says why. */
export function fail(message: string): never {
  console.error(message);
  Deno.exit(2);
}

/** A file's text; ends the program where it cannot be read. */
export async function readText(file: string): Promise<string> {
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) fail(`there is no file ${file}`);
    return fail(`${file} cannot be read: ${(error as Error).message}`);
  }
}

/** What `make` gives; ends the program where files or a peer are not as they should be. */
export async function orFail<T>(make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof InputError || error instanceof PeerError) fail(error.message);
    throw error;
  }
}

/** A program of another library that failed. */
export class PeerError extends Error {}
