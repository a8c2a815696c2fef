/**
 * The picture with its details: the word and the unit that are shown.
 *
 * @module
 */
import { el } from "../dom.ts";
import { mostActiveUnit, turningWord } from "../highlights.ts";
import type { View } from "../link.ts";
import type { Drivers, Look } from "../picture_protocol.ts";
import { Details } from "./details.ts";
import type { Pass } from "./picture_tools.ts";
import { Unrolled } from "./unrolled.ts";

const DRIVERS_EVERY = 900; // milliseconds, during training
const UNITS_ON = 7; // units between two that the tour follows

/** The word and the unit that are shown. */
export interface Marked {
  look: Look;
  layer: number;
  word: number;
  /** The unit's index; the units of the backward direction follow those of the forward one. */
  unit: number;
}

/** The state of the picture; word and unit are undefined if the visitor points at none. */
export interface Place {
  word?: number;
  unit?: number;
  layer: number;
  pass: Pass;
  hasOpenGates: boolean;
}

/** The memory sections beside the details. */
export interface Remembered {
  /** The sentences that light up a unit. */
  sentences: HTMLElement;
  /** Follows the text in the picture, and a unit. */
  follow(look: Look, followed: { unit: number; layer: number }): void;
}

/** The picture and its details. */
export class NetworkView {
  readonly unrolled: Unrolled;
  readonly details: Details;
  /** The element for the equations, once they are loaded. */
  readonly numbers = el("div", { class: "numbers-place" });
  #look: Look | undefined;
  #marked: Marked | undefined;
  // Undefined if the visitor points at none: then those that changed most are shown.
  #word: number | undefined;
  #unit: number | undefined;
  #wanted: View | undefined; // the view of a link, until its text is there
  #driven: { unit?: number; at: number } = { at: 0 };
  #listener: ((marked: Marked) => void) | undefined;

  /**
   * @param memory The memory sections.
   * @param askDrivers Asks which words move a unit most.
   */
  constructor(
    readonly memory: Remembered,
    readonly askDrivers: (unit: number) => Promise<Drivers | undefined>,
  ) {
    this.unrolled = new Unrolled({
      word: (t) => {
        this.#word = t;
        this.#draw();
      },
      unit: (unit) => this.#follow(unit),
      layer: () => this.#draw(),
      pass: () => this.#draw(),
    });
    this.details = new Details({ unit: (unit) => this.#follow(Math.max(0, unit)) });
    this.details.root.append(memory.sentences);
  }

  /** Shows a text. */
  show(look: Look): void {
    this.#look = look;
    this.unrolled.show(look);
    const { text = look.text, ...view } = this.#wanted ?? {};
    if (this.#wanted && text === look.text) {
      this.#wanted = undefined;
      this.#take(view);
    }
    this.#draw();
  }

  /** Calls the listener with the word and the unit that are shown, now and on every change. */
  onMark(listener: (marked: Marked) => void): void {
    this.#listener = listener;
    this.#draw();
  }

  /** Moves to a unit further down or up in the layer. */
  moveUnit(by: number): void {
    if (!this.#marked) return;
    const { look, layer, unit } = this.#marked;
    const width = look.config.hidden * look.layers[layer].length;
    this.#follow(Math.min(width - 1, Math.max(0, unit + by)));
  }

  /** Resets the word, because there is another text. */
  forgetWord(): void {
    this.#word = undefined;
  }

  /** Resets the unit, because there is another network. */
  forgetUnit(): void {
    this.#unit = undefined;
  }

  /** Follows another unit. */
  followNext(): void {
    const width = (this.#look?.layers[0].length ?? 1) * (this.#look?.config.hidden ?? 1);
    this.#follow((this.shown.unit + UNITS_ON) % width);
  }

  /** The word and the unit that are shown, even if the visitor points at none. */
  get shown(): { word: number; unit: number } {
    const look = this.#look;
    if (!look) return { word: 0, unit: 0 };
    return {
      word: this.#word ?? turningWord(look),
      unit: this.#unit ?? mostActiveUnit(look, this.unrolled.layer),
    };
  }

  /** The state of the picture. */
  get place(): Place {
    const { layer, pass, hasOpenGates } = this.unrolled;
    return { word: this.#word, unit: this.#unit, layer, pass, hasOpenGates };
  }

  /** Restores a state of the picture. */
  set place({ word, unit, layer, pass, hasOpenGates }: Place) {
    this.#word = word;
    this.#unit = unit;
    if (layer !== this.unrolled.layer) this.unrolled.openLayer(layer);
    if (hasOpenGates !== this.unrolled.hasOpenGates) this.unrolled.openGates(hasOpenGates);
    if (pass !== this.unrolled.pass) this.unrolled.setPass(pass);
    this.#draw();
  }

  /** The view for a link: what differs from the default. */
  get view(): View {
    const { pass, layer, hasOpenGates } = this.unrolled, top = (this.#look?.layers.length ?? 1) - 1;
    return {
      pass: pass === "forward" ? undefined : pass,
      layer: layer === top ? undefined : layer,
      gates: hasOpenGates || undefined,
      unit: this.#unit,
      word: this.#word,
    };
  }

  /** Sets the view of a link, which is applied once its text is there. */
  set view(view: View) {
    this.#wanted = view;
  }

  #take({ pass, layer, gates, unit, word }: View): void {
    if (pass) this.unrolled.setPass(pass);
    if (gates) this.unrolled.openGates(gates);
    if (layer !== undefined) this.unrolled.openLayer(layer);
    this.#unit = unit ?? this.#unit;
    this.#word = word ?? this.#word;
  }

  #follow(unit: number): void {
    this.#unit = unit;
    this.#draw();
  }

  #draw(): void {
    const look = this.#look;
    if (!look) return;
    const { layer } = this.unrolled;
    const width = look.config.hidden * look.layers[layer].length;
    if (this.#unit !== undefined && this.#unit >= width) this.#unit = undefined;
    if (this.#word !== undefined && this.#word >= look.words.length) this.#word = undefined;
    const word = this.#word ?? turningWord(look);
    const unit = this.#unit ?? mostActiveUnit(look, layer);
    this.unrolled.mark(word, unit);
    this.details.show(look, layer, word, unit);
    this.#marked = { look, layer, word, unit };
    this.#listener?.(this.#marked);
    this.#showDrivers(unit);
    this.memory.follow(look, { unit, layer });
  }

  async #showDrivers(unit: number): Promise<void> {
    const isNew = unit !== this.#driven.unit;
    if (!isNew && performance.now() - this.#driven.at < DRIVERS_EVERY) return;
    this.#driven = { unit, at: performance.now() };
    const drivers = await this.askDrivers(unit);
    if (drivers && drivers.unit === this.#driven.unit) this.details.showDrivers(drivers);
  }
}
