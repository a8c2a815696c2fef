/**
 * The network, unrolled: a column for each word.
 *
 * @module
 */
import { largest, onTheme } from "../colours.ts";
import { atFrame, el, fill, say } from "../dom.ts";
import type { Look } from "../protocol.ts";
import { taskOf } from "../tasks/tasks.ts";
import { figure, words } from "../words.ts";
import { type Column, createColumn, wires } from "./column.ts";
import { PREDICTION_CLASSES, predictionViewOf } from "./predictions.ts";
import { hasGates, paintStrips, stripNames } from "./strips.ts";

const text = words.unrolled;

/** Which pass the picture shows. */
export type Pass = "forward" | "backward";

/** What happens in the picture. */
export interface UnrolledActions {
  /** A word is pointed at. */
  word(t: number): void;
  /** A unit is pointed at; of both directions together, those of the second come after the first. */
  unit(unit: number): void;
}

// Pixels of a strip, of each unit in it, and of the tallest on a phone, so that a column fits there.
const SHORTEST = 132, TALLEST = 240, EACH_UNIT = 4, TALLEST_ON_PHONE = 160;

/** The picture. */
export class Unrolled {
  readonly root: HTMLElement;
  #look: Look | undefined;
  #columns: Column[] = [];
  #key = "";
  #pass: Pass = "forward";
  #isOpen = false;
  #layer = -1; // the top one
  #word = -1;
  #unit = -1;
  readonly #steps = el("div", { class: "steps" });
  readonly #targets = el("div", { class: "targets" });
  readonly #scroll: HTMLElement;
  readonly #equations = el("ul", { class: "equations", "aria-label": text.equations });
  readonly #note = el("p", { class: "note" });
  readonly #legend: { root: HTMLElement; name: HTMLElement; low: HTMLElement; high: HTMLElement };
  readonly #gates: HTMLButtonElement;
  readonly #layers = el("select", { change: () => this.#chooseLayer() });
  readonly #layerRow: HTMLElement;
  readonly #passes: HTMLButtonElement[];
  readonly #frame = atFrame();

