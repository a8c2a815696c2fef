/**
 * A warning when a run diverges, with an offer to lower the learning rate.
 *
 * @module
 */
import type { Status } from "../run_protocol.ts";
import { figure } from "../words/numbers.ts";
import { run } from "../words/run.ts";
import type { Notices } from "./notices.ts";

const { diverged: words } = run;
const SLOWER = 10; // the divisor for a learning rate that is too high

/** The parts of the page that the warning needs. */
export interface WarningPlaces {
  notices: Notices;
  learningRate(): number;
  /** Continues with a lower learning rate. */
  lower(learningRate: number): Promise<void>;
}

/** Warns when the loss grows out of proportion, once until it is back in proportion. */
export class DivergenceWarning {
  #isWarned = false;

  constructor(readonly places: WarningPlaces) {}

  /** Allows another warning, for another run. */
  reset(): void {
    this.#isWarned = false;
  }

  /** Follows the status of a run. */
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
