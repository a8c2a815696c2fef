/**
 * What went wrong and what to do, and what can be gone on with: at the top of the page.
 *
 * @module
 */
import { el, fill } from "../dom.ts";
import type { SavedRun } from "../protocol.ts";
import { words } from "../words.ts";

/** The place for notices. */
export class Notices {
  readonly root = el("div", { class: "notices" });
  readonly #problems = el("div", { role: "alert" });
  readonly #news = el("div", { role: "status" });
  readonly #offer = el("div");

  constructor() {
    this.root.append(this.#problems, this.#news, this.#offer);
  }

  /** Says what went wrong. */
  problem(message: string): void {
    fill(
      this.#problems,
      el(
        "div",
        { class: "notice problem" },
        el("p", {}, el("b", {}, words.problems.title), " ", el("span", {}, message)),
        this.#close(this.#problems, words.problems.close),
      ),
    );
  }

  /** Says that something was done; without a text, takes that away. */
  inform(message?: string): void {
    fill(
      this.#news,
      message !== undefined && el(
        "div",
        { class: "notice" },
        el("p", {}, message),
        this.#close(this.#news, words.problems.close),
      ),
    );
  }

  /** Takes problems away: something was done since. */
  clear(): void {
    fill(this.#problems);
    fill(this.#news);
  }

  /** Offers to go on with a run. */
  offer(run: SavedRun, go: () => void, no: () => void): void {
    const { settings, epoch, savedAt } = run;
    const [name] = words.sets[settings.set] ?? words.sets.own;
    const answer = (act: () => void) => () => {
      fill(this.#offer);
      act();
    };
    fill(
      this.#offer,
      el(
        "div",
        { class: "notice offer" },
        el("p", {}, words.resume.offer(name, epoch, settings.epochs, ago(Date.now() - savedAt))),
        el(
          "button",
          { type: "button", class: "primary go-on", click: answer(go) },
          words.resume.go,
        ),
        el("button", { type: "button", class: "small", click: answer(no) }, words.resume.no),
      ),
    );
  }

  /** Takes the offer away. */
  withdraw(): void {
    fill(this.#offer);
  }

  #close(place: Element, name: string): HTMLButtonElement {
    return el("button", { type: "button", class: "small", click: () => fill(place) }, name);
  }
}

function ago(milliseconds: number): string {
  const minutes = Math.round(milliseconds / 60_000);
  if (minutes < 1) return words.resume.justNow;
  if (minutes < 60) return words.resume.minutes(minutes);
  const hours = Math.round(minutes / 60);
  return hours < 24 ? words.resume.hours(hours) : words.resume.days(Math.round(hours / 24));
}
