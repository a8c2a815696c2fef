/**
 * The accuracy of a linear baseline, next to the network's.
 *
 * @module
 */
import { el, fill } from "../dom.ts";
import type { Job } from "../tool_jobs.ts";
import { tools } from "../words/tools.ts";

const text = tools.baseline;

/** The line that shows the baseline. */
export class BaselineView {
  readonly root = el("p", { class: "note baseline", role: "status", hidden: true });
  #job: Job<number> | undefined;
  #asked = 0; // counts the networks, to ignore answers about an earlier one
  #isAsked = false;

  /** @param fit Fits the baseline; undefined if there is no data to fit it to. */
  constructor(readonly fit: () => Promise<Job<number> | undefined>) {}

  /** Offers the baseline for another network, if it can learn its labels. */
  offer(isPossible: boolean): void {
    this.#asked++;
    this.#job?.stop();
    this.#job = undefined;
    this.#isAsked = false;
    this.root.hidden = !isPossible;
    fill(
      this.root,
      el(
        "button",
        { type: "button", class: "link", "data-act": "baseline", click: () => this.compare() },
        text.compare,
      ),
    );
  }

  /** Fits the baseline, once per network. */
  async compare(): Promise<void> {
    if (this.#isAsked || this.root.hidden) return;
    this.#isAsked = true;
    const asked = this.#asked;
    fill(this.root, text.fitting);
    try {
      const job = await this.fit();
      if (asked !== this.#asked) return job?.stop();
      this.#job = job;
      const accuracy = await job?.answer;
      if (asked === this.#asked) fill(this.root, accuracy !== undefined && text.result(accuracy));
    } catch (error) {
      if (asked === this.#asked) fill(this.root, (error as Error).message);
    }
  }
}
