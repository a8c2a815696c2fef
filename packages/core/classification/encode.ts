/**
 * Labeled texts as the ids that a classifier reads.
 *
 * @module
 */
import { type Dataset, isDataset, requireReading } from "../data/dataset.ts";
import type { Example } from "../data/examples.ts";
import { InputError } from "../errors.ts";
import { quote } from "../printable.ts";
import { joinTokens, tokenize, type TokenizerOptions, tokenUnit } from "../text/tokenizer.ts";
import type { SymbolUnit } from "../text/symbols.ts";
import { toNfc } from "../text/nfc.ts";
import { startWordIds } from "../text/spellings.ts";
import type { Sequence } from "../sequence.ts";
import type { Reading } from "../text/reading.ts";
import { countTokens, tableOf } from "../text/packed_tokens.ts";
import type { EncodeOptions, TaskReader } from "../task.ts";
import { type EncodedExample, type EncodedSet, encodedSet } from "../training/encoded.ts";

/** The parts of a model that determine how it reads texts and labels. */
export interface Reader extends Reading {
  /** How a text becomes words. */
  tokenizer: TokenizerOptions;
  /** The words by id. */
  vocabulary: string[];
  /** The letters by id, for a model that reads letters. */
  alphabet?: string[];
  /** The labels by id. */
  labels: string[];
}

/** Splits an example's label into the labels it contains. */
export interface LabelSplit {
  /** The labels: one, or one for each word. */
  split(label: string): string[];
  /** Describes what is wrong with a text of that many tokens and its label, if anything. */
  check?(text: string, tokens: number, label: string, unit: SymbolUnit): string | undefined;
}

/** Returns why a model that labels texts or words cannot use an example; undefined if it can. */
export function labeledProblem(
  words: number,
  { text, label = "" }: Example,
  { check }: LabelSplit,
  tokenizer?: TokenizerOptions,
): string | undefined {
  if (words === 0) {
    const keeps = tokenizer?.punctuation === "keep" || !/\S/.test(text);
    const cure = keeps ? "remove it" : "remove it, or keep punctuation as words";
    return `the text ${quote(text)} has no ${tokenUnit(tokenizer)}; ${cure}`;
  }
  return check?.(text, words, label, tokenUnit(tokenizer));
}

/** Creates the reader of texts and labels for a model that labels texts or words. */
export function labelReader(labelsIn: LabelSplit): TaskReader {
  return {
    tokens: ({ tokenizer }, text) => tokenize(text, tokenizer),
    labelTokens: (_, label) => labelsIn.split(label),
    problem: ({ length }, _, example, { tokenizer }) =>
      labeledProblem(length, example, labelsIn, tokenizer),
    text: (tokens, { tokenizer }) => joinTokens(tokens, tokenizer),
    label: (labels) => labels.join(" "),
  };
}

/**
 * Encodes examples as word ids and label ids.
 *
 * @param labelsIn Splits an example's label.
 * @param options `mayBeUnseen`: whether a label that the model does not have gets the id -1, which
 *   counts as wrong and has no loss. Default: false.
 * @throws {InputError} If an example cannot be used, or has a label that the model does not have;
 *   with `mayBeUnseen`, if the model has none of the labels.
 */
export function encodeLabeled(
  model: Reader,
  examples: Sequence<Example>,
  labelsIn: LabelSplit,
  { mayBeUnseen = false }: EncodeOptions = {},
): EncodedSet {
  const { tokenizer, labels } = model;
  const { idOf: idOfToken, spellings } = startWordIds(model);
  const idOf = labelIds(labels);
  let firstUnseen: string | undefined, isAnySeen = false;
  const placeAt = (i: number) => examples.at(i)!.where ?? `example ${i + 1}`;
  const unseen = (name: string, i: number) => {
    firstUnseen ??= `${placeAt(i)}: the label ${quote(name)} is not one that the model learns`;
    if (!mayBeUnseen) throw new InputError(`${firstUnseen}: ${shortList(labels)}`);
    return -1;
  };
  const encodeOne = (example: Example, i: number): EncodedExample => {
    const { text, label = "" } = example;
    const words = Int32Array.from(tokenize(text, tokenizer), idOfToken);
    const problem = labeledProblem(words.length, example, labelsIn, tokenizer);
    if (problem !== undefined) throw new InputError(`${placeAt(i)}: ${problem}`);
    const ids = Int32Array.from(labelsIn.split(label), (name) => {
      const id = idOf(name);
      isAnySeen ||= id !== undefined;
      return id ?? unseen(name, i);
    });
    return { words, labels: ids, ...(spellings && { spellings }) };
  };
  const encodePacked = (dataset: Dataset) => {
    requireReading(dataset, model);
    const { length, texts, labels } = dataset;
    const wordTable = tableOf(texts.tokens, idOfToken);
    const labelTable = tableOf(labels.tokens, idOf, -1);
    isAnySeen = labelTable.some((id) => id >= 0);
    if (labelTable.includes(-1)) { // an unknown label, though perhaps not in these examples
      isAnySeen = false;
      for (let i = 0; i < length; i++) {
        for (const id of labels.ids(i)) {
          if (labelTable[id] < 0) unseen(labels.tokens[id], i);
          else isAnySeen = true;
        }
      }
    }
    const words = (i: number) => texts.ids(i, wordTable);
    return {
      ...encodedSet(length, texts.lengthAt, words, (i) => labels.ids(i, labelTable), spellings),
      labelCounts(count: number) {
        const counts = new Array<number>(count).fill(0);
        for (const [label, times] of countTokens(labels)) counts[idOf(label)!] += times;
        return counts;
      },
    };
  };
  const encoded = isDataset(examples) ? encodePacked(examples) : Array.from(examples, encodeOne);
  if (isAnySeen || firstUnseen === undefined) return encoded;
  const others = examples.length > 1 ? ", nor is any other here" : "";
  throw new InputError(`${firstUnseen}${others}: ${shortList(labels)}`);
}

/** Returns a function from a label to its id, whatever Unicode normalization form either is in. */
export function labelIds(labels: readonly string[]): (label: string) => number | undefined {
  const exact = new Map(labels.map((label, id) => [label, id]));
  const normal = new Map(labels.map((label, id) => [toNfc(label), id]));
  return (label) => exact.get(label) ?? normal.get(toNfc(label));
}

function shortList(labels: readonly string[]): string {
  const shown = labels.slice(0, 8).map(quote).join(", ");
  return labels.length > 8 ? `${shown} and ${labels.length - 8} more` : shown;
}
