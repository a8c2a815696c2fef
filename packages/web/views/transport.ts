/**
 * The bar that starts and stops training, and shows its progress.
 *
 * @module
 */
import { el, fill, say } from "../dom.ts";
import type { EpochRow, Goal, Pace, Ready, Status } from "../run_protocol.ts";
import { run } from "../words/run.ts";
import { count, figure, percent, words } from "../words.ts";
import { icon } from "./icons.ts";

const text = words.transport;

/** What the bar asks the page to do. */
export interface TransportActions {
  go(goal: Goal): void;
  pause(): void;
  reset(): void;
  undo(): void;
  pace(pace: Pace): void;
}

/** The bar. */
export class Transport {
  readonly root: HTMLElement;
  #isRunning = false;
  #playName = "";
  readonly #undo: HTMLButtonElement;
  readonly #play: HTMLButtonElement;
  readonly #steps: HTMLButtonElement[];
  readonly #facts: Record<"epoch" | "loss" | "accuracy" | "speed" | "left", HTMLElement>;
  readonly #bar = el("progress", { max: 1, value: 0, "aria-label": text.name });
  readonly #status = el("p", { class: "phase", role: "status" });

  constructor(actions: TransportActions, pace: Pace) {
    this.#play = el("button", {
      class: "play",
      type: "button",
      "aria-label": text.play,
      title: text.play,
      click: () => this.#isRunning ? actions.pause() : actions.go("end"),
    }, icon("play"));
    const button = (name: "step" | "epoch" | "reset", click: () => void) =>
      el(
        "button",
        { class: "small", type: "button", "data-act": name, click },
        icon(name),
        el("span", {}, text[name]),
      );
    this.#steps = [
      button("step", () => actions.go("step")),
      button("epoch", () => actions.go("epoch")),
    ];
    this.#undo = el(
      "button",
      {
        class: "small",
        type: "button",
        "data-act": "undo",
        hidden: true,
        click: actions.undo,
      },
      icon("undo"),
      el("span", {}, run.undo.name),
    );
    const paces = el(
      "select",
      {
        change: ({ target }) => actions.pace((target as HTMLSelectElement).value as Pace),
      },
      ...Object.entries(text.paces).map(([value, name]) => {
        return el("option", { value, selected: value === pace }, name);
      }),
    );
    const fact = (name: keyof typeof text.facts) => {
      const value = el("dd", { class: name });
      return [value, el("div", {}, el("dt", {}, text.facts[name]), value)] as const;
    };
    const names = ["epoch", "loss", "accuracy", "speed", "left"] as const;
    const facts = names.map(fact);
    this.#facts = Object.fromEntries(facts.map(([value], i) => [names[i], value])) as never;
    this.root = el(
      "section",
      { class: "transport", "aria-label": text.name },
      el(
        "div",
        { class: "buttons" },
        this.#play,
        ...this.#steps,
        button("reset", actions.reset),
        this.#undo,
        el("label", { class: "pace" }, el("span", { class: "hidden" }, text.pace), paces),
      ),
      el("dl", { class: "facts" }, ...facts.map(([, whole]) => whole)),
      this.#status,
      this.#bar,
    );
  }

  /** Shows the progress of training. */
  show(status: Status, last: EpochRow | undefined, ready: Ready | undefined): void {
    const { isShipped, discarded } = status;
    const { phase, epoch, epochs, done, of, epochsPerSecond, secondsLeft, ended } = status;
    const isRunning = phase === "running";
    const name = isRunning ? text.pause : phase === "done" ? text.again : text.play;
    if (isRunning !== this.#isRunning || name !== this.#playName) {
      this.#isRunning = isRunning;
      this.#playName = name;
      this.#play.setAttribute("aria-label", name);
      this.#play.title = name;
      fill(this.#play, icon(isRunning ? "pause" : "play"));
    }
    for (const button of this.#steps) button.disabled = isRunning;
    this.#undo.hidden = discarded === undefined;
    this.#undo.title = discarded === undefined ? "" : run.undo.title(discarded);
    document.documentElement.dataset.phase = phase;

    const passed = epoch - 1;
    fill(this.#facts.epoch, el("b", {}, count(passed)), ` ${text.ofEpochs(epochs)}`);
    const other = last?.testLoss !== undefined
      ? [text.sets.test, last.testLoss, last.testAccuracy] as const
      : last?.validationLoss !== undefined
      ? [text.sets.validation, last.validationLoss, last.validationAccuracy] as const
      : undefined;
    const pair = (train: string | undefined, value: string | undefined) => [
      el("span", { class: "train" }, el("i", {}, text.sets.train), " ", el("b", {}, train ?? "–")),
      value !== undefined &&
      el("span", { class: "validation" }, el("i", {}, other![0]), " ", el("b", {}, value)),
    ];
    fill(
      this.#facts.loss,
      ...pair(last && figure(last.trainLoss, 3), other && figure(other[1], 3)),
    );
    fill(
      this.#facts.accuracy,
      ...pair(last && percent(last.trainAccuracy), other && percent(other[2]!)),
    );
    const isSpeedKnown = epochsPerSecond > 0 && phase !== "fresh";
    say(this.#facts.speed, isSpeedKnown ? text.speed(epochsPerSecond) : "–");
    say(this.#facts.left, isRunning && secondsLeft >= 0 ? text.left(secondsLeft) : "–");
    this.#bar.value = epochs > 0 ? (passed + (of > 0 ? done / of : 0)) / epochs : 0;
    say(
      this.#status,
      phase === "paused"
        ? text.phases.paused(epoch, done, of)
        : phase === "done"
        ? isShipped
          ? text.phases.shipped
          : ended
          ? text.phases.patience(ended.best)
          : text.phases.done(epochs)
        : phase === "fresh" && ready?.opened !== undefined
        ? text.phases.opened(ready.opened, ready.counts.train > 0)
        : text.phases[phase],
    );
  }
}
