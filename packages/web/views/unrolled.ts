/**
 * The network, unrolled: a column for each word.
 *
 * @module
 */
import { labelClass, largest, onTheme, paint } from "../colours.ts";
import { atFrame, el, fill, say, svg } from "../dom.ts";
import { equationsOf } from "../equations.ts";
import type { Look } from "../protocol.ts";
import { figure, percent, words } from "../words.ts";

const text = words.unrolled;

/** Which way the picture reads. */
export type Pass = "forward" | "backward";

/** What the picture tells of. */
export interface UnrolledActions {
  /** A word is pointed at. */
  word(t: number): void;
  /** A unit is pointed at; of both directions together, those of the second come after the first. */
  unit(unit: number): void;
}

// Pixels of a strip, of each unit in it, and of the tallest on a phone, so that a column fits there.
const SHORTEST = 132, TALLEST = 240, EACH_UNIT = 4, TALLEST_ON_PHONE = 160;
const FEW_LABELS = 4; // whose probabilities stand side by side
const LEAST_BOUND = 0.25; // a state that is nearly nothing should not look like much
const CANDIDATES = 4; // next symbols that are shown
const EDGE = "<start or end>"; // as core names it
const NARROW = 11; // pixels of a gate's strip

interface Strip {
  canvas: HTMLCanvasElement;
  way: number;
  name: string; // h, c, a gate, or the gradient
}

/** The likeliest next symbols, one below the other. */
interface Candidate {
  row: HTMLElement;
  name: HTMLElement;
  share: HTMLElement;
}

