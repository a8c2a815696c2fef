/**
 * The unrolled network: a column for each word.
 *
 * @module
 */
import { largest, onTheme } from "../colors.ts";
import { atFrame, el, fill, say } from "../dom.ts";
import type { Look } from "../picture_protocol.ts";
import { taskOf } from "../tasks/tasks.ts";
import { oneNumber, setNumbers } from "../readings.ts";
import { figure, words } from "../words.ts";
import { type Column, createColumn } from "./column.ts";
import { Legend } from "./legend.ts";
import { type Pass, PictureTools } from "./picture_tools.ts";
import { PREDICTION_CLASSES, predictionViewOf } from "./predictions.ts";
import { rowHeights } from "./rows.ts";
import { createStart } from "./start_column.ts";
import { shown } from "./symbols.ts";
import { hasGates, paintStrips, type StripName, stripNames } from "./strips.ts";
import { mathOf } from "./weight_names.ts";

const text = words.unrolled;

/** What happens in the picture. */
export interface UnrolledActions {
  /** The visitor points at a word. */
  word(t: number): void;
  /** The visitor points at a unit; units of the backward direction follow the forward ones. */
  unit(unit: number): void;
  /** Another layer is opened. */
  layer(layer: number): void;
  /** The other pass is shown. */
  pass?(): void;
}

const MOST_WIDE = 7; // strips that fit side by side when wide

/** The picture. */
export class Unrolled {
  readonly root: HTMLElement;
  #look: Look | undefined;
  #columns: Column[] = [];
  #key = "";
  #pass: Pass = "forward";
  #isOpen = false;
  #isAsked = false;
  #layer = -1; // -1: the top one
  #word = -1;
  #unit = -1;
  readonly #steps = el("div", { class: "steps" });
  readonly #targets = el("div", { class: "targets" });
  readonly #scroll: HTMLElement;
  readonly #equations = el("ul", { class: "equations", "aria-label": text.equations });
  readonly #note = el("p", { class: "note" });
  readonly #legend = new Legend();
  readonly #tools: PictureTools;
  readonly #frame = atFrame();

  constructor(readonly actions: UnrolledActions) {
    this.#tools = new PictureTools(this.#legend, {
      setPass: (pass) => this.setPass(pass),
      toggleGates: () => this.openGates(!this.#isOpen),
      parts: () => [this.#legend.root, this.#steps, this.#equations],
    });
    this.#scroll = el(
      "div",
      { class: "scroll unrolled-scroll", tabindex: 0, role: "group" },
      this.#steps,
    );
    this.root = el(
      "div",
      { class: "picture" },
      this.#tools.root,
      this.#scroll,
      this.#note,
      this.#equations,
    );
    onTheme(() => this.#paint());
  }

  /** The button “Why?”. */
  get why(): HTMLButtonElement {
    return this.#tools.why;
  }

  /** Shows a sentence. */
  show(look: Look): void {
    this.#look = look;
    this.root.classList.remove("unread");
    this.#frame(() => this.#draw());
  }

  /** Grays out the previous picture and clears its answer, because there is nothing to read. */
  setEmpty(answer: { answer(): void }): void {
    answer.answer();
    this.root.classList.add("unread");
    this.#frame(() => say(this.#note, text.empty));
  }

  /** The pass that is shown. */
  get pass(): Pass {
    return this.#pass;
  }

  /** Shows the forward or the backward pass. */
  setPass(pass: Pass): void {
    this.#pass = pass;
    this.#tools.press(pass, this.#isOpen);
    this.#draw();
    this.actions.pass?.();
  }

  /** Whether gates are shown, if the cell has any. */
  get hasOpenGates(): boolean {
    return this.#isOpen;
  }

  /** Shows the gates, or only the state. */
  openGates(isOpen: boolean): void {
    this.#isOpen = isOpen;
    this.#tools.press(this.#pass, isOpen);
    this.#draw();
  }

  /** Animates the gradient's flow back once. */
  flowBack(): void {
    this.#steps.classList.remove("flow");
    void this.#steps.offsetWidth; // restarts the animation
    this.#steps.classList.add("flow");
  }

  /** Marks a word and a unit. */
  mark(word: number, unit: number): void {
    this.#word = word;
    this.#unit = unit;
    this.#drawMarks();
  }

  /** The layer that is open. */
  get layer(): number {
    return this.#layer < 0 ? (this.#look?.layers.length ?? 1) - 1 : this.#layer;
  }

  /** Shows the button “Why?”, because its code is ready. */
  allowWhy(): void {
    this.#isAsked = true;
    this.#draw();
  }

  /** Opens a layer: it is drawn tall, and its gates and units are shown. */
  openLayer(layer: number): void {
    this.#layer = layer === (this.#look?.layers.length ?? 1) - 1 ? -1 : layer;
    const hadFocus = this.#steps.contains(document.activeElement);
    this.#draw();
    if (hadFocus) {
      this.#steps.querySelector<HTMLElement>('.layer-open[aria-pressed="true"]')?.focus();
    }
    this.actions.layer(this.layer);
  }

