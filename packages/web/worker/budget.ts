/**
 * Time budgets for work besides training.
 *
 * @module
 */

/** Limits work to a fraction of all time, and to a minimum interval. */
export class Budget {
  #next = 0;

  /**
   * @param interval The minimum time between two runs, in milliseconds.
   * @param fraction The fraction of all time that the work may take, from 0 to 1.
   */
  constructor(readonly interval: number, readonly fraction: number) {}

  /** Does the work if it is due. */
  async spend(work: () => Promise<void>, now = performance.now()): Promise<void> {
    if (now < this.#next) return;
    await work();
    const took = performance.now() - now;
    this.#next = now + Math.max(this.interval, took / this.fraction);
  }

  /** Makes the work due at once. */
  reset(): void {
    this.#next = 0;
  }
}
