/**
 * How far each word of the sentence reaches: a table with a row for each word that is left out.
 *
 * @module
 */
import type { AskedText, Memory } from "../comparison.ts";
import { atFrame, el, fill, say } from "../dom.ts";
import { memory } from "../words/memory.ts";
import { newest } from "./newest.ts";
import { shorten, shown } from "./symbols.ts";

const text = memory.reach;
const PAUSE = 250; // milliseconds between an answer and the next request
const MOST_NUMBERS = 9; // words, up to which there is room for numbers

/** Asks the worker for memory traces. */
export type AskMemory = (asked: AskedText & { layer: number }) => Promise<(Memory | undefined)[]>;

/** The tables of the current network and, if a run was kept, of the kept one. */
export class MemoryView {
  readonly root = el("div", { class: "memories" });
  readonly #frame = atFrame();
  readonly #tables: MemoryTable[] = [];
  readonly #ask: (asked: AskedText & { layer: number }) => void;

  constructor(ask: AskMemory) {
    this.#ask = newest(async (asked) => {
      const found = await ask(asked);
      this.#frame(() => this.#show(found));
    }, PAUSE);
  }

  /** Follows the current sentence. */
  follow(asked: AskedText & { layer: number }): void {
    this.#ask(asked);
  }

  #show(found: (Memory | undefined)[]): void {
    while (this.#tables.length < found.length) this.#tables.push(new MemoryTable());
    const shown = this.#tables.slice(0, found.length);
    if (this.root.childElementCount !== shown.length) {
      fill(this.root, ...shown.map(({ root }) => root));
    }
    for (const [i, table] of shown.entries()) {
      const isAlone = found.length === 1, nameOf = i === 0 ? text.now : text.kept;
      table.show(found[i], isAlone ? undefined : nameOf);
    }
  }
}

class MemoryTable {
  readonly root: HTMLElement;
  #key = "";
  #cells: { root: HTMLElement; number: HTMLElement }[][] = [];
  readonly #name = el("h3");
  readonly #head = el("thead");
  readonly #body = el("tbody");
  readonly #note = el("p", { class: "note" });

  constructor() {
    this.root = el(
      "div",
      { class: "memory-of" },
      this.#name,
      el(
        "div",
        { class: "scroll", tabindex: 0, role: "region", "aria-label": text.left },
        el("table", { class: "reaches" }, this.#head, this.#body),
      ),
      this.#note,
    );
  }

  show(memory: Memory | undefined, nameOf: ((cell: string) => string) | undefined): void {
    const name = memory && nameOf?.(memory.cell);
    const layer = memory && memory.layers > 1 ? text.layer(memory.layer + 1) : undefined;
    const title = [name, layer].filter((part) => part !== undefined).join(", ");
    this.#name.hidden = title === "";
    say(this.#name, title);
    this.root.classList.toggle("unreadable", memory === undefined);
    if (!memory) {
      say(this.#note, nameOf === undefined ? text.none : text.unreadable);
      return;
    }
    const key = memory.words.join("\n");
    if (key !== this.#key) {
      this.#key = key;
      this.#build(memory.words);
    }
    this.#paint(memory);
  }

  #build(words: string[]): void {
    const isFew = words.length <= MOST_NUMBERS;
    this.root.classList.toggle("many", !isFew);
    this.root.style.setProperty("--words", String(words.length));
    fill(
      this.#head,
      el(
        "tr",
        {},
        el("th", { class: "corner", scope: "col" }, text.left),
        ...words.map((word) => el("th", { scope: "col" }, el("span", {}, shorten(shown(word))))),
      ),
    );
    this.#cells = words.map((_) =>
      words.map(() => {
        const number = el("span", { class: isFew ? "number" : "hidden" });
        return { root: el("td", {}, el("span", { class: "reach-bar" }), number), number };
      })
    );
    fill(
      this.#body,
      ...words.map((word, i) =>
        el(
          "tr",
          {},
          el("th", { scope: "row" }, shorten(shown(word))),
          ...this.#cells[i].map(({ root }) => root),
        )
      ),
    );
  }

  #paint({ words, differences, isCut }: Memory): void {
    for (const [i, row] of differences.entries()) {
      for (const [t, value] of row.entries()) {
        const { root, number } = this.#cells[i][t];
        const isUnread = t < i && value === 0, written = value.toFixed(2);
        const share = isUnread ? "0" : written;
        if (root.style.getPropertyValue("--share") === share) continue;
        root.style.setProperty("--share", share);
        root.classList.toggle("unread", isUnread);
        say(number, isUnread ? "" : written);
        const title = isUnread ? "" : text.cell(shown(words[i]), shown(words[t]), written);
        if (root.title !== title) root.title = title;
      }
    }
    const last = words.length - 1;
    const most = differences.reduce(
      (best, row, i) => row[last] > differences[best][last] ? i : best,
      0,
    );
    const end = text.end(
      shown(words[last]),
      shown(words[most]),
      differences[most][last].toFixed(2),
    );
    say(this.#note, isCut ? `${end} ${text.cut(words.length)}` : end);
  }
}
