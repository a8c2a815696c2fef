/**
 * What goes wrong with files, in words that name the path and the way out.
 *
 * @module
 */
import { InputError } from "@unroll/core";

/** A failure of the machine or the disk, which is no fault of what was given: exit status 1. */
export class FileError extends Error {
  /** The class's name, for messages. */
  override readonly name = "FileError";
}

/** What `fn` gives; what goes wrong names the path. */
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

/** Whether a disk is full or broken, so that another path on it would not do either. */
function isDiskFailure(error: unknown): boolean {
  return DISK_FAILURES.includes((error as { code?: string } | undefined)?.code ?? "");
}

function reason(error: unknown, what: string): string {
  if (error instanceof Deno.errors.NotFound) {
    return what === "read"
      ? "no such file; check its name and folder"
      : "its folder does not exist; make it first";
  }
  if (error instanceof Deno.errors.IsADirectory) return "is a folder; give a file";
  if (error instanceof Deno.errors.NotADirectory) return "a part of the path is no folder";
  if (error instanceof Deno.errors.AlreadyExists) return "is a file; give a folder";
  if (error instanceof Deno.errors.PermissionDenied) return `cannot be ${what}: permission denied`;
  if (error instanceof Deno.errors.NotCapable) {
    return `cannot be ${what}: Deno allows that with --allow-all only`;
  }
  return `cannot be ${what}: ${systemMessage(error)}`;
}

/** What the system says of a failure, without what Deno appends to it. */
export function systemMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split("\n", 1)[0].replace(/ \(os error \d+\).*$/, "");
}

/** Whether the system failed, and not this program. */
export function isSystemError(error: unknown): boolean {
  return error instanceof Error &&
    (/\(os error \d+\)/.test(error.message) ||
      Object.values(Deno.errors).some((kind) => error instanceof kind));
}

/** What `fn` gives, which prints; that it could not is no fault of this program. */
export function printing<T>(fn: () => T): T {
  try {
    return fn();
  } catch (error) {
    if (error instanceof FileError || !isSystemError(error)) throw error;
    throw new FileError(`standard output: cannot be written: ${systemMessage(error)}`);
  }
}
