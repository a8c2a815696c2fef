/**
 * The bar that starts and stops the training of a forecaster, and shows its progress.
 *
 * @module
 */
import { el, fill, say } from "../dom.ts";
import { icon } from "../views/icons.ts";
import { forecast } from "../words/forecast.ts";
import type { ForecastStatus } from "./forecast_protocol.ts";

const text = forecast.train;

/** What the bar asks the page to do. */
export interface RunActions {
  /** Trains, pauses or continues, depending on the phase. */
  act(): void;
  again(): void;
  stop(): void;
  pace(isFull: boolean): void;
}

/** The bar. */
export class RunBar {
  readonly root: HTMLElement;
  #status: ForecastStatus = { phase: "untrained", epoch: 0, share: 0, epochs: 0 };
  readonly #said = el("p", { class: "phase", role: "status" });
  readonly #progress = el("progress", { max: 1, value: 0, "aria-hidden": "true" });
  readonly #train: HTMLButtonElement;
  readonly #again: HTMLButtonElement;
  readonly #stop: HTMLButtonElement;

  constructor(actions: RunActions) {
    const button = (look: string, act: string, click: () => void, name = "") =>
      el("button", { type: "button", class: look, "data-act": act, click }, name);
    this.#train = button("primary train", "train", actions.act);
    this.#again = button("small", "again", actions.again, text.again);
    this.#stop = button("small", "stop", actions.stop, text.stop);
    const pace = el(
      "select",
      { name: "pace", change: () => actions.pace(pace.value === "full") },
      ...Object.entries(text.paces).map(([value, name]) => el("option", { value }, name)),
    );
    this.root = el(
      "div",
      { class: "run", role: "group", "aria-label": text.name },
      this.#train,
      this.#again,
      this.#stop,
      this.#said,
      el("label", { class: "pace" }, text.pace, " ", pace),
      this.#progress,
    );
    this.#train.disabled = true; // until there is a series
    this.show(this.#status);
  }

  /** Enables the bar, because there is a series to train on. */
  enable(): void {
    this.#train.disabled = false;
  }

  /** Shows the progress of the training. */
  show(status: ForecastStatus): void {
    const isNew = status.phase !== this.#status.phase || this.#train.childElementCount === 0;
    this.#status = status;
    const { phase, epoch, share, epochs } = status;
    this.say();
    const done = epochs > 0 ? (epoch + share) / epochs : 0;
    this.#progress.value = phase === "done" ? 1 : done;
    if (!isNew) return;
    const isRunning = phase === "running", isPaused = phase === "paused";
    const name = isRunning
      ? text.pause
      : isPaused
      ? text.go
      : phase === "untrained"
      ? text.start
      : text.again;
    fill(this.#train, icon(isRunning ? "pause" : "play"), el("span", {}, name));
    this.#again.hidden = !isPaused;
    this.#stop.hidden = !isRunning && !isPaused;
  }

  /** Shows another activity; without a text, the progress of the training. */
  say(words?: string): void {
    say(this.#said, words ?? this.#phaseText());
  }

  #phaseText(): string {
    const { phase, epoch, epochs, best, secondsLeft } = this.#status;
    if (phase === "running") {
      const now = Math.min(epochs, epoch + 1);
      return text.running(now, epochs, secondsLeft === undefined ? "" : text.left(secondsLeft));
    }
    if (phase === "paused") return text.paused(epoch, epochs);
    if (phase !== "done") return text[phase];
    return best === undefined || best === epoch ? text.done(epoch) : text.best(epoch, best);
  }
}
