/**
 * Finds the sentences of the data with a unit's highest and lowest values.
 *
 * @module
 */
import {
  type Example,
  type FloatArray,
  type LayerStates,
  traceStates,
  type Weights,
  writtenLabels,
} from "@unroll/core/texts";
import type { UnitSentence, UnitSentences } from "../comparison.ts";
import { taskOf } from "../tasks/tasks.ts";
import type { Experiment } from "./experiment.ts";
import type { Training } from "./training.ts";

const MOST = 2000; // sentences
const AT_ONCE = 32; // sentences in a batch
const ENOUGH = 300; // milliseconds of reading
const LONGEST = 300; // characters of a sentence
const MAX_WORDS = 60;
const SHOWN = 5; // of each kind
const AROUND = 12; // words on each side of the marked one

/** A sentence, and the layer's states over it. */
type Read = LayerStates & { text: string };

interface Known {
  weights: Weights<FloatArray>;
  layer: number;
  read: Read[];
  of: number;
}

/** Searches sentences. The states read for one unit are reused for all units of the layer. */
export class UnitSearch {
  #known: Known | undefined;

  /** @param current Returns the current run. */
  constructor(readonly current: () => Training | undefined) {}

  /** Returns the sentences with the highest and the lowest values of a unit of a layer. */
  async find({ unit, layer }: { unit: number; layer: number }): Promise<UnitSentences> {
    const experiment = this.current()!.experiment;
    const { weights } = experiment.model;
    if (this.#known?.weights !== weights || this.#known.layer !== layer) {
      this.#known = { weights, layer, ...await readAll(experiment, layer) };
    }
    const { read, of } = this.#known;
    const peaks = read.map((sentence) => peaksOf(sentence, unit));
    const most = (of: "high" | "low", sign: number) =>
      peaks.filter((peak) => sign * peak[of].value > 0)
        .sort((a, b) => sign * (b[of].value - a[of].value)).slice(0, SHOWN)
        .map((peak) => shownOf(peak.sentence, unit, peak[of].at));
    return { unit, layer, high: most("high", 1), low: most("low", -1), count: read.length, of };
  }
}

async function readAll(
  { model, settings, parts, computing }: Experiment,
  layer: number,
): Promise<Pick<Known, "read" | "of">> {
  const task = taskOf(settings), written = writtenLabels(model);
  const all = [...parts.train, ...parts.validation, ...parts.test];
  // Each text once. A network that writes for labels reads each text with its label.
  const sentences = new Map(sentencesOf(all, task.isWriting).map((one) => [one.text, one]));
  const some = [...sentences.values()].slice(0, MOST);
  const read: Read[] = [];
  const end = performance.now() + ENOUGH;
  for (let at = 0; at < some.length && (at === 0 || performance.now() < end); at += AT_ONCE) {
    const batch = some.slice(at, at + AT_ONCE);
    for (const label of new Set(batch.map((example) => task.readFor(example.label, written)))) {
      const own = batch.filter((example) => task.readFor(example.label, written) === label);
      const texts = own.map(({ text }) => text);
      const options = { layer, label, maxWords: MAX_WORDS };
      const found = await traceStates(computing.backend, model, texts, options);
      read.push(...found.map((states, i) => ({ ...states, text: texts[i] })));
    }
  }
  return { read: read.filter(({ words }) => words.length > 0), of: sentences.size };
}

/** Splits examples into sentences: lines of a text for language models, else whole texts. */
function sentencesOf(examples: readonly Example[], isWriting: boolean): Example[] {
  const sentences: Example[] = [];
  for (const example of examples) {
    if (sentences.length >= MOST) break;
    const beginning = example.text.slice(0, MOST * LONGEST);
    for (const line of isWriting ? beginning.split(/[\r\n]+/) : [beginning]) {
      const text = line.slice(0, LONGEST);
      if (text.trim() !== "") sentences.push({ ...example, text });
    }
  }
  return sentences;
}

function peaksOf(sentence: Read, unit: number) {
  const { words, states } = sentence, width = states.length / words.length;
  let high = 0, low = 0;
  const valueAt = (t: number) => states[t * width + unit];
  for (let t = 1; t < words.length; t++) {
    if (valueAt(t) > valueAt(high)) high = t;
    if (valueAt(t) < valueAt(low)) low = t;
  }
  return {
    sentence,
    high: { at: high, value: valueAt(high) },
    low: { at: low, value: valueAt(low) },
  };
}

function shownOf({ text, words, states }: Read, unit: number, at: number): UnitSentence {
  const width = states.length / words.length;
  const first = Math.max(0, at - AROUND), end = Math.min(words.length, at + AROUND + 1);
  return {
    text,
    words: words.slice(first, end),
    values: Array.from({ length: end - first }, (_, t) => states[(first + t) * width + unit]),
    at: at - first,
    isCut: [first > 0, end < words.length],
  };
}
