/**
 * Pairs of texts as a translation model sees them.
 *
 * @module
 */
import type { Example } from "../data/examples.ts";
import { quote } from "../printable.ts";
import { InputError } from "../errors.ts";
import type { EncodedExample } from "../training/buckets.ts";
import type { TranslationModel } from "./model.ts";
import { EOS } from "../text/marks.ts";
import { readSymbols } from "../text/symbols.ts";
import { encode, indexWords } from "../text/vocabulary.ts";

/**
 * Examples whose text is the source and whose label is the target: source ids, and target ids with
 * the end behind them.
 *
 * @throws {InputError} For a source or a target without symbols.
 */
export function encodePairs(
  model: TranslationModel,
  examples: readonly Example[],
): EncodedExample[] {
  const { vocabulary, labels, unit } = model;
  const sources = indexWords(vocabulary), targets = indexWords(labels);
  return examples.map(({ text, label = "", where }, i) => {
    const place = where ?? `example ${i + 1}`;
    const words = encode(readSymbols(text, model), sources);
    const given = encode([...readSymbols(label, model), EOS], targets);
    if (words.length === 0) {
      throw new InputError(`${place}: the source ${quote(text)} has no ${unit}; remove it`);
    }
    if (given.length === 1) {
      throw new InputError(`${place}: the target ${quote(label)} has no ${unit}; remove it`);
    }
    return { words, labels: given };
  });
}
