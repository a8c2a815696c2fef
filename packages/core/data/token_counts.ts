/**
 * Counts the words and symbols of examples, and lists their labels.
 *
 * @module
 */
import { mapped, type Sequence } from "../sequence.ts";
import { countTokens } from "../text/packed_tokens.ts";
import { countsOfWords } from "../text/spellings.ts";
import { readSymbols } from "../text/read_symbols.ts";
import type { SymbolReader } from "../text/symbols.ts";
import { tokenize, type TokenizerOptions } from "../text/tokenizer.ts";
import { countWords } from "../text/vocabulary.ts";
import { isDataset } from "./dataset.ts";
import type { Example } from "./examples.ts";

/** Counts how often each word occurs in the texts. */
export function wordCounts(
  examples: Sequence<Example>,
  tokenizer?: TokenizerOptions,
): Map<string, number> {
  const counts = tokenCounts(examples, tokenizer);
  return tokenizer ? countsOfWords(counts, tokenizer) : counts;
}

/** Counts how often each token occurs in the texts; a token is a word, or one spelling of it. */
export function tokenCounts(
  examples: Sequence<Example>,
  tokenizer?: TokenizerOptions,
): Map<string, number> {
  if (isDataset(examples)) return countTokens(examples.texts);
  return countWords(mapped(examples, ({ text }) => tokenize(text, tokenizer)));
}

/**
 * Counts how often each symbol occurs.
 *
 * @param side Whether to count in the texts or in the labels. Default: `"texts"`.
 */
export function symbolCounts(
  examples: Sequence<Example>,
  reader: SymbolReader,
  side: "texts" | "labels" = "texts",
): Map<string, number> {
  if (isDataset(examples)) return countTokens(examples[side]);
  const textOf = ({ text, label = "" }: Example) => side === "texts" ? text : label;
  return countWords(mapped(examples, (each) => readSymbols(textOf(each), reader)));
}

/** Counts the symbols of all texts. */
export function countSymbols(examples: Sequence<Example>, reader: SymbolReader): number {
  const lengthAt = symbolLengths(examples, reader);
  let sum = 0;
  for (let i = 0; i < examples.length; i++) sum += lengthAt(i);
  return sum;
}

/** Returns a function that counts the symbols of the text at an index. */
export function symbolLengths(
  examples: Sequence<Example>,
  reader: SymbolReader,
): (index: number) => number {
  if (isDataset(examples)) return examples.texts.lengthAt;
  return (i) => readSymbols(examples.at(i)!.text, reader).length;
}

/**
 * Returns the different labels, sorted.
 *
 * @param split Splits an example's label into labels. Default: it is one label.
 */
export function differentLabels(
  examples: Sequence<Example>,
  split: (label: string) => string[] = (label) => [label],
): string[] {
  if (isDataset(examples)) return [...countTokens(examples.labels).keys()].sort();
  const labels = new Set<string>();
  for (const { label = "" } of examples) for (const each of split(label)) labels.add(each);
  return [...labels].sort();
}
