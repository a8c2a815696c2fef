/**
 * Pairs of texts as the ids that a translation model reads.
 *
 * @module
 */
import { type Dataset, isDataset, requireReading } from "../data/dataset.ts";
import type { Example } from "../data/examples.ts";
import { quoteSome } from "../data/records.ts";
import { quote } from "../printable.ts";
import { InputError } from "../errors.ts";
import { mapped, type Sequence } from "../sequence.ts";
import { type EncodedSet, encodedSet } from "../training/encoded.ts";
import type { TranslationModel } from "./model.ts";
import { EOS } from "../text/marks.ts";
import { tableOf } from "../text/packed_tokens.ts";
import { readSymbols } from "../text/read_symbols.ts";
import type { SymbolUnit } from "../text/symbols.ts";
import { encode, indexWords, knowsSome } from "../text/vocabulary.ts";

/**
 * Encodes examples, whose text is the source and whose label is the target, as source ids and
 * target ids followed by the end symbol.
 *
 * @throws {InputError} If a source or a target has no symbols.
 */
export function encodePairs(
  model: TranslationModel,
  examples: Sequence<Example>,
): EncodedSet {
  const { vocabulary, labels, unit } = model;
  const sources = indexWords(vocabulary), targets = indexWords(labels);
  if (isDataset(examples)) return packedPairs(model, examples, sources, targets);
  return Array.from(examples, ({ text, label = "", where }, i) => {
    const place = where ?? `example ${i + 1}`;
    const words = encode(readSymbols(text, model), sources);
    const given = encode([...readSymbols(label, model), EOS], targets);
    const problem = pairProblem(words.length, given.length - 1, { text, label }, unit);
    if (problem !== undefined) throw new InputError(`${place}: ${problem}`);
    return { words, labels: given };
  });
}

function packedPairs(
  model: TranslationModel,
  dataset: Dataset,
  sources: ReadonlyMap<string, number>,
  targets: ReadonlyMap<string, number>,
): EncodedSet {
  requireReading(dataset, model);
  const { length, texts, labels } = dataset;
  const sourceTable = tableOf(texts.tokens, (symbol) => sources.get(symbol));
  const targetTable = tableOf(labels.tokens, (symbol) => targets.get(symbol));
  const end = targets.get(EOS)!;
  const targetAt = (i: number) => {
    const ids = new Int32Array(labels.lengthAt(i) + 1).fill(end);
    ids.set(labels.ids(i, targetTable));
    return ids;
  };
  return encodedSet(length, texts.lengthAt, (i) => texts.ids(i, sourceTable), targetAt);
}

/** Returns why a pair cannot be used; undefined if it can. */
export function pairProblem(
  sources: number,
  targets: number,
  { text, label }: Example,
  unit: SymbolUnit,
): string | undefined {
  if (sources === 0) return `the source ${quote(text)} has no ${unit}; remove it`;
  if (targets === 0) return `the target ${quote(label)} has no ${unit}; remove it`;
}

/** Computes the fraction of some pairs' symbols, except ends, that the model does not know. */
export function unknownFraction(pairs: EncodedSet): number {
  let unknown = 0, count = 0;
  for (const { words, labels } of pairs) {
    for (const id of words) if (id === 0) unknown++;
    for (const id of labels) if (id === 0) unknown++;
    count += words.length + labels.length - 1;
  }
  return unknown / count;
}

/**
 * Throws an `InputError` if the model knows no symbol of any source, or of any target.
 *
 * @param place The prefix of the error message.
 */
export function requireKnown(
  { vocabulary, labels, unit }: TranslationModel,
  place: string,
  pairs: EncodedSet,
): void {
  if (pairs.length === 0) return;
  const end = labels.length - 1;
  const sources = mapped(pairs, ({ words }) => words);
  const targets = mapped(pairs, ({ labels }) => labels);
  const sides: [string, string[], boolean][] = [
    ["sources", vocabulary.slice(1), knowsSome(sources, vocabulary)],
    ["targets", labels.slice(1, -1), knowsSome(targets, labels, end)],
  ];
  for (const [side, known, isKnown] of sides) {
    if (isKnown) continue;
    throw new InputError(
      `${place}the model knows none of the ${unit} of the ${side}; it knows ${quoteSome(known)}`,
    );
  }
}
