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
import { toNfc } from "../text/nfc.ts";
import { readSymbols, type SymbolReader } from "../text/symbols.ts";
import { encode, indexWords, knowsSome } from "../text/vocabulary.ts";

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
    if (symbols.length === 0) throw new InputError(`${where ?? "the text"}: ${NOTHING}`);
    const labels = encode([...symbols, ...ends], index);
    const words = new Int32Array(labels.length);
    words[0] = startOf(label, where);
    words.set(labels.subarray(0, -1), 1);
    return { words, labels };
  });
}

const NOTHING = "there is nothing in it; give a longer text";

/** Why a text cannot be learned; undefined where it can. */
export function documentProblem(text: string, reader: SymbolReader): string | undefined {
  return readSymbols(text, reader).length === 0 ? NOTHING : undefined;
}

/** The fraction of the symbols of some documents that the model does not know. */
export function unknownFraction(documents: readonly EncodedExample[]): number {
  let unknown = 0, count = 0;
  for (const { labels } of documents) {
    for (const id of labels) if (id === 0) unknown++;
    count += labels.length;
  }
  return unknown / count;
}

/**
 * Throws where the model knows none of the symbols of some documents.
 *
 * @param place What the error begins with.
 */
export function requireKnown(
  { vocabulary, unit }: LanguageModel,
  place: string,
  documents: readonly EncodedExample[],
): void {
  const end = vocabulary.indexOf(EOS);
  if (documents.length === 0 || knowsSome(documents.map(({ labels }) => labels), vocabulary, end)) {
    return;
  }
  throw new InputError(
    `${place}the model knows none of its ${unit}; it knows ` +
      `${quoteSome(vocabulary.slice(1, end))}; give a text in these, or train a model on yours`,
  );
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
  const normal = (label: string) => { // a label in another form of Unicode is the same one
    const found = known.find((each) => toNfc(each) === toNfc(label));
    return found === undefined ? undefined : index.get(labelMark(found));
  };
  return (label, where) => {
    if (known.length === 0) return start;
    const id = label === undefined ? undefined : index.get(labelMark(label)) ?? normal(label);
    if (id !== undefined) return id;
    const place = where === undefined ? "" : `${where}: `;
    const what = label === undefined ? "no label was given" : `there is no label ${quote(label)}`;
    throw new InputError(`${place}${what}; the model writes for ${quoteSome(known)}`);
  };
}
