/**
 * A training step to follow: the words one by one, the loss, the gradient back, and the changes.
 *
 * @module
 */
import { el, fill, say } from "../dom.ts";
import type { Look, StepChange } from "../picture_protocol.ts";
import type { NextStep } from "../run_protocol.ts";
import { figure } from "../words/numbers.ts";
import { run } from "../words/run.ts";
import { setNumbers } from "../readings.ts";
import { onTheme, paint } from "../colors.ts";
import type { Pass } from "./picture_tools.ts";
import { mapNumbers } from "./map_numbers.ts";
import { byPlace, isBias, weightName, weightText } from "./weight_names.ts";

const text = run.walk;

// The time that each stage is shown, in milliseconds.
const WORD = 600, LOSS = 1800, WORD_BACK = 420, CHANGE = 2200;

type Stage = keyof typeof text.stages;

/** The parts of the page that the walk needs. */
export interface WalkActions {
  next(): Promise<NextStep | undefined>;
  /** Shows a text in the picture, and waits for the network's look at it. */
  look(text: string, label: string | undefined): Promise<Look | undefined>;
  step(): Promise<StepChange>;
  pass(): Pass;
  setPass(pass: Pass): void;
  /** The walk continues, is paused, or has ended. */
  changed(): void;
}

/** Thrown to leave a walk that was ended in the middle of a step. */
const ENDED = Symbol();

/** The walk through one training step after another. */
export class Walk {
  readonly root: HTMLElement;
  #state: "off" | "on" | "paused" = "off";
  #goal: "end" | "step" = "end";
  #generation = 0; // each start has a new one
  #wake = () => {};
  #change: StepChange | undefined; // the changes that are shown
  readonly #place = el("p", { class: "place" });
  readonly #stages: Record<Stage, HTMLElement>;
  readonly #said = el("p", { role: "status" });
  readonly #maps = el("div", { class: "changes" });

  constructor(readonly actions: WalkActions) {
    const stages = Object.entries(text.stages).map(([name, shown]) =>
      [name, el("li", {}, shown)] as const
    );
    this.#stages = Object.fromEntries(stages) as never;
    this.root = el(
      "section",
      { class: "walk", "aria-label": text.name, hidden: true },
      el("div", {}, this.#place, el("ol", {}, ...stages.map(([, item]) => item)), this.#said),
      this.#maps,
    );
    onTheme(() => this.#change && this.#showChange(this.#change));
  }

  /** Whether it is running. */
  get isOn(): boolean {
    return this.#state === "on";
  }

  /** Whether it is paused in the middle of a step. */
  get isPaused(): boolean {
    return this.#state === "paused";
  }

  /** Continues after a pause, or starts; until the end of the run, or of one step. */
  async start(goal: "end" | "step"): Promise<void> {
    this.#goal = goal;
    if (this.#state === "paused") return this.#set("on");
    this.stop();
    const generation = ++this.#generation;
    this.#set("on");
    this.root.hidden = false;
    const picture = document.querySelector(".steps"); // which may be below the visible part
    if (picture && picture.getBoundingClientRect().bottom > innerHeight) this.root.scrollIntoView();
    try {
      do {
        const next = await this.actions.next();
        if (!next) break;
        await this.#walk(next, generation);
      } while (this.#goal === "end");
      if (generation === this.#generation) this.#set("off");
    } catch (error) {
      if (error !== ENDED) {
        this.stop();
        throw error;
      }
    }
    if (generation === this.#generation) this.#clear();
  }

  /** Pauses the walk. */
  pause(): void {
    if (this.#state === "on") this.#set("paused");
  }

  /** Ends the walk; an unfinished step is not performed. */
  stop(): void {
    this.root.hidden = true;
    if (this.#state === "off") return;
    this.#generation++;
    this.#set("off");
    this.#clear();
  }

  #set(state: "off" | "on" | "paused"): void {
    this.#state = state;
    if (state !== "paused") this.#wake();
    this.actions.changed();
  }

  #clear(): void {
    const steps = document.querySelector(".steps");
    steps?.classList.remove("walking");
    for (const step of steps?.querySelectorAll(".step") ?? []) {
      step.classList.remove("read", "at");
    }
    for (const item of Object.values(this.#stages)) item.removeAttribute("aria-current");
  }

  async #walk(next: NextStep, generation: number): Promise<void> {
    const { pass, setPass, look: lookAt, step } = this.actions;
    const before = pass();
    try {
      setPass("forward");
      document.querySelector(".steps")?.classList.add("walking");
      this.#mark(() => "");
      this.#change = undefined;
      fill(this.#maps);
      say(
        this.#place,
        next.text === undefined ? text.text : text.sentence(next.place, next.of, next.batch),
      );
      this.#stage("read");
      const look = await lookAt(next.text ?? "", next.label);
      if (!look) throw ENDED;
      const count = look.words.length;
      for (let t = 0; t < count; t++) {
        this.#mark((i) => i < t ? "read" : i === t ? "read at" : "");
        say(this.#said, text.read(look.words[t]));
        await this.#wait(WORD, generation);
      }
      const { gradients, actual } = look;
      this.#mark((i) => i === count - 1 ? "read at" : "read");
      this.#stage("loss");
      say(this.#said, gradients ? text.loss(figure(gradients.loss, 3), actual) : text.noLoss);
      await this.#wait(LOSS, generation);
      if (gradients) {
        setPass("backward");
        this.#stage("back");
        say(this.#said, text.back);
        for (let t = count - 1; t >= 0; t--) {
          this.#mark((i) => i > t ? "read" : i === t ? "read at" : "");
          await this.#wait(WORD_BACK, generation);
        }
      }
      this.#stage("change");
      this.#mark(() => "read");
      this.#showChange(await step());
      await this.#wait(CHANGE, generation);
    } finally {
      if (generation === this.#generation) setPass(before);
    }
  }

  /** Sets the class of each column of the picture, as it is now. */
  #mark(classOf: (t: number) => string): void {
    for (const [t, step] of document.querySelectorAll(".steps .step").entries()) {
      const names = classOf(t).split(" ");
      for (const name of ["read", "at"]) step.classList.toggle(name, names.includes(name));
    }
  }

  #stage(stage: Stage): void {
    for (const [name, item] of Object.entries(this.#stages)) {
      if (name === stage) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
    }
  }

  #showChange(change: StepChange): void {
    this.#change = change;
    const largest = Object.values(change).map(({ largest }) => largest);
    say(this.#said, text.change(Math.max(...largest)));
    const names = Object.keys(change).filter((name) => !isBias(name)).sort(byPlace);
    const figures = names.map((name) => {
      const { map, largest } = change[name];
      const added = text.added(weightText(name));
      const canvas = el("canvas", { role: "img", tabindex: 0, "aria-label": added });
      setNumbers(canvas, mapNumbers(map, added));
      paint(canvas, map.values, map.columns, map.bound);
      const caption = el(
        "figcaption",
        {},
        el("b", {}, ...weightName(name)),
        ` ± ${figure(largest)}`,
      );
      return el("figure", {}, canvas, caption);
    });
    fill(this.#maps, ...figures);
  }

  /** Waits this long, and for as long as the walk is paused. */
  async #wait(milliseconds: number, generation: number): Promise<void> {
    await new Promise((done) => setTimeout(done, milliseconds));
    while (this.#state === "paused" && generation === this.#generation) {
      await new Promise<void>((wake) => this.#wake = wake);
    }
    if (generation !== this.#generation) throw ENDED;
  }
}
