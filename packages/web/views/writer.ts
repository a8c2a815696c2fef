/**
 * The text that a network generates from the sentence above.
 *
 * @module
 */
import { el, fill, freshId, say } from "../dom.ts";
import type { Writing } from "../picture_protocol.ts";
import type { Events } from "../protocol.ts";
import { words } from "../words.ts";

const text = words.writer;
const BEGIN = 0.8; // a little more confident than the network is

/** What the view asks the page to do. */
export interface WriterActions {
  /** Requests a text. */
  write(writing: Omit<Writing, "prompt">): void;
  /** Sets the label to write for. */
  label(label: string): void;
}

/** The view of the generated text. */
export class Writer {
  readonly root: HTMLElement;
  #seed = 1;
  readonly #temperature: HTMLInputElement;
  readonly #shown = el("output");
  readonly #written = el("p", { class: "written" });

  readonly #label: HTMLSelectElement;
  readonly #labelRow: HTMLElement;

  constructor(readonly actions: WriterActions) {
    const id = freshId();
    this.#label = el("select", { change: () => actions.label(this.#label.value) });
    this.#labelRow = el("label", { class: "for" }, `${text.label} `, this.#label);
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
        this.#labelRow,
        el("label", { for: id }, text.temperature),
        this.#temperature,
        this.#shown,
        el("button", { type: "button", class: "small", click: () => this.#again() }, text.again),
      ),
      this.#written,
    );
  }

  /** Sets the labels to write for; empty for a network that writes without a label. */
  setLabels(labels: string[]): void {
    fill(this.#label, ...labels.map((value) => el("option", { value }, value)));
    this.#labelRow.hidden = labels.length === 0;
  }

  /** Requests a text, now and as the network learns. */
  write(): void {
    const temperature = Number(this.#temperature.value);
    say(this.#shown, temperature.toFixed(1));
    this.actions.write({ temperature, seed: this.#seed, label: this.#label.value || undefined });
  }

  /** Shows the generated text. */
  show({ text: written, prompt }: Events["written"]): void {
    fill(this.#written, el("b", {}, prompt), written);
  }

  #again(): void {
    this.#seed++;
    this.write();
  }
}
