/**
 * Splits of texts into a training set and a validation set.
 *
 * @module
 */
import { type Dataset, isDataset } from "../data/dataset.ts";
import type { Example } from "../data/examples.ts";
import { InputError } from "../errors.ts";
import { type Split, splitExamples } from "../data/split.ts";
import { requireOptions } from "../checks.ts";
import { escapeHtml } from "../text/html.ts";
import { readSymbols } from "../text/read_symbols.ts";
import { checkUnit, joinSymbols, type SymbolReader } from "../text/symbols.ts";

/**
 * Holds out a fraction of the texts for validation: the end of a single text, or some of several.
 *
 * @param fraction The validation split, above 0 and below 1.
 * @param options `unit`: how the end is counted (default: `"characters"`); `html`: whether to strip
 *   HTML (default: no); `normalization`: the form that texts are read in; `seed`: the random seed
 *   (default: 1); `byLabel`: whether to split each label's texts (default: false).
 * @throws {InputError} If one part would be empty.
 *
 * @example
 * ```ts
 * import { splitDocuments } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const { train, validation } = splitDocuments([{ text: "to be or not"}], 0.25);
 * assertEquals([train[0].text, validation[0].text], ["to be or ", "not"]);
 * ```
 */
export function splitDocuments<E extends Dataset | readonly Example[]>(
  examples: E,
  fraction: number,
  options: Partial<SymbolReader> & { seed?: number; byLabel?: boolean } = {},
): Split<E> {
  const known = ["unit", "normalization", "html", "seed", "byLabel"];
  requireOptions("splitDocuments()", options, known);
  const { unit = "characters", normalization, html, seed = 1, byLabel = false } = options;
  checkUnit(unit);
  if (examples.length !== 1) {
    return splitExamples(examples, fraction, { seed, byLabel });
  }
  if (!(fraction > 0 && fraction < 1)) {
    throw new InputError(`the validation split must be above 0 and below 1, got ${fraction}`);
  }
  const example = examples.at(0)!;
  const reader = { unit, normalization, html };
  const symbols = isDataset(examples) ? [] : readSymbols(example.text, reader);
  const length = isDataset(examples) ? examples.texts.lengthAt(0) : symbols.length;
  const place = example.where === undefined ? "" : `${example.where}: `;
  const cut = length - Math.round(fraction * length);
  if (cut === 0 || cut === length) {
    throw new InputError(
      `${place}a text of ${length} ${unit} is too short to hold out ${fraction} of it; give a ` +
        "longer one, or another validation split",
    );
  }
  const part = (from: number, to: number) => {
    if (isDataset(examples)) return examples.cut(from, to);
    const text = joinSymbols(symbols.slice(from, to), unit);
    return [{ ...example, text: html ? escapeHtml(text) : text }]; // HTML is stripped again later
  };
  return { train: part(0, cut), validation: part(cut, length) } as Split<E>;
}
