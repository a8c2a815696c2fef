/**
 * Documents as a language model sees them.
 *
 * @module
 */
import type { Example } from "../data/examples.ts";
import { quote, quoteSome } from "../data/records.ts";
import { InputError } from "../errors.ts";
import type { EncodedExample, Model } from "../model.ts";
import { EDGE, labelMark, markedLabel } from "../text/marks.ts";
import { splitSymbols } from "../text/symbols.ts";
import { encode, indexWords } from "../text/vocabulary.ts";

/**
 * After the start, and after each symbol, the next one; where the model learns ends, after the last
 * one the end.
 *
 * @throws {InputError} For a document without symbols, and for a label that the model does not know.
 */
export function encodeDocuments(model: Model, examples: readonly Example[]): EncodedExample[] {
  const { vocabulary, unit } = model;
  const index = indexWords(vocabulary);
  const symbols = vocabulary.indexOf(EDGE);
  const hasEnds = model.labels.length > symbols;
  return examples.map(({ text, label, where }) => {
    const ids = encode(splitSymbols(text, unit!), index);
    if (ids.length === 0) {
      throw new InputError(`${where ?? "the text"}: there is nothing in it; give a longer text`);
    }
    const labels = hasEnds ? withEnd(ids, symbols) : ids;
    const words = new Int32Array(labels.length);
    words[0] = startOf(model, index, label, where);
    words.set(labels.subarray(0, -1), 1);
    return { words, labels };
  });
}

/** The labels that a model writes texts for; none for a model that writes without. */
export function writtenLabels({ vocabulary }: Model): string[] {
  return vocabulary.map(markedLabel).filter((label) => label !== undefined);
}

/**
 * The id of what a text begins with: the start, or the mark of its label.
 *
 * @throws {InputError} For a label that the model does not know.
 */
export function startOf(
  model: Model,
  index: ReadonlyMap<string, number>,
  label: string | undefined,
  where?: string,
): number {
  const known = writtenLabels(model);
  if (known.length === 0) return index.get(EDGE)!;
  const id = label === undefined ? undefined : index.get(labelMark(label));
  if (id !== undefined) return id;
  const place = where === undefined ? "" : `${where}: `;
  const what = label === undefined ? "no label was given" : `there is no label ${quote(label)}`;
  throw new InputError(`${place}${what}; the model writes for ${quoteSome(known)}`);
}

function withEnd(ids: Int32Array, end: number): Int32Array {
  const longer = new Int32Array(ids.length + 1).fill(end);
  longer.set(ids);
  return longer;
}
