/**
 * Shards: files of examples as numbers, which `train.py` maps into memory.
 *
 * @module
 */
import type { PreparedSeries, Window } from "../../forecast/windows.ts";
import type { Sequence } from "../../sequence.ts";
import { type EncodedSet, stepsAt, wordsAt } from "../../training/encoded.ts";
import type { ExportedFile } from "../exported_file.ts";

/** An example in a shard. */
export interface ShardExample {
  /** The inputs, 32 bits each. */
  read: Int32Array;
  /** The targets, 32 bits each. */
  learned: Int32Array;
}

/** The count of numbers after which a shard ends, 64 MiB; examples are not split. */
const SHARD = 2 ** 24;

/**
 * Writes examples as shards of int32. A shard starts with the number of inputs and the number of
 * targets of each example; then come the inputs and targets, example by example. The last file is a
 * JSON list of the shards: the file name, the count of examples and the count of numbers of each.
 *
 * @param name The prefix of the files' names.
 * @param most The count of numbers after which a shard ends. Default: 2²⁴.
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

/** Yields examples with words as inputs and labels as targets. */
export function* wordsAndLabels(set: EncodedSet): Generator<ShardExample> {
  for (const { words, labels } of set) yield { read: words, learned: labels };
}

/**
 * Yields the spellings in the examples of a network that reads letters: the inputs are a spelling's
 * word and the word's count, and the targets are its letters. Yields nothing for other networks.
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

/** Yields documents: the input is the first token that is read, the targets are all tokens. */
export function* documents(set: EncodedSet): Generator<ShardExample> {
  for (let i = 0; i < set.length; i++) {
    const { words, labels } = stepsAt(set, i, 0, wordsAt(set, i));
    yield { read: words.slice(0, 1), learned: labels };
  }
}

/** Returns the bits of numbers in float32. */
export function bitsOfNumbers(numbers: ArrayLike<number>): Int32Array {
  return new Int32Array(Float32Array.from(numbers).buffer);
}

/**
 * Writes the series of windows: a file of float64 for each, column by column, and a JSON list with
 * each file's name, columns, rows, first origin and number of origins.
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
