/**
 * Reports on a network to the page, on request and during training.
 *
 * @module
 */
import {
  type Example,
  type FloatArray,
  generate,
  type LanguageModel,
  type Weights,
  writtenLabels,
} from "@unroll/core/texts";
import type { Drivers, Reach, Writing } from "../picture_protocol.ts";
import type { Events, Requests } from "../protocol.ts";
import type { AnyPageTask } from "../tasks/task.ts";
import { taskOf } from "../tasks/tasks.ts";
import { shared as words } from "../words/shared.ts";
import { CORE } from "./core.ts";
import type { Experiment } from "./experiment.ts";
import { measuredOn } from "./exported.ts";
import { reachOf } from "./gradient_reach.ts";
import { driversOf, lookAt, statesOfWords, weightMapsOf } from "./inspect.ts";

// Characters to evaluate on: few enough to keep the worker responsive.
const MAX_MEASURED = 2 ** 17;
const MAX_SYMBOLS = 2 ** 14; // the same for language models in training

/** Returns the first examples that fit into `most` characters; of a long text, its beginning. */
function measurable(examples: readonly Example[], most: number): Example[] {
  const some: Example[] = [];
  let left = most;
  for (const example of examples) {
    if (left <= 0) break;
    const { length } = example.text;
    some.push(length > most ? { ...example, text: example.text.slice(0, left) } : example);
    left -= length;
  }
  return some;
}

/** Sends a report to the page. */
export type Report = <K extends keyof Events>(event: K, data: Events[K]) => void;

/** The reports that the page wants. */
export interface Subscriptions {
  /** The sentence in the picture. */
  look?: { text: string; actual?: string };
  /** How the network generates text. */
  writing?: Writing;
}

const WRITTEN = 240; // symbols of a generated sample

/** Reports on a network. */
export class Reporter {
  readonly #task: AnyPageTask;
  readonly #labels: Map<string, string | undefined>;
  #words: { weights: Weights<FloatArray>; states: FloatArray } | undefined;

  #reach: { length: number; found: Reach } | undefined; // the last result

  constructor(readonly experiment: Experiment, readonly report: Report) {
    this.#task = taskOf(experiment.settings);
    const { train, validation, test } = experiment.parts;
    const all = [...train, ...validation, ...test];
    this.#labels = new Map(all.map(({ text, label }) => [text, label]));
  }

  /** Reports the network's pass over the sentence in the picture; `isCareful` if there is time. */
  async look({ look }: Subscriptions, isCareful: boolean): Promise<void> {
    const { model, settings, computing } = this.experiment;
    if (!look) return;
    if (!this.#task.isReadable(CORE, model, look.text)) return this.report("unreadable", {});
    const labels = this.#task.labels(model, writtenLabels(model));
    const chosen = labels.find((label) => label === look.actual);
    const actual = chosen ?? this.#labels.get(look.text);
    const wanted = { text: look.text, actual };
    await this.#reporting(async () => {
      this.report("look", await lookAt(computing.backend, model, settings, wanted, isCareful));
    });
  }

  /** Reports an evaluation on test examples, else validation or training examples. */
  async evaluation(isOver: boolean): Promise<void> {
    const { model, parts, computing: { backend } } = this.experiment;
    const on = measuredOn(parts),
      examples = measurable(
        parts[on],
        this.#task.isWriting && !isOver ? MAX_SYMBOLS : MAX_MEASURED,
      );
    if (examples.length === 0) return;
    const found = await this.#task.evaluate({ core: CORE, backend, model }, examples);
    this.report("evaluation", { found, on, count: examples.length });
  }

  /** Reports a generated text. */
  async written(subscriptions: Subscriptions): Promise<void> {
    const { computing } = this.experiment;
    if (!subscriptions.writing || !this.#task.isWriting) return;
    const model = this.experiment.model as LanguageModel; // all models that write are
    const { prompt, label, ...how } = subscriptions.writing;
    const known = writtenLabels(model);
    const chosen = known.find((name) => name === label) ?? known[0]; // undefined without labels
    const options = { ...how, prompt, length: WRITTEN, label: chosen };
    const isDone = await this.#reporting(async () => {
      let text = "";
      for await (const piece of generate(computing.backend, model, options)) text += piece;
      this.report("written", { text, prompt });
    });
    if (!isDone) subscriptions.writing = undefined; // do not repeat the failure
  }

  /** Reports the weights. */
  weights(): void {
    this.report("weights", weightMapsOf(this.experiment.model, this.experiment.before));
  }

  /** Returns the words that drive a unit. */
  async drivers(unit: number): Promise<Drivers> {
    const { model, computing } = this.experiment;
    const { weights } = model;
    if (this.#words?.weights !== weights) {
      this.#words = { weights, states: await statesOfWords(computing.backend, model) };
    }
    return driversOf(this.#words.states, model, unit);
  }

  /** Returns a unit at a time step, with all numbers of its equations. */
  async unit(given: Requests["unit"][0]): Promise<Requests["unit"][1]> {
    const { model, settings, computing } = this.experiment;
    const { unitAt } = await import("./later.ts");
    return await unitAt(computing.backend, model, settings, given);
  }

  /** Returns each word's contribution to the prediction. */
  async why(text: string): Promise<Requests["why"][1]> {
    const { model, computing } = this.experiment;
    const { whyOf } = await import("./later.ts");
    return await whyOf(computing.backend, model, text);
  }

  /** Returns how far gradients reach back over a number of words. */
  async reach(length: number): Promise<Reach> {
    const { model, settings, parts, computing } = this.experiment;
    if (parts.train.length === 0) throw new Error(words.problems.noMatchingData);
    const known = this.#reach?.length === length ? this.#reach.found : undefined;
    const found = await reachOf(computing.backend, model, parts.train, settings, length, known);
    this.#reach = { length, found };
    return found;
  }

  async #reporting(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.report("problem", { message: (error as Error).message });
      return false;
    }
  }
}
