/**
 * Checks the predict command's flags for files, and hints at them.
 *
 * @module
 */
import { InputError, quote } from "@unroll/core";
import type { Given } from "../flags/flags.ts";
import { isOtherThanTable } from "../files/files.ts";
import { requireSeparate } from "../files/paths.ts";
import { requireWritable } from "../files/saving.ts";
import { warn } from "../output/terminal.ts";

const FOR_TABLES = ["separator", "quotes", "no-header"];
const FOR_FILES = [
  ...["out", "text-column", "probabilities", "strict", "format", ...FOR_TABLES],
  ...["time", "series", "layout", "max-gap"],
];

/**
 * Checks the flags for files.
 *
 * @throws {InputError} If flags for files and texts are mixed, or the output file is also an input.
 */
export async function requireFileFlags(
  { data, out, model, attention }: {
    data?: string;
    out?: string;
    model: string;
    attention: boolean;
  },
  texts: readonly string[],
  given: Given,
): Promise<void> {
  if (data === undefined) {
    const flag = FOR_FILES.find((flag) => given.has(flag));
    if (flag !== undefined) throw new InputError(`--${flag}: is for a file; give --data FILE`);
    return;
  }
  if (texts.length > 0) {
    throw new InputError(`${quote(texts[0])}: give texts or --data FILE, not both`);
  }
  if (attention) throw new InputError("--attention: is for texts, not for --data");
  const flag = FOR_TABLES.find((flag) => given.has(flag));
  if (flag !== undefined && !given.has("format") && isOtherThanTable(data)) {
    throw new InputError(`--${flag}: is for CSV and TSV, got ${data}`);
  }
  if (out === undefined) return;
  await requireSeparate([
    { flag: "data", path: data, holds: "holds the texts" },
    { flag: "model", path: model, holds: "holds the model" },
    { flag: "out", path: out },
  ]);
  await requireWritable(out);
}

// Names without spaces around them (prose has a space after a comma), or the start of an object.
const HEADER = /^\ufeff?("?[\p{L}_][\p{L}\p{N}_ .-]{0,30}(?<! )"?([,;\t](?! )|$)){2,}$|^text$/u;
const OBJECT = /^\ufeff?\{"[^"]*" *:/;

/** Prints a note if the first line of an input looks like a table's header. */
export function hintAtTable(line: string, name: string): void {
  if (!HEADER.test(line) && !OBJECT.test(line)) return;
  warn(
    `note: ${name} starts with ${quote(line)}, like a table, but each line is read as a text; ` +
      "pass a table as --data FILE, or --data - for standard input",
  );
}
