/**
 * Documents as a language model sees them.
 *
 * @module
 */
import type { Example } from "../data/examples.ts";
import { quote } from "../printable.ts";
import { quoteSome } from "../data/records.ts";
import { InputError } from "../errors.ts";
import type { AnyModel } from "../model.ts";
import type { EncodedExample } from "../training/buckets.ts";
import type { LanguageModel } from "./model.ts";
import { BOS, EOS, labelMark, markedLabel } from "../text/marks.ts";
import { readSymbols } from "../text/symbols.ts";
import { encode, indexWords } from "../text/vocabulary.ts";

/**
 * After the start, and after each symbol, the next one; where the model learns ends, after the last
 * one the end.
 *
 * @throws {InputError} For a document without symbols, and for a label that the model does not know.
 */
export function encodeDocuments(
  model: LanguageModel,
  examples: readonly Example[],
): EncodedExample[] {
  const index = indexWords(model.vocabulary);
  const startOf = startsOf(model, index);
  const ends = model.labels.includes(EOS) ? [EOS] : [];
  return examples.map(({ text, label, where }) => {
    const symbols = readSymbols(text, model);
    if (symbols.length === 0) {
      throw new InputError(`${where ?? "the text"}: there is nothing in it; give a longer text`);
    }
    const labels = encode([...symbols, ...ends], index);
    const words = new Int32Array(labels.length);
    words[0] = startOf(label, where);
    words.set(labels.subarray(0, -1), 1);
    return { words, labels };
  });
}

/** The labels that a model writes texts for; none for a model that writes without. */
export function writtenLabels({ vocabulary }: Pick<AnyModel, "vocabulary">): string[] {
  return vocabulary.map(markedLabel).filter((label) => label !== undefined);
}

/**
 * Gives the id of what a text begins with: the start, or the mark of its label. The vocabulary is
 * searched for labels once, not for every text.
 *
 * @throws {InputError} When asked for a label that the model does not know.
 */
export function startsOf(
  model: Pick<AnyModel, "vocabulary">,
  index: ReadonlyMap<string, number>,
): (label: string | undefined, where?: string) => number {
  const known = writtenLabels(model);
  const start = index.get(BOS)!;
  return (label, where) => {
    if (known.length === 0) return start;
    const id = label === undefined ? undefined : index.get(labelMark(label));
    if (id !== undefined) return id;
    const place = where === undefined ? "" : `${where}: `;
    const what = label === undefined ? "no label was given" : `there is no label ${quote(label)}`;
    throw new InputError(`${place}${what}; the model writes for ${quoteSome(known)}`);
  };
}