interface Column {
  candidates: Candidate[];
  looked: HTMLElement;
  root: HTMLElement;
  word: HTMLButtonElement;
  verdict: HTMLElement;
  bars: HTMLElement[];
  percent: HTMLElement;
  label: HTMLElement;
  tag: HTMLElement;
  strips: Strip[];
  gradient: { bar: HTMLElement; value: HTMLElement };
}

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
    const isTranslating = look.task === "translate";
    if (isTranslating && this.#pass === "backward") return this.setPass("forward");
    this.#passes[1].disabled = isTranslating;
    this.#passes[1].title = isTranslating ? words.backward.needPairs : "";
    this.#gates.hidden = config.cell === "rnn" || this.#pass === "backward";
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

  /** Which strips a column has: of each direction the gates, the cell and the state. */
  #stripNames(look: Look): { way: number; name: string }[] {
    const { cell } = look.config;
    const gates = Object.keys(look.layers[0][0].gates);
    const inner = [...gates, ...(cell === "lstm" ? ["c"] : [])];
    const names = this.#pass === "backward" ? ["gradient"] : this.#isOpen ? [...inner, "h"] : ["h"];
    return look.layers[0].flatMap((_, way) => names.map((name) => ({ way, name })));
  }

  #build(look: Look): void {
    const { config, labels, words: all } = look;
    const tallest = matchMedia("(max-width: 56rem)").matches ? TALLEST_ON_PHONE : TALLEST;
    const height = Math.max(SHORTEST, Math.min(tallest, EACH_UNIT * config.hidden));
    this.#steps.style.setProperty("--strip", `${height}px`);
    this.#steps.classList.toggle("tags", isTagging(look));
    this.#steps.classList.toggle("writes", isWriting(look));
    this.#steps.classList.toggle("translates", look.task === "translate");
    this.#steps.classList.toggle("backward", this.#pass === "backward");
    this.#steps.classList.toggle("open", this.#isOpen && config.cell !== "rnn");
    this.#steps.classList.remove("flow");
    const names = this.#stripNames(look);
    this.#columns = all.map((word, t) => this.#column(look, word, t, names, labels));
    const zero = el(
      "div",
      { class: "start" },
      el(
        "div",
        { class: "cells" },
        el("span", { class: "zero" }),
        wires([false], this.#pass === "backward", "right"),
      ),
      el("span", { class: "name" }, text.start),
      this.#targets,
    );
    fill(this.#steps, zero, ...this.#columns.map(({ root }) => root));
    fill(this.#equations, ...equationsOf(look).map((line) => el("li", {}, line)));
    this.#drawMarks();
  }

  #column(
    look: Look,
    word: string,
    t: number,
    names: { way: number; name: string }[],
    labels: string[],
  ): Column {
    const bars = (labels.length <= FEW_LABELS ? labels : [""]).map((label) =>
      el("span", { title: label })
    );
    const isTranslating = look.task === "translate";
    const candidates = Array.from({ length: isWriting(look) ? CANDIDATES : 0 }, (): Candidate => {
      const name = el("b"), share = el("span");
      return { row: el("span", { class: "candidate" }, name, share), name, share };
    });
    const looked = el("div", { class: "looked" });
    const percentage = el("span", { class: "percent" }), label = el("span", { class: "label" });
    const verdict = isWriting(look)
      ? el("div", { class: "verdict candidates" }, ...candidates.map(({ row }) => row))
      : isTranslating
      ? el("div", { class: "verdict" })
      : el(
        "div",
        { class: "verdict" },
        percentage,
        el("div", { class: "bars" }, ...bars),
        label,
      );
    const strips = names.map(({ way, name }): Strip => {
      const canvas = el("canvas", { "aria-hidden": "true", class: name === "h" ? "state" : name });
      if (name.length === 1 && name !== "h") canvas.style.width = `${NARROW}px`;
      canvas.addEventListener("pointermove", (event) => this.#point(event, way, t));
      canvas.addEventListener("click", (event) => this.#point(event, way, t));
      return { canvas, way, name };
    });
    const isBackward = this.#pass === "backward";
    const captions = this.#isOpen && this.#pass === "forward" && look.config.cell !== "rnn";
    const ways = look.config.bidirectional ? [false, true] : [false];
    const isFirst = t === 0, isLast = t === look.words.length - 1;
    const known = look.ids[t] > 0;
    const button = el("button", {
      type: "button",
      class: known ? "word" : "word unknown",
      title: known ? undefined : text.unknown,
      click: () => this.actions.word(t),
      focus: () => this.actions.word(t),
      pointerenter: (event) => {
        if ((event as PointerEvent).pointerType === "mouse") this.actions.word(t);
      },
    }, t === 0 && isWriting(look) ? shownStart(word) : shown(word));
    const bar = el("span", { class: "bar" }), value = el("span", { class: "value" });
    const tag = el("span", { class: "tag" });
    const root = el(
      "div",
      { class: "step" },
      verdict,
      // Where the last state alone is read, the loss comes in there alone.
      (isBackward && look.config.head === "last" && !isLast) || isTranslating
        ? el("div", { class: "up" })
        : arrowUp(isFirst || (isBackward && isLast) ? "Why" : "", isBackward),
      el(
        "div",
        { class: "cells" },
        wires(isFirst ? [false] : ways, isBackward, "left"),
        t === 1 && el("span", { class: "on-wire" }, "Whh"),
        ...strips.map(({ canvas, name }) =>
          el(
            "span",
            { class: "strip" },
            canvas,
            captions && el("span", { class: "caption", title: text.gateNames[name] }, name),
          )
        ),
        wires(isLast ? [] : ways, isBackward, "right"),
      ),
      arrowUp(isFirst ? "Wxh" : "", isBackward),
      el(
        "div",
        { class: "foot" },
        look.config.embedding === 0 && this.#oneHot(look, t),
        button,
        tag,
      ),
      isTranslating
        ? looked
        : el("div", { class: "gradient", title: text.gradientHelp }, bar, value),
    );
    root.style.setProperty("--from-end", String(look.words.length - 1 - t));
    return {
      candidates,
      looked,
      root,
      word: button,
      verdict,
      bars,
      percent: percentage,
      label,
      tag,
      strips,
      gradient: { bar, value },
    };
  }

  /** A word as its one-hot row: a line as long as the vocabulary, and its one. */
  #oneHot(look: Look, t: number): HTMLElement {
    const id = look.ids[t];
    const row = el("span", { class: "one-hot", title: text.oneHot(id, look.vocabulary) });
    row.style.setProperty("--place", String(id / Math.max(1, look.vocabulary - 1)));
    return row;
  }

  #paint(): void {
    const look = this.#look;
    if (!look || this.#columns.length !== look.words.length) return;
    const cells = look.layers[this.layer];
    const { hidden } = look.config;
    const gradients = look.gradients?.layers[this.layer];
    const boundOf = (name: string): number => {
      if (name === "h") return Math.max(LEAST_BOUND, largest(...cells.map(({ states }) => states)));
      if (name === "c") return Math.max(1, largest(...cells.map((cell) => cell.cells ?? [])));
      return name === "gradient" ? largest(...gradients ?? []) : 1;
    };
    const bounds = new Map<string, number>();
    for (const { name } of this.#columns[0].strips) bounds.set(name, boundOf(name));
    const most = largest(look.gradients?.steps ?? []);
    for (const [t, column] of this.#columns.entries()) {
      for (const { canvas, way, name } of column.strips) {
        const values = name === "gradient"
          ? gradients?.[way] ?? new Float32Array(hidden * look.words.length)
          : name === "h"
          ? cells[way].states
          : name === "c"
          ? cells[way].cells!
          : cells[way].gates[name];
        paint(canvas, values.subarray(t * hidden, (t + 1) * hidden), 1, bounds.get(name)!);
      }
      if (isWriting(look)) this.#sayCandidates(look, column, t);
      else if (look.task !== "translate") this.#sayVerdict(look, column, t);
      const step = look.gradients?.steps[t];
      column.root.classList.toggle("graded", step !== undefined);
      column.gradient.bar.style.setProperty("--size", String(step && most ? step / most : 0));
      say(column.gradient.value, step === undefined ? "" : figure(step));
    }
    const said = this.#columns.at(-1)!;
    const last = look.translation?.target ??
      (isWriting(look)
        ? said.candidates[0].row.textContent
        : `${said.label.textContent}, ${said.percent.textContent}`);
    this.#scroll.setAttribute("aria-label", text.figure(look.text, last));
    const isBackward = this.#pass === "backward";
    const bound = bounds.get(isBackward ? "gradient" : "h")!;
    say(this.#legend.name, isBackward ? text.scaleBack : text.scale);
    say(this.#legend.low, isBackward ? "0" : figure(-bound));
    say(this.#legend.high, figure(bound));
    this.#legend.root.classList.toggle("half", isBackward);
    const isMissing = isBackward && !look.gradients;
    const isTagger = isTagging(look);
    say(
      this.#note,
      isMissing
        ? (isTagger ? words.backward.needTags : words.backward.needTruth)
        : look.isCut
        ? text.cut(look.words.length)
        : "",
    );
    if (look.task === "translate") this.#sayTranslation(look);
  }

  #sayVerdict(look: Look, column: Column, t: number): void {
    const { labels } = look;
    const p = look.probabilities[t];
    const best = p.indexOf(Math.max(...p));
    say(column.percent, percent(p[best]));
    say(column.label, labels[best]);
    column.label.title = labels[best];
    column.label.className = `label ${labelClass(best)}`;
    for (const [i, bar] of column.bars.entries()) {
      const id = column.bars.length > 1 ? i : best;
      bar.className = labelClass(id) + (id === best ? " best" : "");
      bar.style.setProperty("--p", String(p[id]));
    }
    let spoken = `${look.words[t]}: ${labels[best]} ${percent(p[best])}`;
    if (isTagging(look)) {
      const right = look.truth?.trim().split(/\s+/)[t];
      const isWrong = right !== undefined && right !== labels[best];
      say(column.tag, isWrong ? `${labels[best]}, ${text.shouldBe(right)}` : labels[best]);
      column.tag.className = `tag ${labelClass(best)}${isWrong ? " mistaken" : ""}`;
      if (isWrong) spoken += `, ${text.shouldBe(right)}`;
    }
    column.word.setAttribute("aria-label", spoken);
  }

  #sayCandidates(look: Look, { candidates, word }: Column, t: number): void {
    const p = look.probabilities[t];
    const order = p.map((_, i) => i).sort((a, b) => p[b] - p[a]);
    for (const [i, { row, name, share }] of candidates.entries()) {
      const id = order[i];
      row.hidden = id === undefined;
      if (row.hidden) continue;
      say(name, shown(look.labels[id]));
      say(share, percent(p[id]));
      row.classList.toggle("next", look.words[t + 1] === look.labels[id]);
      row.style.setProperty("--p", String(p[id]));
    }
    word.setAttribute("aria-label", `${shown(look.words[t])}: ${candidates[0].row.textContent}`);
  }

  /** What the decoder writes: a row of fields below the columns for each symbol, where it looked. */
  #sayTranslation({ translation, words: sources }: Look): void {
    if (!translation) return;
    const { target, probability, attention } = translation;
    const rows = attention?.target ?? [...target];
    for (const [t, { looked, word }] of this.#columns.entries()) {
      word.setAttribute("aria-label", shown(sources[t]));
      fill(
        looked,
        ...rows.map((symbol, i) => {
          const share = attention?.weights[i]?.[t] ?? 0;
          const title = text.looked(shown(symbol), shown(sources[t]), percent(share));
          const field = el("span", { title });
          field.style.setProperty("--share", String(share));
          return field;
        }),
      );
    }
    fill(this.#targets, ...rows.map((symbol) => el("b", {}, shown(symbol))));
    const sure = text.sure(percent(probability));
    say(this.#note, `${text.wrote} ${rows.map(shown).join("")}, ${sure}.`);
  }

  #drawMarks(): void {
    const look = this.#look;
    if (!look) return;
    const { hidden } = look.config;
    const way = Math.floor(this.#unit / hidden), row = this.#unit % hidden;
    for (const [t, column] of this.#columns.entries()) {
      column.root.classList.toggle("pointed", t === this.#word);
      for (const { canvas, way: own } of column.strips) {
        canvas.parentElement!.classList.toggle("followed", own === way && this.#unit >= 0);
      }
    }
    this.#steps.style.setProperty("--unit-top", `${100 * row / hidden}%`);
    this.#steps.style.setProperty("--unit-height", `${Math.max(2, 100 / hidden)}%`);
  }

  #point(event: Event, way: number, t: number): void {
    const { clientY, type, pointerType } = event as PointerEvent;
    if (type === "pointermove" && pointerType !== "mouse") return; // a finger scrolls
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const { hidden } = this.#look!.config;
    const row = Math.floor((clientY - box.top) / box.height * hidden);
    this.actions.unit(way * hidden + Math.min(hidden - 1, Math.max(0, row)));
    this.actions.word(t);
  }
}

function arrowUp(name: string, isDown: boolean): HTMLElement {
  const path = isDown ? "M6 0V16M2.5 11.5L6 16L9.5 11.5" : "M6 18V2M2.5 6.5L6 2L9.5 6.5";
  return el(
    "div",
    { class: "up" },
    svg(
      "svg",
      { viewBox: "0 0 12 18", class: "arrow", "aria-hidden": "true" },
      svg("path", { d: path }),
    ),
    name !== "" && el("span", { class: "on-arrow" }, name),
  );
}

/** What leads from one strip to the next, a wire for each direction; a column has its half of it. */
function wires(ways: readonly boolean[], isBackward: boolean, side: "left" | "right"): HTMLElement {
  return el(
    "span",
    { class: `wires ${side}` },
    ...ways.map((reverse) => el("i", { class: reverse !== isBackward ? "to-left" : "to-right" })),
  );
}

/** Whether each word has a tag. */
export function isTagging({ task, config }: Look): boolean {
  return task === "classification" && config.head === "token";
}

/** Whether each symbol has candidates for the next. */
export function isWriting({ task }: Look): boolean {
  return task === "language-model" || task === "generate-from-label";
}

/** What a text begins with: the mark of its start, or the label that it is written for. */
function shownStart(symbol: string): string {
  return symbol === EDGE ? text.marks.start : shown(symbol);
}

/** A symbol as the eye can see it. */
export function shown(symbol: string): string {
  const { marks } = text;
  if (symbol === " ") return marks.space;
  if (symbol === "\n") return marks.newline;
  if (symbol === "<unk>") return marks.unknown;
  if (symbol === EDGE) return marks.end;
  return symbol.replace(/^<label ([^]*)>$/, "$1");
}
