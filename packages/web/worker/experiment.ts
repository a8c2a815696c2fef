/**
 * A network with its settings, data and backend.
 *
 * @module
 */
import {
  type Example,
  type FloatArray,
  type Model,
  shapesOf,
  type Weights,
  writtenLabels,
} from "@unroll/core/texts";
import type { DataSource } from "../data_protocol.ts";
import type { Ready } from "../run_protocol.ts";
import type { Settings } from "../settings.ts";
import { taskOf } from "../tasks/tasks.ts";
import type { Computing } from "./backends.ts";
import type { OwnData } from "./own_data.ts";

/** The examples, by purpose. */
export interface Parts {
  /** The training examples. */
  train: Example[];
  /** The validation examples, which choose the best epoch. */
  validation: Example[];
  /** The test examples, only for evaluation. */
  test: Example[];
}

/** A network, its data and its backend. */
export interface Experiment {
  settings: Settings;
  model: Model;
  /** Its weights before training. */
  before: Weights<FloatArray>;
  parts: Parts;
  computing: Computing;
  /** The file that it came from, if one was opened. */
  opened?: string;
  /** Where the data came from, if they are the user's. */
  source?: DataSource;
  /** The user's data, if the network learns from them. */
  own?: OwnData;
}

const MAX_VOCABULARY = 2000; // words sent to the page, to label rows
const SAMPLES = 16;
const SHOWN = 120; // characters shown of a text to continue

/** Returns the description of a network for the page. */
export function readyOf({ settings, model, parts, computing, opened, source }: Experiment): Ready {
  const { config, labels, vocabulary } = model;
  const { train, validation, test } = parts;
  const { isWriting } = taskOf(settings);
  const shorten = (example: Example) =>
    isWriting ? { ...example, text: firstLine(example.text) } : example;
  const some = (examples: readonly Example[]) => {
    const every = Math.max(1, Math.floor(examples.length / (SAMPLES / 2)));
    return examples.filter((_, i) => i % every === every - 1).slice(0, SAMPLES / 2).map(shorten);
  };
  return {
    settings,
    config,
    labels,
    vocabulary: vocabulary.slice(0, MAX_VOCABULARY),
    words: vocabulary.length - 1,
    parameters: Object.values(shapesOf(model)).reduce((sum, [m, n]) => sum + m * n, 0),
    counts: { train: train.length, validation: validation.length, test: test.length },
    samples: [...some(test.length > 0 ? test : validation), ...some(train)],
    written: writtenLabels(model),
    computes: computing.about,
    opened,
    source,
  };
}

/** Returns the first line of a long text, cut off: a whole book is too much for the picture. */
function firstLine(text: string): string {
  if (text.length <= SHOWN) return text;
  const beginning = text.trimStart().slice(0, 2 * SHOWN);
  const [line] = beginning.split(/[\r\n]/, 1);
  return [...line].slice(0, SHOWN).join("");
}