  #draw(): void {
    const look = this.#look;
    if (!look) return;
    const { config, labels } = look;
    if (this.layer >= look.layers.length) this.#layer = -1;
    this.#tools.gates.hidden = !hasGates(look) || this.#pass === "backward";
    this.why.hidden = !this.#isAsked || taskOf(look).prediction !== "label" ||
      look.words.length < 2;
    const shape = [look.words, look.ids, labels, config];
    const key = JSON.stringify([shape, this.#pass, this.#isOpen, this.layer]);
    if (key !== this.#key) {
      this.#key = key;
      this.#build(look);
    }
    this.#paint();
  }

  #build(look: Look): void {
    const { config } = look;
    const isBackward = this.#pass === "backward", isOpen = this.#isOpen && hasGates(look);
    const view = predictionViewOf(look);
    for (const name of PREDICTION_CLASSES) {
      this.#steps.classList.toggle(name, name === view.className);
    }
    this.#steps.classList.toggle("backward", isBackward);
    const directions = config.bidirectional ? 2 : 1;
    this.#steps.classList.toggle("two", directions > 1);
    this.#steps.classList.toggle("crowded", directions * look.words.length > MOST_WIDE);
    this.#steps.classList.remove("flow");
    const open = this.layer, hasCaptions = isOpen && !isBackward;
    this.#steps.style.setProperty("--rows", rowHeights(config, { open, hasCaptions }));
    const strips = look.layers.map((_, layer) =>
      stripNames(look, layer, { isBackward, isOpen: this.#isOpen && layer === open })
    );
    const options = { view, strips, open, hasCaptions, isBackward };
    const { word } = this.actions;
    const actions = { word, point: this.#point.bind(this) };
    this.#columns = look.words.map((_, t) => createColumn(look, t, options, actions));
    const start = createStart(look, {
      open,
      isBackward,
      hasOutputs: view.hasOutputs,
      hasGradient: isBackward && view.paintTargets === undefined,
      targets: this.#targets,
      openLayer: (layer) => this.openLayer(layer),
    });
    fill(this.#steps, start, ...this.#columns.map(({ root }) => root));
    fill(
      this.#equations,
      ...taskOf(look).equations(look).map((line) => el("li", {}, ...mathOf(line))),
    );
    this.#drawMarks();
  }

  #paint(): void {
    const look = this.#look;
    if (!look || this.#columns.length !== look.words.length) return;
    const bounds = paintStrips(look, this.#columns);
    const most = largest(look.gradients?.steps ?? []);
    for (const [t, { root, prediction, gradient }] of this.#columns.entries()) {
      prediction.paint(look, t);
      const step = look.gradients?.steps[t];
      root.classList.toggle("graded", step !== undefined);
      gradient.bar.style.setProperty("--size", String(step && most ? step / most : 0));
      say(gradient.value, step === undefined ? "" : figure(step));
      const size = figure(step ?? 0, 3);
      setNumbers(gradient.bar, oneNumber(size, text.gradientAt(shown(look.words[t]), size)));
    }
    const last = this.#columns.at(-1)!.prediction.summary(look);
    this.#scroll.setAttribute("aria-label", text.figure(look.text, last));
    const isBackward = this.#pass === "backward";
    const bound = bounds.get(isBackward ? "gradient" : "h")!;
    this.#legend.show(bound, isBackward);
    const targets = predictionViewOf(look).paintTargets?.(look, this.#targets);
    const isMissing = isBackward && !look.gradients;
    say(
      this.#note,
      isMissing
        ? taskOf(look).noGradient
        : targets ?? (look.isCut ? text.cut(look.shown, look.unit) : ""),
    );
  }

  #drawMarks(): void {
    const look = this.#look;
    if (!look) return;
    const { hidden } = look.config;
    const direction = Math.floor(this.#unit / hidden), row = this.#unit % hidden;
    for (const [t, column] of this.#columns.entries()) {
      column.root.classList.toggle("pointed", t === this.#word);
      for (const { canvas, direction: own, layer } of column.strips) {
        const isOwn = own === direction && layer === this.layer && this.#unit >= 0;
        canvas.parentElement!.classList.toggle("followed", isOwn);
      }
    }
    this.#steps.style.setProperty("--unit-top", `${100 * row / hidden}%`);
    this.#steps.style.setProperty("--unit-height", `${Math.max(2, 100 / hidden)}%`);
  }

  #point(event: Event, { layer, direction }: StripName, t: number): void {
    const { clientY, type, pointerType } = event as PointerEvent;
    if (type === "pointermove" && pointerType !== "mouse") return; // a finger scrolls
    if (layer !== this.layer) {
      if (type === "click") this.openLayer(layer);
      return;
    }
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const { hidden } = this.#look!.config;
    const row = Math.floor((clientY - box.top) / box.height * hidden);
    this.actions.unit(direction * hidden + Math.min(hidden - 1, Math.max(0, row)));
    this.actions.word(t);
  }
}
