/**
 * A part of the texts held back.
 *
 * @module
 */
import type { Example } from "../data/examples.ts";
import { InputError } from "../errors.ts";
import { splitExamples } from "../model.ts";
import { requireOptions } from "../checks.ts";
import { checkUnit, joinSymbols, splitSymbols, type SymbolUnit } from "../text/symbols.ts";

/**
 * Sets a share of the texts aside: of one text its tail, of several some of them.
 *
 * @param share How much to set aside, above 0 and below 1.
 * @param options `unit`, what the tail is counted in (default: `"characters"`); `seed` of the draw
 *   (default: 1); `byLabel`, whether each label gives its share (default: false).
 * @throws {InputError} Where one part would be empty.
 *
 * @example
 * ```ts
 * import { splitDocuments } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const { train, held } = splitDocuments([{ text: "to be or not", label: "" }], 0.25);
 * assertEquals([train[0].text, held[0].text], ["to be or ", "not"]);
 * ```
 */
export function splitDocuments(
  examples: readonly Example[],
  share: number,
  options: { unit?: SymbolUnit; seed?: number; byLabel?: boolean } = {},
): { train: Example[]; held: Example[] } {
  requireOptions("splitDocuments()", options, ["unit", "seed", "byLabel"]);
  const { unit = "characters", seed = 1, byLabel = false } = options;
  checkUnit(unit);
  if (examples.length !== 1) return splitExamples(examples, share, { seed, byLabel });
  if (!(share > 0 && share < 1)) {
    throw new InputError(`the validation share must be above 0 and below 1, got ${share}`);
  }
  const [example] = examples;
  const symbols = splitSymbols(example.text, unit);
  const place = example.where === undefined ? "" : `${example.where}: `;
  const cut = symbols.length - Math.round(share * symbols.length);
  if (cut === 0 || cut === symbols.length) {
    throw new InputError(
      `${place}a text of ${symbols.length} ${unit} is too short to set ${share} of it aside; give a longer ` +
        "one, or another share",
    );
  }
  const part = (some: string[]) => [{ ...example, text: joinSymbols(some, unit) }];
  return { train: part(symbols.slice(0, cut)), held: part(symbols.slice(cut)) };
}
