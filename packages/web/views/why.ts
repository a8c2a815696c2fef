/**
 * Each word's contribution to the prediction, marked under the words.
 *
 * @module
 */
import type { Explanation } from "@unroll/core/inspect";
import { labelClass } from "../colors.ts";
import { el, fill, say } from "../dom.ts";
import type { Engine } from "../engine.ts";
import type { Look } from "../picture_protocol.ts";
import { equations } from "../words/equations.ts";
import { figure } from "../words/numbers.ts";
import { shown } from "./symbols.ts";

const words = equations.why;
const EVERY = 900; // milliseconds, while the network changes

/** The shares of the words. */
export class Why {
  /** The line with the sum of the shares. */
  readonly root = el("p", { class: "why-sum", role: "status", hidden: true });
  #look: Look | undefined;
  #found: Explanation | undefined;
  #asked = { text: "", at: 0, isBusy: false };

  constructor(
    readonly engine: Engine,
    readonly button: HTMLButtonElement,
    readonly steps: Element,
  ) {
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(!this.#isOn));
      this.#update();
    });
    // The picture is rebuilt for another text, pass or layer.
    new MutationObserver(() => this.#draw()).observe(steps, { childList: true });
  }

  get #isOn(): boolean {
    return this.button.getAttribute("aria-pressed") === "true" && !this.button.hidden;
  }

  /** Sets the text in the picture. */
  show(look: Look): void {
    if (look === this.#look) return;
    this.#look = look;
    this.#update();
  }

  async #update(): Promise<void> {
    const look = this.#look, asked = this.#asked;
    if (!this.#isOn || !look) return this.#draw();
    if (asked.isBusy) return;
    const left = asked.at + EVERY - performance.now();
    asked.isBusy = true;
    if (asked.text === look.text && left > 0) await new Promise((wake) => setTimeout(wake, left));
    this.#asked = { text: look.text, at: performance.now(), isBusy: true };
    this.#found = await this.engine.ask("why", { text: look.text }).catch(() => undefined);
    this.#asked.isBusy = false;
    this.#draw();
    if (this.#look !== look) this.#update();
  }

  #draw(): void {
    const look = this.#look, found = this.#found, [attribution] = found?.attributions ?? [];
    const isDrawn = this.#isOn && look !== undefined && found?.text === look.text &&
      attribution !== undefined;
    this.root.hidden = !isDrawn;
    for (const old of this.steps.querySelectorAll(".share")) old.remove();
    if (!isDrawn) return;
    const { label = "", score, baseline, shares } = attribution;
    const most = Math.max(...shares.map(Math.abs));
    const place = look.labels.indexOf(label);
    // With two labels, evidence against one is evidence for the other.
    const other = look.labels.length === 2 ? 1 - place : -1;
    const against = other < 0 ? "label-none" : labelClass(other, look.labels[other]);
    for (const [t, foot] of this.steps.querySelectorAll(".step .foot").entries()) {
      const share = shares[t];
      if (share === undefined) continue;
      const bar = el("i", { class: share < 0 ? against : labelClass(place, label) });
      bar.style.setProperty("--size", String(most > 0 ? Math.abs(share) / most : 0));
      const said = words.share(shown(look.words[t]), signed(share), label);
      foot.append(
        el("span", { class: "share" }, bar, el("b", { "aria-label": said }, signed(share))),
      );
    }
    const sum = shares.reduce((all, share) => all + share, 0);
    say(this.root, words.sum(label, figure(score), figure(sum), figure(baseline)));
    fill(this.root, this.root.textContent!, el("small", {}, words.method));
  }
}

function signed(share: number): string {
  return share > 0 ? `+${figure(share)}` : figure(share);
}
