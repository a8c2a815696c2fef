/**
 * The guided tour: eight steps beside the live picture.
 *
 * @module
 */
import { el, fill, freshId, say } from "../dom.ts";
import { tour as steps, words } from "../words.ts";

const text = words.tour;

/** A step's place in the page, and what its button does. */
export interface TourStop {
  /** The part of the page that it speaks of. */
  target(): Element | null;
  /** Makes the picture show it. */
  enter?(): void;
  /** What the reader may try. */
  act(): void;
}

/** The tour. */
export class Tour {
  readonly root: HTMLElement;
  readonly button: HTMLButtonElement;
  #at = 0;
  #lit: Element | null = null;
  readonly #title: HTMLElement;
  readonly #text = el("p");
  readonly #of = el("p", { class: "note" });
  readonly #back: HTMLButtonElement;
  readonly #next: HTMLButtonElement;
  readonly #act: HTMLButtonElement;

  constructor(readonly stops: readonly TourStop[]) {
    const id = freshId();
    this.#title = el("h2", { id, tabindex: -1 });
    this.#back = el(
      "button",
      { type: "button", class: "small", click: () => this.#go(-1) },
      text.back,
    );
    this.#next = el(
      "button",
      { type: "button", class: "primary", click: () => this.#go(1) },
      text.next,
    );
    this.#act = el("button", {
      type: "button",
      class: "act",
      click: () => this.stops[this.#at].act(),
    });
    this.root = el(
      "aside",
      { class: "tour", "aria-labelledby": id, hidden: true },
      this.#of,
      this.#title,
      this.#text,
      this.#act,
      el(
        "p",
        { class: "ends" },
        this.#back,
        this.#next,
        el("button", { type: "button", class: "link", click: () => this.end() }, text.end),
      ),
    );
    this.root.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") this.end();
    });
    this.button = el(
      "button",
      { type: "button", class: "small tour-start", click: () => this.start() },
      text.start,
    );
  }

  /** Begins at the first step. */
  start(): void {
    this.#at = 0;
    this.root.hidden = false;
    document.documentElement.dataset.tour = "";
    this.#show();
  }

  /** Ends it. */
  end(): void {
    this.root.hidden = true;
    delete document.documentElement.dataset.tour;
    this.#lit?.classList.remove("lit");
    this.button.focus();
  }

  #go(by: number): void {
    const at = this.#at + by;
    if (at >= this.stops.length) return this.end();
    this.#at = Math.max(0, at);
    this.#show();
  }

  #show(): void {
    const { title, text: shown, act } = steps[this.#at];
    const stop = this.stops[this.#at];
    say(this.#of, text.of(this.#at + 1, steps.length));
    say(this.#title, title);
    say(this.#text, shown);
    fill(this.#act, el("span", {}, text.tryIt), ` ${act}`);
    this.#back.disabled = this.#at === 0;
    say(this.#next, this.#at === steps.length - 1 ? text.end : text.next);
    stop.enter?.();
    this.#lit?.classList.remove("lit");
    this.#lit = stop.target();
    this.#lit?.classList.add("lit");
    // On a narrow page this stands below, and so what it speaks of above.
    const block = matchMedia("(max-width: 48rem)").matches ? "start" : "center";
    this.#lit?.scrollIntoView({ block, behavior: isCalm() ? "auto" : "smooth" });
    this.#title.focus({ preventScroll: true });
  }
}

function isCalm(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
