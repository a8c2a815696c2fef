/**
 * The predictions for the stroke on the pad, during drawing and after.
 *
 * @module
 */
import type { GestureRequests, Reading } from "./gestures_protocol.ts";
import type { Drawn } from "./gestures_samples.ts";

type Ask = (given: GestureRequests["read"][0]) => Promise<Reading | undefined>;

/** Requests predictions for the newest points, one request at a time. */
export class LiveReading {
  /** The probability of each label after each point of the series. */
  probabilities: Record<string, number>[] = [];
  /** For each point drawn, the number of points of the series by then. */
  progress: readonly number[] = [];
  /** How unlike the examples the whole stroke is. */
  novelty: number | undefined;
  #drawn: Drawn = { x: [], y: [] };
  #stroke = 0;
  #isWhole = false;
  #isAsking = false;
  #isDue = false;
  #isAnew = false;

  /** @param show Shows the predictions; `isOver` once the whole stroke was read. */
  constructor(readonly ask: Ask, readonly show: (isOver: boolean) => void) {}

  /** Starts another stroke, or clears the current one. */
  begin(): void {
    this.#stroke++;
    this.#isWhole = false;
    this.#drawn = { x: [], y: [] };
    this.probabilities = [];
    this.progress = [];
    this.novelty = undefined;
    this.show(false);
  }

  /** Extends the stroke, or completes it. */
  extend(drawn: Drawn, isWhole = false): void {
    this.#drawn = drawn;
    this.#isWhole = isWhole;
    this.#next();
  }

  /** Reads the stroke again, because the network has changed. */
  again(): void {
    if (this.#drawn.x.length === 0) return;
    this.#isAnew = true;
    this.#next();
  }

  async #next(): Promise<void> {
    this.#isDue = true;
    if (this.#isAsking) return;
    this.#isAsking = true;
    while (this.#isDue) {
      this.#isDue = false;
      const stroke = this.#stroke, isWhole = this.#isWhole;
      const from = this.#isAnew ? 0 : this.probabilities.length;
      this.#isAnew = false;
      const reading = await this.ask({ drawn: this.#drawn, from, isWhole });
      if (!reading || stroke !== this.#stroke) continue;
      this.progress = reading.progress;
      this.probabilities = [
        ...this.probabilities.slice(0, reading.from),
        ...reading.probabilities,
      ];
      this.novelty = reading.novelty;
      this.show(isWhole && !this.#isDue);
    }
    this.#isAsking = false;
  }
}
