/**
 * What went wrong and what to do, and what was done: a notice each.
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

/** The place for them. */
export class Messages {
  readonly root = el("div", { class: "notices" });
  readonly #problems = el("div", { role: "alert" });
  readonly #news = el("div", { role: "status" });
  readonly #question = el("div");

  constructor() {
    this.root.append(this.#problems, this.#news, this.#question);
  }

  /** Says what went wrong. */
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

  /** Says that something was done; without a text, takes that away. */
  inform(message?: string): void {
    fill(
      this.#news,
      message !== undefined &&
        el("div", { class: "notice" }, el("p", {}, message), this.#close(this.#news)),
    );
  }

  /** Takes problems away: something was done since. */
  clear(): void {
    fill(this.#problems);
    fill(this.#news);
  }

  /** Asks; an answer takes the question away. */
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

  /** Takes the question away. */
  withdraw(): void {
    fill(this.#question);
  }

  #close(place: Element): HTMLButtonElement {
    return el("button", { type: "button", class: "small", click: () => fill(place) }, words.close);
  }
}
