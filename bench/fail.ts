/**
 * Ends a benchmark that cannot continue, with a one-line message and status 2.
 *
 * @module
 */
import { InputError } from "@unroll/core";

/** Ends the program with a message. */
export function fail(message: string): never {
  console.error(message);
  Deno.exit(2);
}

/** Reads a text file; ends the program if it cannot be read. */
export async function readText(file: string): Promise<string> {
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) fail(`there is no file ${file}`);
    return fail(`${file} cannot be read: ${(error as Error).message}`);
  }
}

/** Returns the result of `make`; ends the program if a file or a peer is invalid. */
export async function orFail<T>(make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof InputError || error instanceof PeerError) fail(error.message);
    throw error;
  }
}

/** The program of another library failed. */
export class PeerError extends Error {}
