/**
 * File errors, with messages that name the path and the way out.
 *
 * @module
 */
import { InputError } from "@unroll/core";

/** A failure of the machine or the disk rather than of the user's input: exit status 1. */
export class FileError extends Error {
  /** The class name, for messages. */
  override readonly name = "FileError";
}

/** Returns the result of `fn`; errors name the path. */
export async function attempt<T>(path: string, what: string, fn: () => Promise<T>): Promise<T> {
  try {
    return await fn();
  } catch (error) {
    if (error instanceof InputError || error instanceof FileError) throw error;
    const Kind = isDiskFailure(error) ? FileError : InputError;
    throw new Kind(`${path}: ${reason(error, what)}`, { cause: error });
  }
}

const DISK_FAILURES = ["ENOSPC", "EDQUOT", "EFBIG", "EIO", "EROFS", "EMFILE", "ENFILE", "ENOMEM"];

/** Returns whether a disk is full or broken, so that another path on it would fail too. */
function isDiskFailure(error: unknown): boolean {
  return DISK_FAILURES.includes((error as { code?: string } | undefined)?.code ?? "");
}

function reason(error: unknown, what: string): string {
  if (error instanceof Deno.errors.NotFound) {
    return what === "read"
      ? "no such file; check its name and folder"
      : "its folder does not exist; create it first";
  }
  if (error instanceof Deno.errors.IsADirectory) return "is a folder; give a file";
  if (error instanceof Deno.errors.NotADirectory) {
    return "a part of the path is not a folder; check the path";
  }
  if (error instanceof Deno.errors.AlreadyExists) return "is a file; give a folder";
  if (error instanceof Deno.errors.PermissionDenied) return `cannot be ${what}: permission denied`;
  if (error instanceof Deno.errors.NotCapable) {
    return `cannot be ${what}: Deno allows that only with --allow-all`;
  }
  return `cannot be ${what}: ${systemMessage(error)}`;
}

/** Returns the system's message of an error, without the part that Deno appends. */
export function systemMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split("\n", 1)[0].replace(/ \(os error \d+\).*$/, "");
}

/** Returns whether the system failed, not this program. */
export function isSystemError(error: unknown): boolean {
  return error instanceof Error &&
    (/\(os error \d+\)/.test(error.message) ||
      Object.values(Deno.errors).some((kind) => error instanceof kind));
}

/**
 * Returns the result of `fn`, which prints.
 *
 * @throws {FileError} If standard output cannot be written.
 */
export function printing<T>(fn: () => T): T {
  try {
    return fn();
  } catch (error) {
    if (error instanceof FileError || !isSystemError(error)) throw error;
    throw new FileError(`standard output: cannot be written: ${systemMessage(error)}`);
  }
}
