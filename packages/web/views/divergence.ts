/**
 * A run that diverges gets a word, and what to try.
 *
 * @module
 */
import type { Status } from "../run_protocol.ts";
import { figure } from "../words/numbers.ts";
import { run } from "../words/run.ts";
import type { Notices } from "./notices.ts";

const { diverged: words } = run;
const SLOWER = 10; // times less, where a learning rate is too large

/** What the warning needs of the page. */
export interface WarningPlaces {
  notices: Notices;
  learningRate(): number;
  /** Goes on with a lower one. */
  lower(learningRate: number): Promise<void>;
}

/** Warns of a loss that grows out of all proportion, once a run. */
export class DivergenceWarning {
  #isWarned = false;

  constructor(readonly places: WarningPlaces) {}

  /** There is another run. */
  reset(): void {
    this.#isWarned = false;
  }

  /** Follows a run. */
  follow({ phase, isGrowing }: Status): void {
    if (phase === "running" && !isGrowing) this.reset();
    if (this.#isWarned || (phase !== "failed" && !isGrowing)) return;
    this.#isWarned = true;
    const { notices, lower } = this.places, learningRate = this.places.learningRate();
    const less = Number((learningRate / SLOWER).toPrecision(3));
    const message = isGrowing && phase !== "failed"
      ? words.growing(figure(isGrowing.from, 3), figure(isGrowing.to, 3), String(learningRate))
      : words.failed(String(learningRate));
    notices.ask(message, [
      { name: words.lower(String(less)), isFirst: true, act: () => lower(less) },
      { name: words.ignore, act: () => {} },
    ]);
  }
}
