/**
 * The weights as heat maps, before training and now.
 *
 * @module
 */
import { onTheme, paint } from "../colors.ts";
import { atFrame, el, fill, say } from "../dom.ts";
import type { HeatMap, WeightMaps } from "../picture_protocol.ts";
import { type Numbers, setNumbers } from "../readings.ts";
import { figure, words } from "../words.ts";
import { mapNumbers } from "./map_numbers.ts";
import { byPlace, isBias, weightName, weightText } from "./weight_names.ts";

const text = words.weights;

interface Entry {
  before: HTMLCanvasElement;
  now: HTMLCanvasElement;
  scale: HTMLElement;
}

/** The heat maps. */
export class WeightsView {
  readonly root: HTMLElement;
  #maps: WeightMaps = {};
  #words: string[] = [];
  #entries = new Map<string, Entry>();
  readonly #grid = el("div", { class: "maps" });
  readonly #frame = atFrame();

  constructor() {
    this.root = el(
      "section",
      { class: "weights", "aria-labelledby": "weights" },
      el("h2", { id: "weights" }, text.title),
      el("p", { class: "lede" }, text.lede),
      el("p", { class: "note" }, text.hint),
      this.#grid,
    );
    onTheme(() => this.#paint());
  }

  /** Sets the words for the rows of Wxh or of the embedding. */
  setWords(words: string[]): void {
    this.#words = words;
  }

  /** Shows the weights. */
  show(maps: WeightMaps): void {
    const isSame = Object.keys(maps).length === this.#entries.size &&
      Object.entries(maps).every(([name, { shape }]) =>
        this.#entries.has(name) && String(this.#maps[name]?.shape) === String(shape)
      );
    this.#maps = maps;
    if (!isSame) this.#build();
    this.#frame(() => this.#paint());
  }

  #build(): void {
    this.#entries.clear();
    const names = Object.keys(this.#maps).filter((name) => !isBias(name)).sort(byPlace);
    const figures = names.map(
      (name) => {
        const { shape } = this.#maps[name];
        const canvas = (when: "before" | "now") => {
          const map = el("canvas", {
            role: "img",
            tabindex: 0,
            "aria-label": text.name(weightText(name), text[when]),
          });
          return map;
        };
        const entry = { before: canvas("before"), now: canvas("now"), scale: el("span") };
        this.#entries.set(name, entry);
        const role = text.roles[name.replace(/^.*\.|_.*/g, "")] ?? "";
        const part = (when: "before" | "now") =>
          el("div", {}, entry[when], el("span", { class: "when" }, text[when]));
        return el(
          "figure",
          {},
          el(
            "figcaption",
            {},
            el("b", {}, ...weightName(name)),
            ` ${role} `,
            el("span", { class: "note" }, text.shape(...shape), " ", entry.scale),
          ),
          el("div", { class: "pair" }, part("before"), part("now")),
        );
      },
    );
    for (const name of Object.keys(this.#maps)) {
      if (isBias(name)) this.#entries.set(name, NO_ENTRY);
    }
    fill(this.#grid, ...figures);
  }

  #paint(): void {
    for (const [name, { before, now }] of Object.entries(this.#maps)) {
      const entry = this.#entries.get(name);
      if (!entry || entry === NO_ENTRY) continue;
      const { bound } = now;
      paint(entry.before, before.values, before.columns, bound);
      paint(entry.now, now.values, now.columns, bound);
      for (const when of ["before", "now"] as const) {
        setNumbers(entry[when], this.#numbersOf(name, when));
      }
      say(entry.scale, `±${figure(bound)}`);
    }
  }

  #numbersOf(name: string, when: "before" | "now"): Numbers {
    const map: HeatMap = this.#maps[name][when];
    const hasEmbedding = "embedding" in this.#maps || "encoder.embedding" in this.#maps;
    const isOfWords = /^(encoder\.)?embedding$/.test(name) ||
      (/^(encoder\.)?Wxh(_reverse)?$/.test(name) && !hasEmbedding);
    return mapNumbers(map, `${weightText(name)}, ${text[when]}`, (row) => {
      return (isOfWords && this.#words[row]) || text.row(row);
    });
  }
}

// Biases have a single row, and are not drawn.
const NO_ENTRY = {} as Entry;
