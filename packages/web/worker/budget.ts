/**
 * When to do what costs time beside training.
 *
 * @module
 */

/** Keeps something to a share of all time, and to so many times a second. */
export class Budget {
  #next = 0;

  /**
   * @param interval The least time between two, in milliseconds.
   * @param share The share of all time that it may take.
   */
  constructor(readonly interval: number, readonly share: number) {}

  /** Does it, if it is due. */
  async spend(work: () => Promise<void>, now = performance.now()): Promise<void> {
    if (now < this.#next) return;
    await work();
    const took = performance.now() - now;
    this.#next = now + Math.max(this.interval, took / this.share);
  }

  /** It is due at once. */
  reset(): void {
    this.#next = 0;
  }
}
