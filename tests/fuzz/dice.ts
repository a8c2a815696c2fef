/** The choices that make a mutant, all from one seeded generator. */
import { Random } from "@unroll/core";

const STREAM = 7; // none of core's own

/** The same seed and number, the same choices. */
export class Dice {
  #random: Random;

  constructor(seed: number, number: number) {
    this.#random = new Random(seed, STREAM, number);
  }

  /** A whole number from 0 to below n. */
  below(n: number): number {
    return Math.floor(this.#random.uniform() * n);
  }

  /** A whole number from low to high. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** True so often, from 0 to 1. */
  chance(p: number): boolean {
    return this.#random.uniform() < p;
  }

  /** One of some items. */
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }

  /** A few, mostly one: each next one is half as likely. */
  few(most: number): number {
    let n = 1;
    while (n < most && this.chance(0.5)) n++;
    return n;
  }
}
