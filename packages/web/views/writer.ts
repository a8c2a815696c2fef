/**
 * What a network that writes makes of the sentence above.
 *
 * @module
 */
import { el, fill, freshId, say } from "../dom.ts";
import type { Events, Writing } from "../protocol.ts";
import { words } from "../words.ts";

const text = words.writer;
const BEGIN = 0.8; // a little surer than the network is

/** The place where it writes. */
export class Writer {
  readonly root: HTMLElement;
  #seed = 1;
  readonly #temperature: HTMLInputElement;
  readonly #shown = el("output");
  readonly #written = el("p", { class: "written" });

  /** @param ask Lets the network write so. */
  constructor(readonly ask: (writing: Pick<Writing, "temperature" | "seed">) => void) {
    const id = freshId();
    this.#temperature = el("input", {
      id,
      type: "range",
      min: 0,
      max: 2,
      step: 0.1,
      value: BEGIN,
      title: text.temperatureHelp,
      input: () => this.write(),
    });
    this.root = el(
      "section",
      { class: "writer", hidden: true },
      el("h3", {}, text.title),
      el("p", { class: "note" }, text.lede),
      el(
        "p",
        { class: "controls" },
        el("label", { for: id }, text.temperature),
        this.#temperature,
        this.#shown,
        el("button", { type: "button", class: "small", click: () => this.#again() }, text.again),
      ),
      this.#written,
    );
  }

  /** Lets it write, now and as it learns. */
  write(): void {
    const temperature = Number(this.#temperature.value);
    say(this.#shown, temperature.toFixed(1));
    this.ask({ temperature, seed: this.#seed });
  }

  /** Shows what it wrote. */
  show({ text: written, prompt }: Events["written"]): void {
    fill(this.#written, el("b", {}, prompt), written);
  }

  #again(): void {
    this.#seed++;
    this.write();
  }
}
