/** The random choices that make a mutant, from one seeded generator. */
import { Random } from "@unroll/core";

const STREAM = 7; // none of core's own

/** The choices are determined by a seed and a number. */
export class Dice {
  #random: Random;

  constructor(seed: number, number: number) {
    this.#random = new Random(seed, STREAM, number);
  }

  /** Returns an integer from 0 to n - 1. */
  below(n: number): number {
    return Math.floor(this.#random.uniform() * n);
  }

  /** Returns an integer from low to high. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** Returns true with a probability. */
  chance(p: number): boolean {
    return this.#random.uniform() < p;
  }

  /** Returns one of some items. */
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }

  /** Returns a small count, mostly 1: each further one is half as likely. */
  few(most: number): number {
    let n = 1;
    while (n < most && this.chance(0.5)) n++;
    return n;
  }
}
