/**
 * What the network makes of the stroke on the pad, while it is drawn and after.
 *
 * @module
 */
import type { GestureRequests, Reading } from "./gestures_protocol.ts";
import type { Drawn } from "./gestures_samples.ts";

type Ask = (given: GestureRequests["read"][0]) => Promise<Reading | undefined>;

/** Asks for the newest points, one question at a time. */
export class LiveReading {
  /** The probability of each label after each point of the series. */
  probabilities: Record<string, number>[] = [];
  /** How many points of the series there are by each point that was drawn. */
  progress: readonly number[] = [];
  /** How unlike the examples the whole stroke is. */
  novelty: number | undefined;
  #drawn: Drawn = { x: [], y: [] };
  #stroke = 0;
  #isWhole = false;
  #isAsking = false;
  #isDue = false;
  #isAnew = false;

  /** @param show Shows what is known; `isOver` once all of a whole stroke is. */
  constructor(readonly ask: Ask, readonly show: (isOver: boolean) => void) {}

  /** Another stroke, or none. */
  begin(): void {
    this.#stroke++;
    this.#isWhole = false;
    this.#drawn = { x: [], y: [] };
    this.probabilities = [];
    this.progress = [];
    this.novelty = undefined;
    this.show(false);
  }

  /** More of the stroke was drawn, or all of it. */
  extend(drawn: Drawn, isWhole = false): void {
    this.#drawn = drawn;
    this.#isWhole = isWhole;
    this.#next();
  }

  /** The network is another one by now. */
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
