/**
 * Documents as the ids that a language model reads.
 *
 * @module
 */
import { type Dataset, isDataset, requireReading } from "../data/dataset.ts";
import type { Example } from "../data/examples.ts";
import { quote } from "../printable.ts";
import { quoteSome } from "../data/records.ts";
import { InputError } from "../errors.ts";
import type { AnyModel } from "../model.ts";
import type { Sequence } from "../sequence.ts";
import { type EncodedSet, encodedSet, stepsAt, wordsAt } from "../training/encoded.ts";
import type { LanguageModel } from "./model.ts";
import { BOS, EOS, labelMark, markedLabel } from "../text/marks.ts";
import { toNfc } from "../text/nfc.ts";
import { readSymbols } from "../text/read_symbols.ts";
import { tableOf } from "../text/packed_tokens.ts";
import { encode, indexWords, knowsSome } from "../text/vocabulary.ts";

/**
 * Encodes documents for next-symbol prediction: the inputs are the start mark and the symbols, the
 * targets the symbols and, if the model learns ends, the end mark.
 *
 * @throws {InputError} If a document has no symbols, or a label that the model does not know.
 */
export function encodeDocuments(
  model: LanguageModel,
  examples: Sequence<Example>,
): EncodedSet & Required<Pick<EncodedSet, "lengthAt" | "stepsAt">> {
  const index = indexWords(model.vocabulary);
  const startOf = startsOf(model, index);
  const end = model.labels.includes(EOS) ? index.get(EOS)! : undefined;
  if (isDataset(examples)) requireReading(examples, model);
  const { starts, texts } = isDataset(examples)
    ? packedDocuments(examples, index, startOf)
    : textDocuments(model, examples, index, startOf);
  const { length, lengthAt, ids } = texts;
  const ends = end === undefined ? 0 : 1;
  const labelsAt = (i: number, from: number, to: number) => {
    if (to <= lengthAt(i)) return ids(i, from, to);
    const labels = new Int32Array(to - from);
    labels.set(ids(i, from, to - 1));
    labels[labels.length - 1] = end!;
    return labels;
  };
  const wordsOf = (i: number, from: number, to: number) => {
    const words = new Int32Array(to - from);
    if (words.length === 0) return words;
    if (from === 0) words[0] = starts[i];
    words.set(ids(i, Math.max(0, from - 1), to - 1), from === 0 ? 1 : 0);
    return words;
  };
  const stepsIn = (i: number) => lengthAt(i) + ends;
  return {
    ...encodedSet(
      length,
      stepsIn,
      (i) => wordsOf(i, 0, stepsIn(i)),
      (i) => labelsAt(i, 0, stepsIn(i)),
    ),
    stepsAt: (i, from, to) => ({ words: wordsOf(i, from, to), labels: labelsAt(i, from, to) }),
  };
}

/** Documents as the ids of their symbols. */
interface Documents {
  /** The id that each document starts with. */
  starts: ArrayLike<number>;
  /** The symbols of each document. */
  texts: {
    length: number;
    lengthAt(document: number): number;
    ids(document: number, from: number, to: number): Int32Array;
  };
}

function packedDocuments(
  examples: Dataset,
  index: ReadonlyMap<string, number>,
  startOf: StartOf,
): Documents {
  const { length, texts, labels } = examples;
  const table = tableOf(texts.tokens, (symbol) => index.get(symbol));
  const starts = new Int32Array(length), known = new Map<number, number>();
  for (let i = 0; i < length; i++) {
    const [label = -1] = labels.ids(i);
    if (!known.has(label)) {
      known.set(label, startOf(labels.tokens[label] || undefined, examples.at(i)!.where));
    }
    starts[i] = known.get(label)!;
  }
  const { lengthAt } = texts;
  return {
    starts,
    texts: { length, lengthAt, ids: (i, from, to) => texts.ids(i, table, from, to) },
  };
}

function textDocuments(
  model: LanguageModel,
  examples: Sequence<Example>,
  index: ReadonlyMap<string, number>,
  startOf: StartOf,
): Documents {
  const starts: number[] = [], all: Int32Array[] = [];
  for (const { text, label, where } of examples) {
    const symbols = readSymbols(text, model);
    if (symbols.length === 0) throw new InputError(`${where ?? "the text"}: ${NOTHING}`);
    all.push(encode(symbols, index));
    starts.push(startOf(label, where));
  }
  const { length } = all;
  const ids = (i: number, from: number, to: number) => all[i].subarray(from, to);
  return { starts, texts: { length, lengthAt: (i) => all[i].length, ids } };
}

const NOTHING = "is empty; give a longer text";

/** Returns why a text cannot be used; undefined if it can. */
export function documentProblem(symbols: number): string | undefined {
  return symbols === 0 ? NOTHING : undefined;
}

/** Yields the labels of documents, in chunks. */
function* labelsIn(documents: EncodedSet): Generator<Int32Array> {
  for (let i = 0; i < documents.length; i++) {
    const length = wordsAt(documents, i);
    for (let from = 0; from < length; from += PIECE) {
      yield stepsAt(documents, i, from, Math.min(length, from + PIECE)).labels;
    }
  }
}

const PIECE = 2 ** 16; // symbols

/** Computes the fraction of some documents' symbols that the model does not know. */
export function unknownFraction(documents: EncodedSet): number {
  let unknown = 0, count = 0;
  for (const labels of labelsIn(documents)) {
    for (const id of labels) if (id === 0) unknown++;
    count += labels.length;
  }
  return unknown / count;
}

/**
 * Throws an `InputError` if the model knows none of the symbols of some documents.
 *
 * @param place The prefix of the error message.
 */
export function requireKnown(
  { vocabulary, unit }: LanguageModel,
  place: string,
  documents: EncodedSet,
): void {
  const end = vocabulary.indexOf(EOS);
  if (documents.length === 0 || knowsSome(labelsIn(documents), vocabulary, end)) return;
  throw new InputError(
    `${place}the model knows none of its ${unit}; it knows ` +
      `${quoteSome(vocabulary.slice(1, end))}; give a text with these, or train a model on yours`,
  );
}

/** Returns the labels that a model generates texts for; empty for a model without labels. */
export function writtenLabels({ vocabulary }: Pick<AnyModel, "vocabulary">): string[] {
  return vocabulary.map(markedLabel).filter((label) => label !== undefined);
}

/** Returns the id that a text with a label starts with. */
type StartOf = (label: string | undefined, where?: string) => number;

/**
 * Returns a function to the id that a text starts with: the start mark, or the mark of its label.
 * The vocabulary is searched for labels once, not for every text.
 *
 * @throws {InputError} The function throws if the model does not know a label.
 */
export function startsOf(
  model: Pick<AnyModel, "vocabulary">,
  index: ReadonlyMap<string, number>,
): StartOf {
  const known = writtenLabels(model);
  const start = index.get(BOS)!;
  const normal = (label: string) => { // labels are equal in any Unicode normalization form
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
