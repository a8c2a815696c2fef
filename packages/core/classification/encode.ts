/**
 * Labeled texts as a classifier sees them.
 *
 * @module
 */
import type { Example } from "../data/examples.ts";
import { InputError } from "../errors.ts";
import { quote } from "../printable.ts";
import { tokenize, type TokenizerOptions } from "../text/tokenizer.ts";
import { toNfc } from "../text/nfc.ts";
import { encode, indexWords } from "../text/vocabulary.ts";
import type { EncodeOptions } from "../task.ts";
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

/** The labels in an example's label. */
export interface LabelSplit {
  /** The labels: one, or one for each word. */
  split(label: string): string[];
  /** What is wrong with a text with that number of words and its label, if anything. */
  check?(text: string, words: number, label: string): string | undefined;
}

/** Why a model that labels texts or words cannot use an example; undefined where it can. */
export function labeledProblem(
  words: number,
  { text, label = "" }: Example,
  { check }: LabelSplit,
): string | undefined {
  if (words === 0) {
    const cure = /\S/.test(text) ? "remove it, or keep punctuation as words" : "remove it";
    return `the text ${quote(text)} has no words; ${cure}`;
  }
  return check?.(text, words, label);
}

/**
 * Examples as word ids and label ids.
 *
 * @param labelsIn The labels in an example's label.
 * @param options `mayBeUnseen`: whether a label that the model does not have is id -1, which counts
 *   as wrong and has no loss. Default: false.
 * @throws {InputError} For an example that cannot be used, and for a label that the model does not
 *   have; where labels may be unseen, if all are.
 */
export function encodeLabeled(
  { tokenizer, vocabulary, labels }: Reader,
  examples: readonly Example[],
  labelsIn: LabelSplit,
  { mayBeUnseen = false }: EncodeOptions = {},
): EncodedExample[] {
  const index = indexWords(vocabulary);
  const idOf = labelIds(labels);
  let firstUnseen: string | undefined, isAnySeen = false;
  const encoded = examples.map((example, i) => {
    const { text, label = "", where } = example;
    const place = where ?? `example ${i + 1}`;
    const words = encode(tokenize(text, tokenizer), index);
    const problem = labeledProblem(words.length, example, labelsIn);
    if (problem !== undefined) throw new InputError(`${place}: ${problem}`);
    const ids = Int32Array.from(labelsIn.split(label), (name) => {
      const id = idOf(name);
      if (id !== undefined) {
        isAnySeen = true;
        return id;
      }
      firstUnseen ??= `${place}: the label ${quote(name)} is not one that the model learns`;
      if (mayBeUnseen) return -1;
      throw new InputError(`${firstUnseen}: ${shortList(labels)}`);
    });
    return { words, labels: ids };
  });
  if (isAnySeen || firstUnseen === undefined) return encoded;
  const others = examples.length > 1 ? ", nor is any other here" : "";
  throw new InputError(`${firstUnseen}${others}: ${shortList(labels)}`);
}

/** Gives the id of a label, in whatever form of Unicode model and label have it. */
export function labelIds(labels: readonly string[]): (label: string) => number | undefined {
  const exact = new Map(labels.map((label, id) => [label, id]));
  const normal = new Map(labels.map((label, id) => [toNfc(label), id]));
  return (label) => exact.get(label) ?? normal.get(toNfc(label));
}

function shortList(labels: readonly string[]): string {
  const shown = labels.slice(0, 8).map(quote).join(", ");
  return labels.length > 8 ? `${shown} and ${labels.length - 8} more` : shown;
}
