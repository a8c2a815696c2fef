/**
 * When to do what costs time beside training.
 *
 * @module
 */

/** Limits something to a fraction of all time, and to a number of times a second. */
export class Budget {
  #next = 0;

  /**
   * @param interval The least time between two, in milliseconds.
   * @param fraction The fraction of all time that it may take.
   */
  constructor(readonly interval: number, readonly fraction: number) {}

  /** Does it, if it is due. */
  async spend(work: () => Promise<void>, now = performance.now()): Promise<void> {
    if (now < this.#next) return;
    await work();
    const took = performance.now() - now;
    this.#next = now + Math.max(this.interval, took / this.fraction);
  }

  /** It is due at once. */
  reset(): void {
    this.#next = 0;
  }
}
