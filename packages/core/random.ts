/**
 * A seeded generator of random numbers: the same seed, the same numbers.
 *
 * @module
 */

/** The uses of random numbers: each has its own streams. */
export const STREAMS = {
  weights: 0,
  order: 1,
  dropout: 2,
  split: 3,
  vectors: 4,
  sample: 5,
  scheduledSampling: 6,
  augmentation: 7,
};

/**
 * The generator sfc32 ("small fast counting") from Chris Doty-Humphrey's PractRand: 32-bit
 * arithmetic only, with a period of at least 2³².
 *
 * @example
 * ```ts
 * import { Random } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(new Random(1).uniform(), new Random(1).uniform());
 * ```
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /**
   * Creates a generator at the start of a stream.
   *
   * @param seed An integer from 0 to 2⁵³ - 1.
   * @param stream A number from 0 to 7. Different streams of one seed are independent.
   * @param part Numbers of different parts of a stream are independent too. Each epoch or step has
   *   its own part, so that resumed training draws the same numbers as an uninterrupted run.
   */
  constructor(seed: number, stream = 0, part = 0) {
    this.#a = seed >>> 0;
    this.#b = Math.floor(seed / 2 ** 32) >>> 0;
    this.#c = (stream + 8 * part) >>> 0; // streams are below 8
    for (let i = 0; i < 15; i++) this.#next(); // the rounds that PractRand uses to mix the seed
  }

  /** Returns a uniform number that is at least 0 and below 1, a multiple of 2⁻⁵³. */
  uniform(): number {
    const high = this.#next() >>> 5;
    const low = this.#next() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  /**
   * Fills a dropout mask: each number is 0 with probability `dropout`, otherwise 1. The numbers
   * drawn are those of `uniform() < dropout ? 0 : 1`, several times as fast: the state stays in
   * registers, and no fraction is computed.
   *
   * @param dropout From 0 to 1.
   */
  fillMask(mask: Uint8Array, dropout: number): void {
    const bound = dropout * 2 ** 53, top = Math.floor(bound / 2 ** 26), rest = bound % 2 ** 26;
    let a = this.#a | 0, b = this.#b | 0, c = this.#c | 0, counter = this.#counter;
    for (let i = 0; i < mask.length; i++) {
      let sum = (a + b + counter) | 0; // twice the round of #next(): a call would cost more
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + sum) | 0;
      const high = sum >>> 5;
      sum = (a + b + counter + 1) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + sum) | 0;
      counter = (counter + 2) | 0;
      mask[i] = high > top || high === top && sum >>> 6 >= rest ? 1 : 0;
    }
    [this.#a, this.#b, this.#c, this.#counter] = [a, b, c, counter];
  }

  /** Returns a normal number with mean 0 and variance 1, by Marsaglia's polar method (1964). */
  normal(): number {
    for (;;) {
      const u = 2 * this.uniform() - 1;
      const v = 2 * this.uniform() - 1;
      const s = u * u + v * v;
      if (s > 0 && s < 1) return u * Math.sqrt(-2 * Math.log(s) / s);
    }
  }

  /** Shuffles the items, in place (Fisher and Yates 1938). */
  shuffle<T>(items: { readonly length: number; [index: number]: T }): void {
    for (let i = items.length - 1; i > 0; i--) {
      const j = Math.floor(this.uniform() * (i + 1));
      [items[i], items[j]] = [items[j], items[i]];
    }
  }

  #next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (this.#c << 21) | (this.#c >>> 11);
    this.#c = (this.#c + sum) | 0;
    return sum >>> 0;
  }
}
