/**
 * Examples as the network sees them.
 *
 * @module
 */
import { type Sequence, sequenceOf } from "../sequence.ts";
import type { Spellings } from "../text/spellings.ts";

/** An example as the network sees it. */
export interface EncodedExample {
  /** The ids of the words or symbols that it reads. */
  words: Int32Array;
  /** The id of its label; of a tagger and of texts predicted symbol by symbol, one for each step. */
  labels: Int32Array;
  /** What the ids of words stand for, where letters are read; else they are the words' own. */
  spellings?: Spellings;
}

/** Examples as the network sees them. An array of them is one. */
export interface EncodedSet extends Sequence<EncodedExample> {
  /** The number of words of an example, where it is known without reading them. */
  lengthAt?(index: number): number;
  /** How many targets have each of a number of labels, where it is known without reading them. */
  labelCounts?(labels: number): number[];
  /** Some of the steps of an example with a label for each, where they can be read alone. */
  stepsAt?(index: number, from: number, to: number): EncodedExample;
}

/** An example whose ids are read where somebody asks for them. */
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

/** How the ids of an example are read. */
interface Readers {
  words(index: number): Int32Array;
  labels(index: number): Int32Array;
  spellings?: Spellings;
}

/** A set whose examples are read each time they are asked for. */
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

/** The number of words of an example. */
export function wordsAt(set: EncodedSet, index: number): number {
  return set.lengthAt?.(index) ?? set.at(index)!.words.length;
}

/** Some of the steps of an example that has a label for each word. */
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

/** The number of words of the longest example; 1 at least. */
export function longestOf(set: EncodedSet): number {
  let longest = 1;
  for (let i = 0; i < set.length; i++) longest = Math.max(longest, wordsAt(set, i));
  return longest;
}
