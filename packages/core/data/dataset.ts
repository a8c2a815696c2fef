/**
 * Datasets: examples stored as token ids, in a few bytes per token.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import { type Sequence, sequenceOf } from "../sequence.ts";
import {
  cutText,
  growingNumbers,
  type PackedTokens,
  packTokens,
  selectTexts,
} from "../text/packed_tokens.ts";
import type { Reading } from "../text/reading.ts";
import type { Example } from "./examples.ts";

/**
 * Examples stored as token ids. Up to a total of 2²⁵ characters, the original texts are kept too;
 * beyond that, each text is rebuilt from its tokens, without what its model does not read.
 */
export interface Dataset extends Sequence<Example> {
  /** How the texts were turned into tokens. */
  readonly reading: Reading;
  /** The tokens of the texts. */
  readonly texts: PackedTokens;
  /** The tokens of the labels: a single label, a tag for each word, or the symbols of a target. */
  readonly labels: PackedTokens;
  /** Returns the examples with these indices, in the order given; no token is copied. */
  select(rows: Uint32Array): Dataset;
  /** Returns tokens `from` to `to` (exclusive) of the text of a dataset's only example. */
  cut(from: number, to: number): Dataset;
}

/** Joins tokens into strings again. */
export interface TokenJoiner {
  /** Joins the tokens of a text. */
  text(tokens: readonly string[], reading: Reading): string;
  /** Joins the tokens of a label. */
  label(tokens: readonly string[], reading: Reading): string;
}

/** Adds examples to a dataset one at a time. */
export interface DatasetWriter {
  /** Adds an example with the tokens of its text and its label. */
  add(example: Example, texts: readonly string[], labels: readonly string[]): void;
  /** Extends the text of the last example. */
  append(text: string, tokens: readonly string[]): void;
  /** Returns the dataset of all examples added so far. */
  dataset(): Dataset;
}

const KEPT = 2 ** 25; // characters of original texts kept
const SHOWN = 100_000; // tokens of a text that are joined again

/** Creates a writer of a dataset that has no examples yet. */
export function writeDataset(
  reading: Reading,
  joiner: TokenJoiner,
  maxKept: number = KEPT,
): DatasetWriter {
  const texts = packTokens(), labels = packTokens(), places = rememberPlaces();
  let kept: Example[] | undefined = [], characters = 0;
  const note = (length: number) => {
    characters += length;
    if (characters > maxKept) kept = undefined;
  };
  return {
    add(example, tokens, labelTokens) {
      texts.add(tokens);
      labels.add(labelTokens);
      places.add(example.where);
      note(example.text.length + (example.label?.length ?? 0));
      kept?.push(example);
    },
    append(text, tokens) {
      texts.append(tokens);
      note(text.length);
      const last = kept?.pop();
      if (last) kept!.push({ ...last, text: last.text + text });
    },
    dataset() {
      const packed = { reading, texts, labels, joiner };
      const unpacked = (i: number) => unpack(packed, i, places.at(i));
      return datasetOf(packed, kept ?? sequenceOf(texts.length, unpacked));
    },
  };
}

/** Returns whether examples are a dataset. */
export function isDataset(examples: Sequence<Example>): examples is Dataset {
  return "reading" in examples;
}

/**
 * Throws unless a dataset was read with the same settings as a model's.
 *
 * @throws {InputError} If the settings differ.
 */
export function requireReading({ reading }: Dataset, model: Reading): void {
  const keyOf = ({ tokenizer, unit, normalization, html, separator }: Reading) =>
    JSON.stringify([Object.entries(tokenizer ?? {}).sort(), unit, normalization, html, separator]);
  if (keyOf(reading) === keyOf(model)) return;
  throw new InputError(
    "the dataset was read with settings other than the model's; create it with the model's reading",
  );
}

type Packed = Pick<Dataset, "reading" | "texts" | "labels"> & { joiner: TokenJoiner };

function datasetOf(packed: Packed, examples: Sequence<Example>): Dataset {
  const { reading, texts, labels } = packed;
  const { length } = texts;
  return {
    ...{ reading, texts, labels },
    ...sequenceOf(length, (i) => examples.at(i)!),
    select(rows) {
      const some = { texts: selectTexts(texts, rows), labels: selectTexts(labels, rows) };
      return datasetOf(
        { ...packed, ...some },
        sequenceOf(rows.length, (i) => examples.at(rows[i])!),
      );
    },
    cut(from, to) {
      const part = { ...packed, texts: cutText(texts, 0, from, to) };
      return datasetOf(part, sequenceOf(1, () => unpack(part, 0, examples.at(0)?.where)));
    },
  };
}

/** Returns an example that joins its text and label from tokens each time they are read. */
function unpack(
  { reading, texts, labels, joiner }: Packed,
  i: number,
  where: string | undefined,
): Example {
  const tokensOf = (all: PackedTokens) =>
    Array.from(all.ids(i, undefined, 0, Math.min(SHOWN, all.lengthAt(i))), (id) => all.tokens[id]);
  return {
    get text() {
      return joiner.text(tokensOf(texts), reading);
    },
    get label() {
      return joiner.label(tokensOf(labels), reading);
    },
    where,
  };
}

/** Stores the place of each example (file and line) without a string for each. */
function rememberPlaces() {
  const files: { name: string; first: number }[] = [], lines = growingNumbers();
  return {
    add(where = "") {
      const colon = where.lastIndexOf(":"), line = Number(where.slice(colon + 1));
      const hasLine = colon > 0 && Number.isInteger(line);
      const name = hasLine ? where.slice(0, colon) : where;
      if (files.at(-1)?.name !== name) files.push({ name, first: lines.length });
      lines.push(hasLine ? line : 0);
    },
    at(i: number): string | undefined {
      const { name } = files.findLast(({ first }) => first <= i)!, line = lines.at(i);
      return line > 0 ? `${name}:${line}` : name || undefined;
    },
  };
}
