/**
 * Documents as a language model sees them.
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
 * After the start, and after each symbol, the next one; where the model learns ends, after the last
 * one the end.
 *
 * @throws {InputError} For a document without symbols, and for a label that the model does not know.
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
  /** What each begins with. */
  starts: ArrayLike<number>;
  /** The symbols of each. */
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

const NOTHING = "there is nothing in it; give a longer text";

/** Why a text cannot be learned; undefined where it can. */
export function documentProblem(symbols: number): string | undefined {
  return symbols === 0 ? NOTHING : undefined;
}

/** The labels of documents, piece by piece. */
function* labelsIn(documents: EncodedSet): Generator<Int32Array> {
  for (let i = 0; i < documents.length; i++) {
    const length = wordsAt(documents, i);
    for (let from = 0; from < length; from += PIECE) {
      yield stepsAt(documents, i, from, Math.min(length, from + PIECE)).labels;
    }
  }
}

const PIECE = 2 ** 16; // symbols

/** The fraction of the symbols of some documents that the model does not know. */
export function unknownFraction(documents: EncodedSet): number {
  let unknown = 0, count = 0;
  for (const labels of labelsIn(documents)) {
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
  documents: EncodedSet,
): void {
  const end = vocabulary.indexOf(EOS);
  if (documents.length === 0 || knowsSome(labelsIn(documents), vocabulary, end)) return;
  throw new InputError(
    `${place}the model knows none of its ${unit}; it knows ` +
      `${quoteSome(vocabulary.slice(1, end))}; give a text in these, or train a model on yours`,
  );
}

/** The labels that a model writes texts for; none for a model that writes without. */
export function writtenLabels({ vocabulary }: Pick<AnyModel, "vocabulary">): string[] {
  return vocabulary.map(markedLabel).filter((label) => label !== undefined);
}

/** Gives the id of what a text with a label begins with. */
type StartOf = (label: string | undefined, where?: string) => number;

/**
 * Gives the id of what a text begins with: the start, or the mark of its label. The vocabulary is
 * searched for labels once, not for every text.
 *
 * @throws {InputError} When asked for a label that the model does not know.
 */
export function startsOf(
  model: Pick<AnyModel, "vocabulary">,
  index: ReadonlyMap<string, number>,
): StartOf {
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
