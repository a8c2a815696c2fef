/**
 * The accuracy of a linear baseline, beside the network's.
 *
 * @module
 */
import { el, fill } from "../dom.ts";
import type { Job } from "../tool_jobs.ts";
import { tools } from "../words/tools.ts";

const text = tools.baseline;

/** The place for it. */
export class BaselineView {
  readonly root = el("p", { class: "note baseline", role: "status", hidden: true });
  #job: Job<number> | undefined;
  #asked = 0; // how often it was for another network
  #isAsked = false;

  /** @param fit Fits it; none where there is nothing to fit it to. */
  constructor(readonly fit: () => Promise<Job<number> | undefined>) {}

  /** Offers it for another network, whose labels it can learn. */
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

  /** Fits it, once a network. */
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
