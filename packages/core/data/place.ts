/**
 * The file that a set of examples is from.
 *
 * @module
 */
import type { Sequence } from "../sequence.ts";

/**
 * Returns the start of an error about a whole set of examples: the file name and a colon, or an
 * empty string if the examples are not from a file.
 */
export function placeOf(examples: Sequence<{ where?: string }>): string {
  const where = examples.at(0)?.where;
  return where === undefined ? "" : `${where.replace(/(:|, line )\d+$/, "")}: `;
}
