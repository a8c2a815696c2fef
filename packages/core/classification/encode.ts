/**
 * Labeled texts as a classifier sees them.
 *
 * @module
 */
import type { Example } from "../data/examples.ts";
import { InputError } from "../errors.ts";
import { quote } from "../printable.ts";
import { tokenize, type TokenizerOptions } from "../text/tokenizer.ts";
import { encode, indexWords } from "../text/vocabulary.ts";
import type { EncodedExample } from "../training/buckets.ts";

/** What of a model settles how it reads texts and labels. */
export interface Reader {
  /** How a text becomes words. */
  tokenizer: TokenizerOptions;
  /** The words by id. */
  vocabulary: string[];
  /** The labels by id. */
  labels: string[];
}

/**
 * Examples as word ids and label ids.
 *
 * @param split The labels in an example's label: one, or one for each word.
 * @throws {InputError} For a text without words, for a label that the model does not have, and for
 *   what `split` refuses.
 */
export function encodeLabeled(
  { tokenizer, vocabulary, labels }: Reader,
  examples: readonly Example[],
  split: (label: string, words: number, text: string, place: string) => string[],
): EncodedExample[] {
  const index = indexWords(vocabulary);
  const labelIds = new Map(labels.map((label, id) => [label, id]));
  return examples.map(({ text, label = "", where }, i) => {
    const place = where ?? `example ${i + 1}`;
    const words = encode(tokenize(text, tokenizer), index);
    if (words.length === 0) {
      throw new InputError(`${place}: the text ${quote(text)} has no words; remove it`);
    }
    const ids = Int32Array.from(split(label, words.length, text, place), (name) => {
      const id = labelIds.get(name);
      if (id !== undefined) return id;
      throw new InputError(
        `${place}: the label ${quote(name)} is not one that the model learns: ${shortList(labels)}`,
      );
    });
    return { words, labels: ids };
  });
}

function shortList(labels: readonly string[]): string {
  const shown = labels.slice(0, 8).map(quote).join(", ");
  return labels.length > 8 ? `${shown} and ${labels.length - 8} more` : shown;
}
