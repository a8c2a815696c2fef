/**
 * The guided tour: a card beside the live picture, which never covers what it speaks of.
 *
 * @module
 */
import { atFrame, el, fill, freshId, say } from "../dom.ts";
import { tour } from "../words/tour.ts";
import { placeCard } from "./tour_corners.ts";
import { mathOf } from "./weight_names.ts";

const text = tour.card;
const FRAMES = 4; // in which all is drawn that a stop asks for

/** What a card says, and the name of its button. */
export interface Said {
  text: string;
  act: string;
}

/** A stop: what it sets up, what it says of the page as it is then, and what its button does. */
export interface TourStop {
  title: string;
  /** The part of the page that it speaks of. */
  target(): Element | null;
  /** Sets up what it needs. */
  enter(): Promise<void>;
  /** Takes back what the stop after this one does not set up. */
  leave?(): Promise<void>;
  says(): Said;
  /** What the reader may try. */
  act(): Promise<void>;
}

/** What the tour may do to the page. */
export interface TourActions {
  /** Keeps what is there; gives what brings it back. */
  begin(): Promise<() => Promise<void>>;
  /** All is as it was. */
  over(): void;
  /** Tells of a failure. */
  failed(error: Error): void;
}

/** The tour. */
export class Tour {
  readonly root: HTMLElement;
  #at = 0;
  #lit: Element | null = null;
  #said: Said | undefined;
  #bringBack: (() => Promise<void>) | undefined;
  #job: Promise<void> = Promise.resolve(); // what was asked for last; one comes after the other
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
  }

  get #stop(): TourStop {
    return this.stops[this.#at];
  }

  /** Begins at the first stop. */
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

  /** Ends it: all is as it was. */
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

  /** Says what is to be said of the page as it is now. */
  update(): void {
    if (this.#bringBack && !this.root.hidden) this.#frame(() => this.#draw());
  }

  #do(work: () => Promise<void>): void {
    this.#job = this.#job.then(work).then(() => this.#settle()).catch(this.actions.failed);
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
    await this.#settle();
    this.#title.focus({ preventScroll: true });
  }

  /** Draws until the picture and the charts are drawn, and scrolls to what the card speaks of. */
  async #settle(): Promise<void> {
    for (let i = 0; i < FRAMES && !this.root.hidden; i++) {
      await new Promise(requestAnimationFrame);
      const down = this.#draw();
      if (down === 0) continue;
      scrollBy({ top: down, behavior: "instant" });
      this.#draw();
    }
  }

  /** Gives how far to scroll. */
  #draw(): number {
    if (this.root.hidden) return 0;
    const said = this.#stop.says();
    if (said.text !== this.#said?.text) fill(this.#text, ...mathOf(said.text, true));
    if (said.act !== this.#said?.act) {
      fill(this.#act, el("span", {}, text.tryIt), ` ${said.act}`);
    }
    this.#said = said;
    const target = this.#stop.target();
    if (target !== this.#lit) this.#light(target);
    return target ? placeCard(this.root, target) : 0;
  }

  #light(target: Element | null): void {
    this.#lit?.classList.remove("lit");
    this.#lit = target;
    target?.classList.add("lit");
    target?.scrollIntoView({ block: "nearest", inline: "center", behavior: "instant" });
  }
}
