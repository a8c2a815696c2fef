/**
 * Encoded examples, which the network reads as ids.
 *
 * @module
 */
import { type Sequence, sequenceOf } from "../sequence.ts";
import type { Spellings } from "../text/spellings.ts";

/** An encoded example. */
export interface EncodedExample {
  /** The ids of the words or symbols that the network reads. */
  words: Int32Array;
  /** The label's id; for taggers, and texts predicted symbol by symbol, one id per time step. */
  labels: Int32Array;
  /** For models that read letters, the words that the ids stand for; otherwise missing. */
  spellings?: Spellings;
}

/** A sequence of encoded examples, such as an array. */
export interface EncodedSet extends Sequence<EncodedExample> {
  /** Returns the number of words of an example, if that is known without reading them. */
  lengthAt?(index: number): number;
  /** Returns the number of targets with each label, if that is known without reading them. */
  labelCounts?(labels: number): number[];
  /** Returns a range of an example's time steps with labels, if they can be read separately. */
  stepsAt?(index: number, from: number, to: number): EncodedExample;
}

/** An example whose ids are read on access. */
class LazyExample implements EncodedExample {
  readonly #read: Readers;
  readonly #place: number;
  constructor(read: Readers, place: number) {
    this.#read = read;
    this.#place = place;
  }
  get words(): Int32Array {
    return this.#read.words(this.#place);
  }
  get labels(): Int32Array {
    return this.#read.labels(this.#place);
  }
  get spellings(): Spellings | undefined {
    return this.#read.spellings;
  }
}

/** Functions that read the ids of an example. */
interface Readers {
  words(index: number): Int32Array;
  labels(index: number): Int32Array;
  spellings?: Spellings;
}

/** Creates a set whose examples are read on each access. */
export function encodedSet(
  length: number,
  lengthAt: (index: number) => number,
  words: (index: number) => Int32Array,
  labels: (index: number) => Int32Array,
  spellings?: Spellings,
): EncodedSet & { lengthAt(index: number): number } {
  const read = { words, labels, spellings };
  return { ...sequenceOf(length, (i) => new LazyExample(read, i)), lengthAt };
}

/** Returns the number of words of an example. */
export function wordsAt(set: EncodedSet, index: number): number {
  return set.lengthAt?.(index) ?? set.at(index)!.words.length;
}

/** Returns a range of time steps of an example that has a label for each word. */
export function stepsAt(
  set: EncodedSet,
  index: number,
  from: number,
  to: number,
): EncodedExample {
  if (set.stepsAt) return set.stepsAt(index, from, to);
  const { words, labels } = set.at(index)!;
  return { words: words.subarray(from, to), labels: labels.subarray(from, to) };
}

/** Returns the number of words of the longest example; at least 1. */
export function longestOf(set: EncodedSet): number {
  let longest = 1;
  for (let i = 0; i < set.length; i++) longest = Math.max(longest, wordsAt(set, i));
  return longest;
}
