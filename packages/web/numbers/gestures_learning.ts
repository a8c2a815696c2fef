/**
 * The progress of training, and the result of cross-validation.
 *
 * @module
 */
import { el, say } from "../dom.ts";
import { ChartBox } from "../views/chart_box.ts";
import { gestures } from "../words/gestures.ts";
import { figure, percent } from "../words/numbers.ts";
import type { CrossValidation, Progress } from "./gestures_protocol.ts";

const text = gestures.learning;
const EVERY = 3; // epochs between two updates of the curves

/** The view. */
export class LearningView {
  readonly root: HTMLElement;
  readonly button: HTMLButtonElement;
  #rows: Progress[] = [];
  readonly #status = el("p", { class: "run-status" });
  readonly #checked = el("p", { class: "cross-validation" });
  readonly #loss = new ChartBox(text.loss, text.none);
  readonly #accuracy = new ChartBox(text.accuracy, text.none);

  constructor(train: () => void) {
    this.button = el("button", { type: "button", class: "primary", click: train }, text.train);
    this.root = el(
      "section",
      { class: "gesture-learning", "aria-labelledby": "gesture-learning" },
      el("h2", { id: "gesture-learning" }, text.title),
      el("div", { class: "run" }, this.button, el("div", {}, this.#status, this.#checked)),
      this.#loss.root,
      this.#accuracy.root,
    );
    this.#draw();
  }

  /** Clears the curves for a new run. */
  begin(): void {
    this.#rows = [];
    say(this.#checked, "");
  }

  /** Adds an epoch. */
  add(progress: Progress): void {
    this.#rows.push(progress);
    const { epoch, epochs } = progress;
    if (epoch % EVERY !== 0 && epoch < epochs) return;
    say(this.#status, text.running(epoch, epochs));
    this.#draw();
  }

  /** Shows the state of training. */
  say(words: string): void {
    say(this.#status, words);
  }

  /** Shows the results of cross-validation so far. */
  check({ fold, folds, network, nearest }: CrossValidation): void {
    const isOver = fold === folds;
    say(
      this.#checked,
      isOver ? text.checked(folds, network, nearest) : text.checking(fold + 1, folds),
    );
  }

  #draw(): void {
    const chart = (
      title: string,
      of: "loss" | "accuracy",
      axisY: string,
      show: (value: number) => string,
      top?: number,
    ) => {
      const last = this.#rows.at(-1);
      const points = this.#rows.map((row) => [row.epoch, row[of]] as const);
      return last && {
        ...{ title, axisX: text.epochAxis, axisY, show, top },
        lines: [{ name: text.line, look: "train", points }],
        summary: text.summary(title, show(last[of])),
      };
    };
    this.#loss.show(chart(text.loss, "loss", text.lossAxis, (value) => figure(value, 3)));
    this.#accuracy.show(chart(text.accuracy, "accuracy", "", percent, 1));
  }
}
