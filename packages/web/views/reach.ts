/**
 * How far gradients reach back: in an untrained RNN, an untrained LSTM, and the network.
 *
 * @module
 */
import { el, freshId, say } from "../dom.ts";
import type { Reach } from "../picture_protocol.ts";
import type { Status } from "../run_protocol.ts";
import { figure, words } from "../words.ts";
import { ChartBox } from "./chart_box.ts";

const text = words.reach;
const LENGTH = 40; // words, initially
const EVERY = 1500; // milliseconds, during training

/** The comparison. */
export class ReachView {
  readonly root: HTMLElement;
  readonly #length: HTMLInputElement;
  readonly #shown = el("output");
  readonly #chart = new ChartBox(text.title, words.learning.none);

  #isSeen = false;
  #isMeasuring = false;
  #at = ""; // the progress of training at the last measurement
  #nextAt = 0;

  /** @param measure Measures over a text with this number of words. */
  constructor(readonly measure: (words: number) => Promise<Reach | undefined>) {
    const id = freshId();
    this.#length = el("input", {
      id,
      type: "range",
      min: 5,
      max: 100,
      value: LENGTH,
      input: () => say(this.#shown, this.#length.value),
      change: () => this.refresh(),
    });
    say(this.#shown, String(LENGTH));
    this.root = el(
      "section",
      { class: "reach", "aria-labelledby": "reach" },
      el("h2", { id: "reach" }, text.title),
      el("p", { class: "lede" }, text.lede),
      el(
        "p",
        { class: "length" },
        el("label", { for: id }, text.length),
        " ",
        this.#length,
        " ",
        this.#shown,
      ),
      this.#chart.root,
    );
    new IntersectionObserver((seen) => this.#isSeen = seen.at(-1)!.isIntersecting)
      .observe(this.#chart.root);
  }

  /** Discards the measurement, because there is another network. */
  forget(): void {
    this.#at = "";
    this.#nextAt = 0;
  }

  /** Measures again; during training only now and then, while the chart is on the screen. */
  async follow({ phase, epoch, done }: Pick<Status, "phase" | "epoch" | "done">): Promise<void> {
    const at = `${epoch} ${done}`;
    if (at === this.#at || this.#isMeasuring) return;
    if (phase === "running" && (!this.#isSeen || performance.now() < this.#nextAt)) return;
    this.#at = at;
    await this.refresh();
    this.#nextAt = performance.now() + EVERY;
  }

  /** Measures again. */
  async refresh(): Promise<void> {
    this.#isMeasuring = true;
    const reach = await this.measure(Number(this.#length.value));
    this.#isMeasuring = false;
    if (!reach) return;
    const nameOf = (cell?: string) => cell ? text.names.fresh(cell) : text.names.own;
    const ends = reach.curves.map(({ cell, steps }) => `${nameOf(cell)} ${figure(steps[0])}`);
    this.#chart.show({
      title: text.title,
      axisX: text.axisX,
      axisY: text.axisY,
      isLogarithmic: true,
      lines: reach.curves.map(({ cell, steps }) => ({
        name: nameOf(cell),
        look: cell ?? "own",
        points: steps.map((value, t) => [steps.length - 1 - t, value] as const).toReversed(),
      })),
      show: () => "",
      summary: `${text.title}: ${ends.join(", ")}`,
    });
  }
}
