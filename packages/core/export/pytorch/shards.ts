/**
 * Examples as numbers in files that `train.py` maps into memory.
 *
 * @module
 */
import type { PreparedSeries, Window } from "../../forecast/windows.ts";
import type { Sequence } from "../../sequence.ts";
import { type EncodedSet, stepsAt, wordsAt } from "../../training/encoded.ts";
import type { ExportedFile } from "../exported_file.ts";

/** What an example is in a shard. */
export interface ShardExample {
  /** The numbers that are read, 32 bits each. */
  read: Int32Array;
  /** Those that are learned. */
  learned: Int32Array;
}

/** The numbers in a shard, 64 MB; one has a whole number of examples. */
const SHARD = 2 ** 24;

/**
 * Examples as shards of int32: first the numbers of what is read and of what is learned, for each of
 * its examples, and then these, example by example. A list of the shards follows them, as JSON: name,
 * examples and numbers of each.
 *
 * @param name What the files' names begin with.
 */
export function* shardsOf(
  name: string,
  examples: Iterable<ShardExample>,
  most: number = SHARD,
): Generator<ExportedFile> {
  const list: [file: string, examples: number, numbers: number][] = [];
  let some: ShardExample[] = [], numbers = 0;
  const shard = (): ExportedFile => {
    const file = `${name}-${String(list.length).padStart(5, "0")}.bin`;
    const content = new Int32Array(numbers);
    let at = 2 * some.length;
    for (const [i, { read, learned }] of some.entries()) {
      content.set([read.length, learned.length], 2 * i);
      content.set(read, at);
      content.set(learned, at + read.length);
      at += read.length + learned.length;
    }
    list.push([file, some.length, numbers]);
    some = [];
    numbers = 0;
    return { suffix: `/data/${file}`, content: new Uint8Array(content.buffer) };
  };
  for (const example of examples) {
    some.push(example);
    numbers += 2 + example.read.length + example.learned.length;
    if (numbers >= most) yield shard();
  }
  if (some.length > 0) yield shard();
  yield listOf(name, list);
}

function listOf(name: string, list: readonly unknown[]): ExportedFile {
  const lines = list.map((each) => JSON.stringify(each)).join(",\n ");
  return { suffix: `/data/${name}.json`, content: `[${lines}]\n` };
}

/** Examples whose words are read and whose labels are learned. */
export function* wordsAndLabels(set: EncodedSet): Generator<ShardExample> {
  for (const { words, labels } of set) yield { read: words, learned: labels };
}

/**
 * The spellings that the words of examples stand for, where letters are read: the word of each and how
 * often that comes are read, and its letters.
 */
export function* spellingsIn(set: EncodedSet): Generator<ShardExample> {
  const spellings = set.at(0)?.spellings;
  if (!spellings) return;
  const counts = new Map<number, number>();
  let last = -1;
  for (const { words } of set) {
    for (const id of words) {
      const word = spellings.wordOf(id);
      counts.set(word, (counts.get(word) ?? 0) + 1);
      last = Math.max(last, id);
    }
  }
  for (let id = 0; id <= last; id++) {
    const word = spellings.wordOf(id);
    yield { read: Int32Array.of(word, counts.get(word) ?? 0), learned: spellings.lettersOf(id) };
  }
}

/** Documents: what each begins with is read, and its symbols are learned. */
export function* documents(set: EncodedSet): Generator<ShardExample> {
  for (let i = 0; i < set.length; i++) {
    const { words, labels } = stepsAt(set, i, 0, wordsAt(set, i));
    yield { read: words.slice(0, 1), learned: labels };
  }
}

/** Numbers as the bits of float32. */
export function bitsOfNumbers(numbers: ArrayLike<number>): Int32Array {
  return new Int32Array(Float32Array.from(numbers).buffer);
}

/**
 * Series with all windows of theirs: a file of float64 for each, column by column, and a list of name,
 * columns, rows, the first origin and their number.
 */
export function* seriesOf(name: string, windows: Sequence<Window>): Generator<ExportedFile> {
  const origins = new Map<PreparedSeries, { first: number; last: number }>();
  for (const { series, origin } of windows) {
    const known = origins.get(series);
    if (known) known.last = origin;
    else origins.set(series, { first: origin, last: origin });
  }
  const list: [file: string, columns: number, rows: number, first: number, count: number][] = [];
  for (const [{ targets, features, known }, { first, last }] of origins) {
    const columns = [...targets, ...features, ...known], rows = targets[0].length;
    const content = new Float64Array(columns.length * rows);
    for (const [c, column] of columns.entries()) content.set(column.subarray(0, rows), c * rows);
    const file = `${name}-${String(list.length).padStart(5, "0")}.bin`;
    list.push([file, columns.length, rows, first, last - first + 1]);
    yield { suffix: `/data/${file}`, content: new Uint8Array(content.buffer) };
  }
  yield listOf(name, list);
}
