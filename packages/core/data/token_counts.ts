/**
 * How often words and symbols occur in examples, and which labels.
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

/** How often each word occurs in the texts. */
export function wordCounts(
  examples: Sequence<Example>,
  tokenizer?: TokenizerOptions,
): Map<string, number> {
  const counts = tokenCounts(examples, tokenizer);
  return tokenizer ? countsOfWords(counts, tokenizer) : counts;
}

/** How often each token occurs in the texts: a word, or one spelling of it. */
export function tokenCounts(
  examples: Sequence<Example>,
  tokenizer?: TokenizerOptions,
): Map<string, number> {
  if (isDataset(examples)) return countTokens(examples.texts);
  return countWords(mapped(examples, ({ text }) => tokenize(text, tokenizer)));
}

/**
 * How often each symbol occurs.
 *
 * @param side Whether in the texts or in the labels. Default: in the texts.
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

/** How many symbols the texts have. */
export function countSymbols(examples: Sequence<Example>, reader: SymbolReader): number {
  const lengthAt = symbolLengths(examples, reader);
  let sum = 0;
  for (let i = 0; i < examples.length; i++) sum += lengthAt(i);
  return sum;
}

/** Gives how many symbols a text has. */
export function symbolLengths(
  examples: Sequence<Example>,
  reader: SymbolReader,
): (index: number) => number {
  if (isDataset(examples)) return examples.texts.lengthAt;
  return (i) => readSymbols(examples.at(i)!.text, reader).length;
}

/**
 * The different labels, sorted.
 *
 * @param split The labels in an example's label.
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
