/**
 * A small dialog that asks before something is lost.
 *
 * @module
 */
import { el, fill, freshId, say } from "../dom.ts";

/** A question with its answers. */
export interface Question<T extends string> {
  title: string;
  note: string;
  /** The answers in order, with their names. Escape gives the first one. */
  choices: readonly (readonly [value: T, name: string])[];
}

/** The dialog. */
export class AskDialog {
  readonly root: HTMLDialogElement;
  readonly #title: HTMLElement;
  readonly #note = el("p", { class: "note" });
  readonly #choices = el("p", { class: "ends" });

  constructor() {
    const id = freshId();
    this.#title = el("h2", { id });
    this.root = el(
      "dialog",
      { class: "ask", "aria-labelledby": id },
      this.#title,
      this.#note,
      this.#choices,
    );
  }

  /** Asks a question, and waits for the answer. */
  ask<T extends string>({ title, note, choices }: Question<T>): Promise<T> {
    say(this.#title, title);
    say(this.#note, note);
    this.root.returnValue = choices[0][0];
    fill(
      this.#choices,
      ...choices.map(([value, name], i) =>
        el("button", {
          type: "button",
          class: i === 0 ? "primary" : "small",
          "data-choice": value,
          click: () => this.root.close(value),
        }, name)
      ),
    );
    this.root.showModal();
    return new Promise((done) => {
      this.root.addEventListener("close", () => {
        done((this.root.returnValue || choices[0][0]) as T);
      }, { once: true });
    });
  }
}
