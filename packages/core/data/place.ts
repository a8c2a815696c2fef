/**
 * Where a set of examples comes from.
 *
 * @module
 */
import type { Sequence } from "../sequence.ts";

/**
 * What an error about a whole set of examples begins with: the name of their file and a colon;
 * nothing for examples of no file.
 */
export function placeOf(examples: Sequence<{ where?: string }>): string {
  const where = examples.at(0)?.where;
  return where === undefined ? "" : `${where.replace(/(:|, line )\d+$/, "")}: `;
}
