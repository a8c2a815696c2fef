/**
 * The flags of the predict command that are for files, and a hint at them.
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

/** Throws where flags for files and for texts are mixed, or the file that is written is one that is read. */
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

// Names without blanks around them, as prose has behind its commas; or the beginning of an object.
const HEADER = /^\ufeff?("?[\p{L}_][\p{L}\p{N}_ .-]{0,30}(?<! )"?([,;\t](?! )|$)){2,}$|^text$/u;
const OBJECT = /^\ufeff?\{"[^"]*" *:/;

/** Says so where the first line of an input looks like a table's: each line is read as a text. */
export function hintAtTable(line: string, name: string): void {
  if (!HEADER.test(line) && !OBJECT.test(line)) return;
  warn(
    `note: ${name} begins with ${quote(line)}, as a table does, but each line is read as a text; ` +
      "give a table with --data FILE, or as this input with --data -",
  );
}
