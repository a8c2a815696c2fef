/**
 * The buttons above the picture: the two passes, the gates, “Why?”, and those that save it.
 *
 * @module
 */
import { el } from "../dom.ts";
import { save } from "../words/save.ts";
import { words } from "../words.ts";
import type { Legend } from "./legend.ts";
import { saveButtons } from "./save_buttons.ts";

const text = words.unrolled;

/** The pass that the picture shows. */
export type Pass = "forward" | "backward";

const PASSES: readonly Pass[] = ["forward", "backward"];

/** What the buttons do. */
export interface PictureActions {
  setPass(pass: Pass): void;
  toggleGates(): void;
  /** Returns the elements to save. */
  parts(): readonly Element[];
}

/** The buttons. */
export class PictureTools {
  readonly root: HTMLElement;
  readonly gates: HTMLButtonElement;
  /** The button “Why?”; the code that answers it is loaded on first use. */
  readonly why = el("button", {
    type: "button",
    class: "gates ask-why",
    "aria-pressed": "false",
    "aria-label": text.whyHelp,
    title: text.whyHelp,
    hidden: true,
  }, text.why);
  readonly #passes: HTMLButtonElement[];

  constructor(legend: Legend, actions: PictureActions) {
    this.#passes = PASSES.map((pass) =>
      el("button", {
        type: "button",
        "data-pass": pass,
        click: () => actions.setPass(pass),
      }, text[pass])
    );
    this.gates = el("button", {
      type: "button",
      class: "gates",
      click: () => actions.toggleGates(),
    }, text.gates);
    this.press("forward", false);
    this.root = el(
      "div",
      { class: "tools" },
      el("div", { class: "segments", role: "group", "aria-label": text.pass }, ...this.#passes),
      this.gates,
      this.why,
      el("div", { class: "beside" }, legend.root, saveButtons(save.picture, actions.parts)),
    );
  }

  /** Shows which buttons are pressed. */
  press(pass: Pass, hasOpenGates: boolean): void {
    for (const button of this.#passes) {
      button.setAttribute("aria-pressed", String(button.dataset.pass === pass));
    }
    this.gates.setAttribute("aria-pressed", String(hasOpenGates));
  }
}
