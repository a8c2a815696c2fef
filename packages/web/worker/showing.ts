/**
 * What the page wants to see of a network, told when it is asked for and as the network learns.
 *
 * @module
 */
import {
  type Example,
  type FloatArray,
  generate,
  type Model,
  tokenize,
  type Weights,
  writtenLabels,
} from "@unroll/core";
import type { Drivers, Events, Reach, Writing } from "../protocol.ts";
import { isWriting } from "../settings.ts";
import { words } from "../words.ts";
import type { Held } from "./held.ts";
import { driversOf, lookAt, reachOf, statesOfWords, weightMapsOf } from "./readings.ts";
import { reviewFor, taskOf } from "./tasks.ts";

/** Tells the page. */
export type Tell = <K extends keyof Events>(event: K, data: Events[K]) => void;

/** What the page wants to see. */
export interface Wishes {
  /** The sentence in the picture. */
  look?: { text: string; truth?: string };
  /** How the network is to write. */
  writing?: Writing;
}

const WRITTEN = 240; // symbols of what a network writes to be looked at

/** Shows a network. */
export class Showing {
  readonly #labels: Map<string, string>;
  #words: { weights: Weights<FloatArray>; states: FloatArray } | undefined;

  constructor(readonly held: Held, readonly tell: Tell) {
    const { train, validation, test } = held.parts;
    const all = [...train, ...validation, ...test];
    this.#labels = new Map(all.map(({ text, label }) => [text, label]));
  }

  /** The sentence in the picture; carefully, where there is time for it. */
  async look({ look }: Wishes, isCareful: boolean): Promise<void> {
    const { model, settings, computing } = this.held;
    if (!look || (isEmpty(look.text, model) && !isWriting(settings))) return; // nothing to read yet
    const known = this.#labels.get(look.text);
    const task = taskOf(model);
    const labels = task === "classification" ? model.labels : writtenLabels(model);
    const chosen = labels.includes(look.truth ?? "") ? look.truth : undefined;
    const isTagger = task === "classification" && model.config.head === "token";
    const truth = isTagger || task === "translate" ? known : chosen ?? known;
    const wanted = { text: look.text, truth };
    await this.#telling(async () => {
      this.tell("look", await lookAt(computing.backend, model, settings, wanted, isCareful));
    });
  }

  /** How well it does, on the examples that it has learnt least from. */
  async review(): Promise<void> {
    const { model, parts, computing } = this.held;
    const on = (["test", "validation", "train"] as const).find((on) => parts[on].length > 0);
    if (!on) return;
    const examples: Example[] = parts[on];
    const found = await reviewFor(computing.backend, model, examples);
    this.tell("review", { found, on, count: examples.length });
  }

  /** What it writes. */
  async written(wishes: Wishes): Promise<void> {
    const { model, settings, computing } = this.held;
    if (!wishes.writing || !isWriting(settings)) return;
    const { prompt, label, ...how } = wishes.writing;
    const known = writtenLabels(model);
    const chosen = known.find((name) => name === label) ?? known[0]; // none where it needs none
    const options = { ...how, prompt, length: WRITTEN, label: chosen };
    const isDone = await this.#telling(async () => {
      let text = "";
      for await (const piece of generate(computing.backend, model, options)) text += piece;
      this.tell("written", { text, prompt });
    });
    if (!isDone) wishes.writing = undefined; // not again and again
  }

  /** Its weights. */
  weights(): void {
    this.tell("weights", weightMapsOf(this.held.model, this.held.before));
  }

  /** The words that drive a unit. */
  async drivers(unit: number): Promise<Drivers> {
    const { model, computing } = this.held;
    const { weights } = model;
    if (this.#words?.weights !== weights) {
      this.#words = { weights, states: await statesOfWords(computing.backend, model) };
    }
    return driversOf(this.#words.states, model, unit);
  }

  /** How far gradients reach back over so many words. */
  async reach(length: number): Promise<Reach> {
    const { model, settings, parts, computing } = this.held;
    if (parts.train.length === 0) throw new Error(words.problems.noMatchingData);
    return await reachOf(computing.backend, model, parts.train, settings, length);
  }

  async #telling(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.tell("problem", { message: (error as Error).message });
      return false;
    }
  }
}

function isEmpty(text: string, { unit, tokenizer }: Model): boolean {
  return unit === undefined ? tokenize(text, tokenizer).length === 0 : text.trim() === "";
}
