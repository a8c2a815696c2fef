/**
 * Lists whose items need not all be in memory at once.
 *
 * @module
 */

/** A list whose items may be made as they are asked for. An array is one. */
export interface Sequence<T> extends Iterable<T> {
  /** How many items there are. */
  readonly length: number;
  /** The item at a place, from 0; undefined beyond the end. */
  at(index: number): T | undefined;
}

/** Whether a value is a list whose items are made as they are asked for. */
export function isSequence(value: unknown): value is Sequence<unknown> {
  const { length, at } = Object(value) as Sequence<unknown>;
  return typeof value === "object" && typeof length === "number" && typeof at === "function";
}

/** A sequence whose items are made each time they are asked for. */
export function sequenceOf<T>(length: number, item: (index: number) => T): Sequence<T> {
  return {
    length,
    at: (index) => index >= 0 && index < length ? item(index) : undefined,
    *[Symbol.iterator]() {
      for (let i = 0; i < length; i++) yield item(i);
    },
  };
}

/** The items of one sequence, and behind them those of another. */
export function joined<T>(first: Sequence<T>, second: Sequence<T>): Sequence<T> {
  const { length } = first;
  return sequenceOf(
    length + second.length,
    (i) => (i < length ? first.at(i) : second.at(i - length))!,
  );
}

/** What a function makes of each item, one after the other. */
export function* mapped<T, U>(items: Iterable<T>, fn: (item: T) => U): Generator<U> {
  for (const item of items) yield fn(item);
}

/** The first items of a sequence. */
export function firstItems<T>(items: Sequence<T>, count: number): T[] {
  return Array.from({ length: Math.min(count, items.length) }, (_, i) => items.at(i)!);
}