  constructor(readonly actions: UnrolledActions) {
    const pass = (name: Pass) =>
      el("button", {
        type: "button",
        "aria-pressed": String(name === this.#pass),
        "data-pass": name,
        click: () => this.setPass(name),
      }, text[name]);
    this.#passes = [pass("forward"), pass("backward")];
    this.#gates = el("button", {
      type: "button",
      class: "gates",
      "aria-pressed": "false",
      click: () => this.openGates(!this.#isOpen),
    }, text.gates);
    this.#layerRow = el("label", { class: "layer" }, el("span", {}, text.layer), this.#layers);
    const low = el("span"), high = el("span"), name = el("span", { class: "of" });
    this.#legend = {
      name,
      low,
      high,
      root: el("p", { class: "scale" }, name, low, el("span", { class: "ramp" }), high),
    };
    this.#scroll = el(
      "div",
      { class: "scroll unrolled-scroll", tabindex: 0, role: "group" },
      this.#steps,
    );
    this.root = el(
      "div",
      { class: "picture" },
      el(
        "div",
        { class: "tools" },
        el("div", { class: "segments", role: "group", "aria-label": text.pass }, ...this.#passes),
        this.#gates,
        this.#layerRow,
        this.#legend.root,
      ),
      this.#scroll,
      this.#note,
      this.#equations,
    );
    onTheme(() => this.#paint());
  }

  /** Shows a sentence. */
  show(look: Look): void {
    this.#look = look;
    this.#frame(() => this.#draw());
  }

  /** Which pass is shown. */
  get pass(): Pass {
    return this.#pass;
  }

  /** Shows the forward or the backward pass. */
  setPass(pass: Pass): void {
    this.#pass = pass;
    for (const button of this.#passes) {
      button.setAttribute("aria-pressed", String(button.dataset.pass === pass));
    }
    this.#draw();
  }

  /** Shows the gates, or the state alone. */
  openGates(isOpen: boolean): void {
    this.#isOpen = isOpen;
    this.#gates.setAttribute("aria-pressed", String(isOpen));
    this.#draw();
  }

  /** Lets the gradient flow back once. */
  flowBack(): void {
    this.#steps.classList.remove("flow");
    void this.#steps.offsetWidth; // begins the animation anew
    this.#steps.classList.add("flow");
  }

  /** Marks a word and a unit. */
  mark(word: number, unit: number): void {
    this.#word = word;
    this.#unit = unit;
    this.#drawMarks();
  }

  /** The layer in the picture. */
  get layer(): number {
    return this.#layer < 0 ? (this.#look?.layers.length ?? 1) - 1 : this.#layer;
  }

  #chooseLayer(): void {
    const layer = Number(this.#layers.value);
    this.#layer = layer === (this.#look?.layers.length ?? 1) - 1 ? -1 : layer;
    this.#draw();
  }

  #draw(): void {
    const look = this.#look;
    if (!look) return;
    const { config, labels } = look;
    if (this.layer >= look.layers.length) this.#layer = -1;
    this.#gates.hidden = !hasGates(look) || this.#pass === "backward";
    this.#layerRow.hidden = config.layers === 1;
    if (this.#layers.length !== config.layers) {
      fill(
        this.#layers,
        ...look.layers.map((_, i) =>
          el("option", { value: i }, text.layerOf(i + 1, config.layers))
        ),
      );
    }
    this.#layers.value = String(this.layer);
    const key = JSON.stringify([look.words, look.ids, labels, config, this.#pass, this.#isOpen]);
    if (key !== this.#key) {
      this.#key = key;
      this.#build(look);
    }
    this.#paint();
  }

  #build(look: Look): void {
    const { config } = look;
    const tallest = matchMedia("(max-width: 56rem)").matches ? TALLEST_ON_PHONE : TALLEST;
    const height = Math.max(SHORTEST, Math.min(tallest, EACH_UNIT * config.hidden));
    this.#steps.style.setProperty("--strip", `${height}px`);
    const isBackward = this.#pass === "backward", isOpen = this.#isOpen && hasGates(look);
    const view = predictionViewOf(look);
    for (const name of PREDICTION_CLASSES) {
      this.#steps.classList.toggle(name, name === view.className);
    }
    this.#steps.classList.toggle("backward", isBackward);
    this.#steps.classList.toggle("open", isOpen);
    this.#steps.classList.remove("flow");
    const options = {
      view,
      strips: stripNames(look, { isBackward, isOpen: this.#isOpen }),
      hasCaptions: isOpen && !isBackward,
      isBackward,
    };
    const { word } = this.actions;
    const actions = { word, point: this.#point.bind(this) };
    this.#columns = look.words.map((_, t) => createColumn(look, t, options, actions));
    const zero = el(
      "div",
      { class: "start" },
      el(
        "div",
        { class: "cells" },
        el("span", { class: "zero" }),
        wires([false], isBackward, "right"),
      ),
      el("span", { class: "name" }, text.start),
      this.#targets,
    );
    fill(this.#steps, zero, ...this.#columns.map(({ root }) => root));
    fill(this.#equations, ...taskOf(look).equations(look).map((line) => el("li", {}, line)));
    this.#drawMarks();
  }

  #paint(): void {
    const look = this.#look;
    if (!look || this.#columns.length !== look.words.length) return;
    const bounds = paintStrips(look, this.layer, this.#columns);
    const most = largest(look.gradients?.steps ?? []);
    for (const [t, { root, prediction, gradient }] of this.#columns.entries()) {
      prediction.paint(look, t);
      const step = look.gradients?.steps[t];
      root.classList.toggle("graded", step !== undefined);
      gradient.bar.style.setProperty("--size", String(step && most ? step / most : 0));
      say(gradient.value, step === undefined ? "" : figure(step));
    }
    const last = this.#columns.at(-1)!.prediction.summary(look);
    this.#scroll.setAttribute("aria-label", text.figure(look.text, last));
    const isBackward = this.#pass === "backward";
    const bound = bounds.get(isBackward ? "gradient" : "h")!;
    say(this.#legend.name, isBackward ? text.scaleBack : text.scale);
    say(this.#legend.low, isBackward ? "0" : figure(-bound));
    say(this.#legend.high, figure(bound));
    this.#legend.root.classList.toggle("half", isBackward);
    const targets = predictionViewOf(look).paintTargets?.(look, this.#targets);
    const isMissing = isBackward && !look.gradients;
    say(
      this.#note,
      isMissing
        ? taskOf(look).noGradient
        : targets ?? (look.isCut ? text.cut(look.words.length) : ""),
    );
  }

  #drawMarks(): void {
    const look = this.#look;
    if (!look) return;
    const { hidden } = look.config;
    const direction = Math.floor(this.#unit / hidden), row = this.#unit % hidden;
    for (const [t, column] of this.#columns.entries()) {
      column.root.classList.toggle("pointed", t === this.#word);
      for (const { canvas, direction: own } of column.strips) {
        canvas.parentElement!.classList.toggle("followed", own === direction && this.#unit >= 0);
      }
    }
    this.#steps.style.setProperty("--unit-top", `${100 * row / hidden}%`);
    this.#steps.style.setProperty("--unit-height", `${Math.max(2, 100 / hidden)}%`);
  }

  #point(event: Event, direction: number, t: number): void {
    const { clientY, type, pointerType } = event as PointerEvent;
    if (type === "pointermove" && pointerType !== "mouse") return; // a finger scrolls
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const { hidden } = this.#look!.config;
    const row = Math.floor((clientY - box.top) / box.height * hidden);
    this.actions.unit(direction * hidden + Math.min(hidden - 1, Math.max(0, row)));
    this.actions.word(t);
  }
}
