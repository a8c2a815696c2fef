/**
 * Lists whose items do not all have to be in memory at once.
 *
 * @module
 */

/** A list whose items may be created on access. Arrays are sequences too. */
export interface Sequence<T> extends Iterable<T> {
  /** The number of items. */
  readonly length: number;
  /** The item at an index, from 0; undefined past the end. */
  at(index: number): T | undefined;
}

/** Whether a value is an object with the `length` and `at()` of a sequence. */
export function isSequence(value: unknown): value is Sequence<unknown> {
  const { length, at } = Object(value) as Sequence<unknown>;
  return typeof value === "object" && typeof length === "number" && typeof at === "function";
}

/** Creates a sequence whose items are created on each access. */
export function sequenceOf<T>(length: number, item: (index: number) => T): Sequence<T> {
  return {
    length,
    at: (index) => index >= 0 && index < length ? item(index) : undefined,
    *[Symbol.iterator]() {
      for (let i = 0; i < length; i++) yield item(i);
    },
  };
}

/** Concatenates two sequences. */
export function joined<T>(first: Sequence<T>, second: Sequence<T>): Sequence<T> {
  const { length } = first;
  return sequenceOf(
    length + second.length,
    (i) => (i < length ? first.at(i) : second.at(i - length))!,
  );
}

/** Yields the result of a function for each item. */
export function* mapped<T, U>(items: Iterable<T>, fn: (item: T) => U): Generator<U> {
  for (const item of items) yield fn(item);
}

/** Returns the first `count` items of a sequence, or all if there are fewer. */
export function firstItems<T>(items: Sequence<T>, count: number): T[] {
  return Array.from({ length: Math.min(count, items.length) }, (_, i) => items.at(i)!);
}
