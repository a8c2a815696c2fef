/**
 * The panels beside the picture: one unit through the sentence, and what one word changed.
 *
 * @module
 */
import { labelClass, largest } from "../colors.ts";
import { atFrame, el, fill, freshId, say, svg } from "../dom.ts";
import type { Drivers, Look } from "../picture_protocol.ts";
import { taskOf } from "../tasks/tasks.ts";
import { figure, percent, words } from "../words.ts";
import { argmax, knowsSome } from "./prediction_view.ts";
import { shorten, shown, shownStart } from "./symbols.ts";

const MOVED = 5; // units that a word changed most
const COLUMN = 40, LETTER = 6.4, HEIGHT = 84, PAD = 10; // pixels of the unit's curve

/** What the details ask the page to do. */
export interface DetailActions {
  unit(unit: number): void;
}

/** The two panels. */
export class Details {
  readonly root: HTMLElement;
  readonly #frame = atFrame();
  readonly #unit: HTMLInputElement;
  readonly #curve = svg("svg", { class: "curve", role: "img" });
  readonly #up = el("ul", { class: "drivers up" });
  readonly #down = el("ul", { class: "drivers down" });
  readonly #drivers: HTMLElement;
  readonly #title = el("h3");
  readonly #change = el("div", { class: "change" });
  readonly #moved = el("div", { class: "moved" });
  readonly #without = el("p", { class: "without" });

  constructor(readonly actions: DetailActions) {
    const id = freshId();
    this.#unit = el("input", {
      id,
      type: "number",
      min: 0,
      "aria-label": words.unit.choose,
      change: () => actions.unit(Number(this.#unit.value)),
    });
    this.#drivers = el(
      "div",
      { class: "both" },
      el("div", {}, el("h4", {}, words.unit.up), this.#up),
      el("div", {}, el("h4", {}, words.unit.down), this.#down),
    );
    this.root = el(
      "div",
      { class: "details" },
      el(
        "section",
        { class: "word-detail", "aria-live": "off" },
        this.#title,
        this.#change,
        this.#without,
        el("h4", {}, words.word.units),
        this.#moved,
      ),
      el(
        "section",
        { class: "unit-detail" },
        el("h3", {}, el("label", { for: id }, words.unit.title), " ", this.#unit),
        el(
          "div",
          { class: "scroll", tabindex: 0, role: "region", "aria-label": words.unit.choose },
          this.#curve,
        ),
        this.#drivers,
      ),
    );
  }

  /** Shows what a word changed in a layer, and one unit of that layer. */
  show(look: Look, layer: number, word: number, unit: number): void {
    this.#frame(() => {
      this.#showWord(look, layer, word);
      this.#showUnit(look, layer, unit);
    });
  }

