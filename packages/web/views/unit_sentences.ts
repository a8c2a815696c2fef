/**
 * The sentences of the data in which a unit's state is highest and lowest, in a list with the words
 * of the extreme states aligned in one column.
 *
 * @module
 */
import type { UnitSentence, UnitSentences } from "../comparison.ts";
import { atFrame, el, fill, say } from "../dom.ts";
import { memory } from "../words/memory.ts";
import { figure } from "../words/numbers.ts";
import { newest } from "./newest.ts";
import { shown, shownStart } from "./symbols.ts";

const text = memory.sentences;
const PAUSE = 250; // milliseconds between an answer and the next request

/** A unit of a layer. */
export interface FollowedUnit {
  unit: number;
  layer: number;
}

/** What the view asks the page to do. */
export interface SentenceActions {
  find(followed: FollowedUnit): Promise<UnitSentences>;
  /** Shows a sentence in the picture. */
  show(text: string): void;
}

/** The sentences. */
export class UnitSentencesView {
  readonly root: HTMLElement;
  #key = "";
  readonly #frame = atFrame();
  readonly #title = el("h3");
  readonly #lede = el("p", { class: "note" });
  readonly #note = el("p", { class: "note" });
  readonly #high = el("ol", { class: "concordance" });
  readonly #low = el("ol", { class: "concordance" });
  readonly #find: (followed: FollowedUnit) => void;

  constructor(readonly actions: SentenceActions) {
    this.#find = newest(async (followed) => {
      const found = await actions.find(followed);
      this.#frame(() => this.#show(found));
    }, PAUSE);
    this.root = el(
      "div",
      { class: "of-unit", "aria-busy": "true" }, // until the first sentences
      this.#title,
      this.#lede,
      el("h4", {}, text.high),
      this.#high,
      el("h4", {}, text.low),
      this.#low,
      this.#note,
    );
  }

  /** Sets whether texts are read by word or by symbol. */
  setUnit(isOfWords: boolean): void {
    say(this.#lede, isOfWords ? text.lede : text.ledeSymbols);
  }

  /** Follows a unit. */
  follow(followed: FollowedUnit): void {
    this.#find(followed);
  }

  #show({ unit, high, low, count, of }: UnitSentences): void {
    const key = JSON.stringify([unit, high, low]);
    if (key === this.#key) return;
    this.#key = key;
    this.root.removeAttribute("aria-busy");
    say(this.#title, text.title(unit));
    say(this.#note, text.some(count, of));
    const focused = this.#buttons().indexOf(document.activeElement as HTMLButtonElement);
    const values = [...high, ...low].flatMap(({ values }) => values);
    const bound = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
    for (const [list, sentences] of [[this.#high, high], [this.#low, low]] as const) {
      fill(
        list,
        ...sentences.map((sentence) => this.#row(sentence, bound)),
        sentences.length === 0 && el("li", { class: "none" }, text.none),
      );
    }
    if (focused >= 0) this.#buttons()[focused]?.focus();
  }

  #buttons(): HTMLButtonElement[] {
    return [...this.root.querySelectorAll("button")];
  }

  #row(sentence: UnitSentence, bound: number): HTMLElement {
    const { text: whole, words, values, at, isCut: [before, after] } = sentence;
    const value = figure(values[at]);
    const names = words.map((word, i) => i === 0 && !before ? shownStart(word) : shown(word));
    const part = (from: number, to: number) =>
      names.slice(from, to).flatMap((name, i) => [this.#word(name, values[from + i], bound), " "]);
    return el(
      "li",
      {},
      el(
        "button",
        {
          type: "button",
          "aria-label": text.show(whole, names[at], value),
          click: () => this.actions.show(whole),
        },
        el("span", { class: "left" }, el("bdi", {}, before && "… ", ...part(0, at))),
        el("b", {}, this.#word(names[at], values[at], bound)),
        el("span", { class: "right" }, ...part(at + 1, words.length), after && "…"),
        el("span", { class: "number" }, value),
      ),
    );
  }

  #word(word: string, value: number, bound: number): HTMLElement {
    const span = el("span", {
      class: value < 0 ? "excited low" : "excited",
      title: text.value(word, figure(value)),
    }, word);
    span.style.setProperty("--share", (Math.abs(value) / bound).toFixed(3));
    return span;
  }
}
