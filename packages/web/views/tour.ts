/**
 * The guided tour: a card beside the live picture, which never covers what it describes.
 *
 * @module
 */
import { atFrame, el, fill, freshId, isAllDrawn, say } from "../dom.ts";
import { tour } from "../words/tour.ts";
import { placeCard } from "./tour_corners.ts";
import { mathOf } from "./weight_names.ts";

const text = tour.card;
// Frames in which nothing moves once everything that a stop asks for is drawn, and the longest wait.
const STILL = 4, LONGEST = 40;

/** The text of a card, and the name of its button. */
export interface Said {
  text: string;
  act: string;
}

/** A stop: its setup, its text about the current page, and the action of its button. */
export interface TourStop {
  title: string;
  /** Returns the part of the page that the stop describes. */
  target(): Element | null;
  /** Sets up what the stop needs. */
  enter(): Promise<void>;
  /** Undoes what the next stop does not set up itself. */
  leave?(): Promise<void>;
  says(): Said;
  /** Does what the reader can try. */
  act(): Promise<void>;
}

/** What the tour asks the page to do. */
export interface TourActions {
  /** Saves the current state; returns a function that restores it. */
  begin(): Promise<() => Promise<void>>;
  /** The tour has ended, and everything is restored. */
  over(): void;
  /** Reports an error. */
  failed(error: Error): void;
}

/** The tour. */
export class Tour {
  readonly root: HTMLElement;
  #at = 0;
  #lit: Element | null = null;
  #spot = ""; // where on the page the target is
  #isInPlace = true; // whether the whole target is visible, not covered by the card
  #said: Said | undefined;
  #bringBack: (() => Promise<void>) | undefined;
  #job: Promise<void> = Promise.resolve(); // the last action; actions run one after another
  readonly #title: HTMLElement;
  readonly #text = el("p", { "aria-live": "polite" });
  readonly #of = el("p", { class: "note" });
  readonly #back: HTMLButtonElement;
  readonly #next: HTMLButtonElement;
  readonly #act: HTMLButtonElement;
  readonly #end: HTMLButtonElement;
  readonly #frame = atFrame();

  constructor(readonly stops: readonly TourStop[], readonly actions: TourActions) {
    const id = freshId();
    const button = (kind: string, click: () => void, name = "") =>
      el("button", { type: "button", class: kind, click }, name);
    this.#title = el("h2", { id, tabindex: -1 });
    this.#back = button("small", () => this.#go(-1), text.back);
    this.#next = button("primary", () => this.#go(1), text.next);
    this.#act = button("act", () => this.#do(() => this.#stop.act()));
    this.#end = button("link", () => this.end(), text.end);
    this.root = el(
      "aside",
      { class: "tour", "aria-labelledby": id, hidden: true },
      el("div", { class: "says" }, this.#of, this.#title, this.#text),
      this.#act,
      el("p", { class: "ends" }, this.#back, this.#next, this.#end),
    );
    this.root.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") this.end();
    });
    for (const type of ["scroll", "resize"]) {
      addEventListener(type, () => this.update(), { passive: true });
    }
    new ResizeObserver(() => this.update()).observe(document.body);
  }

  get #stop(): TourStop {
    return this.stops[this.#at];
  }

  /** Starts at the first stop. */
  start(): void {
    this.#do(async () => {
      if (this.#bringBack) return;
      this.#bringBack = await this.actions.begin();
      try {
        await this.#enter(0);
      } catch (error) {
        await this.#leave();
        throw error;
      }
    });
  }

  /** Ends the tour, and restores everything. */
  end(): void {
    this.#do(() => this.#leave());
  }

  async #leave(): Promise<void> {
    if (!this.#bringBack) return;
    const bringBack = this.#bringBack;
    this.#bringBack = undefined;
    this.root.hidden = true;
    this.#light(null);
    await this.#stop.leave?.();
    await bringBack();
    this.actions.over();
  }

  /** Updates the card to the current page; follows a target that moved there, not by scrolling. */
  update(): void {
    if (!this.#bringBack || this.root.hidden) return;
    this.#frame(() => {
      const before = this.#spot, wasInPlace = this.#isInPlace;
      this.#draw();
      if (wasInPlace && !this.#isInPlace && this.#spot !== before) {
        this.#do(() => Promise.resolve());
      }
    });
  }

  /** Does some work after the last one; until the page stands still again, the card is busy. */
  #do(work: () => Promise<void>): void {
    this.root.setAttribute("aria-busy", "true");
    const job = this.#job.then(work).then(() => this.#settle()).catch(this.actions.failed);
    job.then(() => {
      if (job === this.#job) this.root.removeAttribute("aria-busy");
    });
    this.#job = job;
  }

  #go(by: number): void {
    this.#do(async () => {
      if (!this.#bringBack) return;
      const at = this.#at + by;
      if (at >= this.stops.length) return this.end();
      await this.#stop.leave?.();
      await this.#enter(Math.max(0, at));
    });
  }

  async #enter(at: number): Promise<void> {
    this.#at = at;
    await this.#stop.enter();
    const isLast = at === this.stops.length - 1;
    say(this.#of, text.of(at + 1, this.stops.length));
    say(this.#title, this.#stop.title);
    this.#back.disabled = at === 0;
    say(this.#next, isLast ? text.end : text.next);
    this.#end.hidden = isLast;
    this.root.hidden = false;
    this.#title.focus({ preventScroll: true });
  }

  /** Scrolls to what the card describes until that stands still, and everything is drawn. */
  async #settle(): Promise<void> {
    for (let i = 0, still = 0; i < LONGEST && still < STILL && !this.root.hidden; i++) {
      await new Promise(requestAnimationFrame);
      const before = this.#spot, down = this.#draw();
      if (down !== 0) {
        scrollBy({ top: down, behavior: "instant" });
        this.#draw();
      }
      still = this.#lit && isAllDrawn() && this.#spot === before ? still + 1 : 0;
    }
  }

  /** Draws the card; returns how far to scroll. */
  #draw(): number {
    if (this.root.hidden) return 0;
    const said = this.#stop.says();
    if (said.text !== this.#said?.text) fill(this.#text, ...mathOf(said.text, true));
    if (said.act !== this.#said?.act) {
      fill(this.#act, el("span", {}, text.tryIt), ` ${said.act}`);
    }
    this.#said = said;
    let target = this.#stop.target();
    if (!target?.getClientRects().length) target = null; // not drawn yet
    if (target !== this.#lit) this.#light(target);
    const down = target ? placeCard(this.root, target) : 0;
    this.#isInPlace = Math.abs(down) < 1;
    const box = target?.getBoundingClientRect();
    this.#spot = box ? `${Math.round(box.top + scrollY)} ${Math.round(box.height)}` : "";
    return down;
  }

  #light(target: Element | null): void {
    this.#lit?.classList.remove("lit");
    this.#lit = target;
    target?.classList.add("lit");
    target?.scrollIntoView({ block: "nearest", inline: "center", behavior: "instant" });
  }
}