  /** Shows the words that move the unit most. */
  showDrivers({ up, down }: Drivers): void {
    const item = ({ word, value }: { word: string; value: number }) =>
      el("li", {}, el("span", {}, shown(word)), " ", el("i", {}, figure(value)));
    fill(this.#up, ...up.filter(({ value }) => value > 0).map(item));
    fill(this.#down, ...down.filter(({ value }) => value < 0).map(item));
    for (const list of [this.#up, this.#down]) {
      if (list.children.length === 0) fill(list, el("li", { class: "none" }, words.unit.none));
    }
  }

  #showWord(look: Look, layer: number, t: number): void {
    const { labels, probabilities, without, ids } = look;
    const { hidden } = look.config, { isPerWord } = taskOf(look);
    const isKnown = ids[t] > 0, word = shown(look.words[t]);
    say(this.#title, words.word.title(word));
    const { start, noneKnown } = words.word;
    const row = (name: string, p: number[] | undefined, none = start) => {
      const best = p ? argmax(p) : 0;
      const bar = el("span", { class: `meter ${labelClass(best, labels[best])}` });
      bar.style.setProperty("--p", String(p ? p[best] : 0));
      return el(
        "div",
        { class: "row" },
        el("span", { class: "when" }, name),
        bar,
        el("span", {}, p ? `${shown(labels[best])} ${percent(p[best])}` : none),
      );
    };
    const hasAnswers = probabilities.length > 0 && (isKnown || isPerWord);
    const before = t > 0 && knowsSome(look, t - 1) ? probabilities[t - 1] : undefined;
    fill(
      this.#change,
      !isKnown && el("p", { class: "note" }, words.word.unknown(word)),
      hasAnswers && !isPerWord && row(words.word.before, before, t > 0 ? noneKnown : start),
      hasAnswers && row(words.word.after, probabilities[t]),
    );
    const p = isKnown ? without?.[t] : undefined, best = p ? argmax(p) : 0;
    const areOthersKnown = ids.some((id, i) => i !== t && id > 0);
    const { without: named, withoutAny } = words.word;
    const said = areOthersKnown
      ? `${named} ${labels[best]}, ${p && percent(p[best])}.`
      : withoutAny;
    say(this.#without, p ? said : "");
    const moves = look.layers[layer].flatMap(({ states }, direction) =>
      Array.from({ length: hidden }, (_, unit) => {
        // The backward direction comes from the next word.
        const before = direction === 0 ? t - 1 : t + 1;
        const from = before >= 0 && before < look.words.length ? states[before * hidden + unit] : 0;
        return { unit: direction * hidden + unit, from, to: states[t * hidden + unit] };
      })
    ).sort((a, b) => Math.abs(b.to - b.from) - Math.abs(a.to - a.from)).slice(0, MOVED);
    fill(
      this.#moved,
      ...moves.map(({ unit, from, to }) =>
        el(
          "button",
          {
            type: "button",
            class: "chip",
            "aria-label": words.word.moved(unit, figure(from), figure(to)),
            click: () => this.actions.unit(unit),
          },
          el("b", {}, String(unit)),
          ` ${figure(from)} → ${figure(to)}`,
        )
      ),
    );
  }

  #showUnit(look: Look, layer: number, unit: number): void {
    const { hidden } = look.config;
    const cell = look.layers[layer][Math.floor(unit / hidden)];
    this.#drivers.hidden = layer < look.layers.length - 1; // they are those of the top layer
    this.#unit.max = String(hidden * look.layers[layer].length - 1);
    if (document.activeElement !== this.#unit) this.#unit.value = String(unit);
    const values = look.words.map((_, t) => cell.states[t * hidden + unit % hidden]);
    const bound = Math.max(1, largest(values));
    const names = look.words.map((word, t) => shorten(t === 0 ? shownStart(word) : shown(word)));
    const column = Math.max(COLUMN, ...names.map((name) => LETTER * name.length + PAD));
    const width = column * values.length + 2 * PAD;
    const x = (t: number) => PAD + column * (t + 0.5);
    const y = (value: number) => 8 + (HEIGHT - 34) * (1 - (value / bound + 1) / 2);
    const points = values.map((value, t) => `${x(t)},${y(value).toFixed(1)}`);
    this.#curve.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    this.#curve.setAttribute("width", String(width));
    this.#curve.setAttribute("height", String(HEIGHT));
    const spoken = values.map((value, t) => words.unit.value(shown(look.words[t]), figure(value)));
    this.#curve.setAttribute("aria-label", words.unit.through(unit, spoken));
    fill(
      this.#curve,
      svg("line", { class: "grid", x1: PAD, x2: width - PAD, y1: y(0), y2: y(0) }),
      svg("polyline", { class: "line train", points: points.join(" ") }),
      ...values.flatMap((value, t) => [
        svg(
          "circle",
          { class: value < 0 ? "below" : "above", cx: x(t), cy: y(value), r: 4 },
          svg("title", {}, spoken[t]),
        ),
        svg(
          "text",
          { class: "tick middle", x: x(t), y: HEIGHT - 4 },
          names[t],
        ),
      ]),
    );
  }
}
