/**
 * The legend of the picture's colors.
 *
 * @module
 */
import { el, say } from "../dom.ts";
import { figure, words } from "../words.ts";

const text = words.unrolled;

/** The legend. */
export class Legend {
  readonly root: HTMLElement;
  readonly #name = el("span", { class: "of" });
  readonly #low = el("span");
  readonly #high = el("span");

  constructor() {
    const ramp = el("span", { class: "ramp" });
    this.root = el("p", { class: "scale" }, this.#name, this.#low, ramp, this.#high);
  }

  /** Shows the size in full color: of states, or of gradients, which are drawn without a sign. */
  show(bound: number, isBackward: boolean): void {
    say(this.#name, isBackward ? text.scaleBack : text.scale);
    say(this.#low, isBackward ? "0" : figure(-bound));
    say(this.#high, bound > 0 ? figure(bound) : "–");
    this.root.classList.toggle("half", isBackward);
  }
}
