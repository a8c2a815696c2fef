/**
 * Says what a file looks like, for errors about a file that cannot be read.
 *
 * @module
 */
import type { DataFormat } from "./formats.ts";
import { guessFormat } from "./guess_format.ts";

const LINES = 20; // examined

const NAMES = { csv: "CSV", tsv: "TSV", jsonl: "JSON Lines" };

/**
 * Says what format the beginning of a file looks like, if that is not the format it was read in.
 *
 * @example
 * ```ts
 * import { otherLook } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(otherLook('{"text": "good", "label": "up"}\n', "csv"), "JSON Lines");
 * assertEquals(otherLook("text,label\ngood,up\n", "csv"), undefined);
 * ```
 */
export function otherLook(beginning: string, format: DataFormat): string | undefined {
  const lines = beginning.split(/\r\n|[\r\n]/, LINES).filter((line) => line.trim() !== "");
  const look = lookOf(beginning, lines);
  const own: string | undefined = (NAMES as Partial<Record<DataFormat, string>>)[format];
  return look === own || guessFormat(beginning) === format && own === undefined ? undefined : look;
}

function lookOf(beginning: string, lines: readonly string[]): string | undefined {
  if (lines.length === 0) return undefined;
  const mostly = (pattern: RegExp) =>
    2 * lines.filter((line) => pattern.test(line)).length > lines.length;
  if (/^\s*\[\s*[{[]/.test(beginning)) return "a JSON array";
  if (mostly(/^\s*\{/)) return NAMES.jsonl;
  if (mostly(/^__label__\S/)) return "fastText's format, __label__ and text";
  if (mostly(/^\S+[ \t](?:.* )?(?:O|[BIES]-\S+)$/)) return "CoNLL, one word and tag per line";
  if (mostly(/\t/)) return NAMES.tsv;
  if (mostly(/;/) && !mostly(/,/)) return "values separated by semicolons";
  if (mostly(/\|/) && !mostly(/,/)) return "values separated by |";
  return mostly(/,/) ? NAMES.csv : "plain text";
}
