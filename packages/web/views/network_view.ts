/**
 * The picture with its details: which word and which unit are looked at.
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

const DRIVERS_EVERY = 900; // milliseconds, while training
const UNITS_ON = 7; // from one unit to the next that the tour follows

/** What is looked at. */
export interface Marked {
  look: Look;
  layer: number;
  word: number;
  /** Of both directions together, those of the second come after the first. */
  unit: number;
}

/** What is looked at; of word and unit none, where nobody points at one. */
export interface Place {
  word?: number;
  unit?: number;
  layer: number;
  pass: Pass;
  hasOpenGates: boolean;
}

/** What the network remembers, beside its details. */
export interface Remembered {
  /** The sentences that light up a unit. */
  sentences: HTMLElement;
  /** The text in the picture, and the unit that is followed. */
  follow(look: Look, followed: { unit: number; layer: number }): void;
}

/** The picture and its details. */
export class NetworkView {
  readonly unrolled: Unrolled;
  readonly details: Details;
  /** Where the equations come to stand, once they are loaded. */
  readonly numbers = el("div", { class: "numbers-place" });
  #look: Look | undefined;
  #marked: Marked | undefined;
  // None where nobody points at one: then those that changed most are shown.
  #word: number | undefined;
  #unit: number | undefined;
  #wanted: View | undefined; // what a link asks for, until its text is there
  #driven: { unit?: number; at: number } = { at: 0 };
  #listener: ((marked: Marked) => void) | undefined;

  /**
   * @param memory What it remembers.
   * @param askDrivers Asks which words drive a unit.
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

  /** Calls with what is looked at, now and whenever it changes. */
  onMark(listener: (marked: Marked) => void): void {
    this.#listener = listener;
    this.#draw();
  }

  /** Follows a unit farther down or up, within the layer. */
  moveUnit(by: number): void {
    if (!this.#marked) return;
    const { look, layer, unit } = this.#marked;
    const width = look.config.hidden * look.layers[layer].length;
    this.#follow(Math.min(width - 1, Math.max(0, unit + by)));
  }

  /** Nobody points at a word of the next text. */
  forgetWord(): void {
    this.#word = undefined;
  }

  /** Nobody points at a unit of the next network. */
  forgetUnit(): void {
    this.#unit = undefined;
  }

  /** Follows another unit. */
  followNext(): void {
    const width = (this.#look?.layers[0].length ?? 1) * (this.#look?.config.hidden ?? 1);
    this.#follow((this.shown.unit + UNITS_ON) % width);
  }

  /** The word and the unit that are shown, whether somebody points at them or not. */
  get shown(): { word: number; unit: number } {
    const look = this.#look;
    if (!look) return { word: 0, unit: 0 };
    return {
      word: this.#word ?? turningWord(look),
      unit: this.#unit ?? mostActiveUnit(look, this.unrolled.layer),
    };
  }

  /** What is looked at. */
  get place(): Place {
    const { layer, pass, hasOpenGates } = this.unrolled;
    return { word: this.#word, unit: this.#unit, layer, pass, hasOpenGates };
  }

  /** Looks at it. */
  set place({ word, unit, layer, pass, hasOpenGates }: Place) {
    this.#word = word;
    this.#unit = unit;
    if (layer !== this.unrolled.layer) this.unrolled.openLayer(layer);
    if (hasOpenGates !== this.unrolled.hasOpenGates) this.unrolled.openGates(hasOpenGates);
    if (pass !== this.unrolled.pass) this.unrolled.setPass(pass);
    this.#draw();
  }

  /** What a link says of the picture: what is not as it would be by itself. */
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

  /** Shows the picture as a link says, once its text is there. */
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
