/**
 * The notices: errors with what to do about them, confirmations, and questions.
 *
 * @module
 */
import { el, fill } from "../dom.ts";
import { shared } from "../words/shared.ts";

const { problems: words } = shared;

/** An answer to a question. */
export interface Choice {
  name: string;
  act(): void;
  isFirst?: boolean;
}

/** The element for the notices. */
export class Messages {
  readonly root = el("div", { class: "notices" });
  readonly #problems = el("div", { role: "alert" });
  readonly #news = el("div", { role: "status" });
  readonly #question = el("div");

  constructor() {
    this.root.append(this.#problems, this.#news, this.#question);
  }

  /** Shows an error. */
  problem(message: string): void {
    fill(
      this.#problems,
      el(
        "div",
        { class: "notice problem" },
        el("p", {}, el("b", {}, words.title), " ", el("span", {}, message)),
        this.#close(this.#problems),
      ),
    );
  }

  /** Shows a confirmation; without a text, removes it. */
  inform(message?: string): void {
    fill(
      this.#news,
      message !== undefined &&
        el("div", { class: "notice" }, el("p", {}, message), this.#close(this.#news)),
    );
  }

  /** Removes errors, because something was done since. */
  clear(): void {
    fill(this.#problems);
    fill(this.#news);
  }

  /** Asks a question, which disappears with the answer. */
  ask(question: string, choices: readonly Choice[]): void {
    const button = ({ name, act, isFirst }: Choice) => {
      const click = () => {
        this.withdraw();
        act();
      };
      const look = isFirst ? "primary go-on" : "small";
      return el("button", { type: "button", class: look, click }, name);
    };
    fill(
      this.#question,
      el("div", { class: "notice offer" }, el("p", {}, question), ...choices.map(button)),
    );
  }

  /** Removes the question. */
  withdraw(): void {
    fill(this.#question);
  }

  #close(place: Element): HTMLButtonElement {
    return el("button", { type: "button", class: "small", click: () => fill(place) }, words.close);
  }
}
