/**
 * The weights as heat maps, before training and now.
 *
 * @module
 */
import { onTheme, paint } from "../colours.ts";
import { atFrame, el, fill, say } from "../dom.ts";
import type { HeatMap, WeightMaps } from "../protocol.ts";
import { figure, words } from "../words.ts";
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
  readonly #readout = el("p", { class: "note readout" }, text.hint);
  readonly #frame = atFrame();

  constructor() {
    this.root = el(
      "section",
      { class: "weights", "aria-labelledby": "weights" },
      el("h2", { id: "weights" }, text.title),
      el("p", { class: "lede" }, text.lede),
      this.#readout,
      this.#grid,
    );
    onTheme(() => this.#paint());
  }

  /** The words that rows of Wxh or of the embedding stand for. */
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
            "aria-label": text.name(weightText(name), text[when]),
          });
          map.addEventListener("pointermove", (event) => this.#read(name, when, event));
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
      say(entry.scale, `±${figure(bound)}`);
    }
  }

  #read(name: string, when: "before" | "now", event: PointerEvent): void {
    const map: HeatMap = this.#maps[name][when];
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const at = (offset: number, size: number, n: number) =>
      Math.min(n - 1, Math.max(0, Math.floor(offset / size * n)));
    const column = at(event.clientX - box.left, box.width, map.columns);
    const row = at(event.clientY - box.top, box.height, map.rows);
    const hasEmbedding = "embedding" in this.#maps || "encoder.embedding" in this.#maps;
    const isOfWords = /^(encoder\.)?embedding$/.test(name) ||
      (/^(encoder\.)?Wxh(_reverse)?$/.test(name) && !hasEmbedding);
    const place = row * map.block[0];
    const value = figure(map.values[row * map.columns + column], 3);
    const rowName = isOfWords ? this.#words[place] ?? text.row(place) : text.row(place);
    say(this.#readout, text.at(weightText(name), rowName, column * map.block[1], value));
  }
}

// Biases have one row: they are not drawn.
const NO_ENTRY = {} as Entry;
