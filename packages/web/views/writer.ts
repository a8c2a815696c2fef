/**
 * What a network that writes makes of the sentence above.
 *
 * @module
 */
import { el, fill, freshId, say } from "../dom.ts";
import type { Writing } from "../picture_protocol.ts";
import type { Events } from "../protocol.ts";
import { words } from "../words.ts";

const text = words.writer;
const BEGIN = 0.8; // a little surer than the network is

/** What the place asks for. */
export interface WriterActions {
  /** Lets the network write so. */
  write(writing: Omit<Writing, "prompt">): void;
  /** Says what label to write for. */
  label(label: string): void;
}

/** The place where it writes. */
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

  /** The labels that it writes for; none where it writes without. */
  setLabels(labels: string[]): void {
    fill(this.#label, ...labels.map((value) => el("option", { value }, value)));
    this.#labelRow.hidden = labels.length === 0;
  }

  /** Lets it write, now and as it learns. */
  write(): void {
    const temperature = Number(this.#temperature.value);
    say(this.#shown, temperature.toFixed(1));
    this.actions.write({ temperature, seed: this.#seed, label: this.#label.value || undefined });
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
