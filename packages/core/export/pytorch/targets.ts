/**
 * The table of the tasks that `train.py` trains.
 *
 * @module
 */
import { meanWeightOf, settleLabelWeights } from "../../classification/label_weights.ts";
import { refuseLabelWeights } from "../../network/crf.ts";
import { inputWidth } from "../../series_classification/features.ts";
import { numberIn } from "../../regression/number.ts";
import type { Model, TaskName } from "../../tasks.ts";
import type { EncodedExample, EncodedSet } from "../../training/encoded.ts";
import type { EncodedSeries } from "../../series_classification/encode.ts";
import type { Window } from "../../forecast/windows.ts";
import type { Sequence } from "../../sequence.ts";
import type { SettledOptions } from "../../training/settled.ts";
import type { ExportedFile } from "../exported_file.ts";
import { forecastParts } from "./forecast_script.ts";
import {
  bitsOfNumbers,
  documents,
  seriesOf,
  type ShardExample,
  shardsOf,
  spellingsIn,
  wordsAndLabels,
} from "./shards.ts";
import { pairParts, streamParts } from "./symbol_scripts.ts";
import {
  labelParts,
  labelSetParts,
  numberParts,
  type OwnParts,
  seriesLabelParts,
  seriesNumberParts,
  tagParts,
} from "./text_scripts.ts";

/** How `train.py` trains the models of a task. */
export interface TorchTask<M extends Model, Encoded> {
  /** Returns the model without the parts that belong to its old weights, such as calibration. */
  bare(model: M): M;
  /** Returns the task-specific parts of the script. */
  parts(model: M, options: SettledOptions, examples: Sequence<Encoded>): OwnParts;
  /** Returns examples as files whose names begin with `name`. */
  data(name: string, examples: Sequence<Encoded>, model: M): Iterable<ExportedFile>;
  /** Returns how `train.py` differs from `train`, one sentence each. Default: none. */
  differences?(model: M): string[];
}

type ModelOf<Name extends TaskName> = Extract<Model, { task: Name }>;

/** The type of each task's encoded examples. */
interface EncodedOf {
  "classification": EncodedExample;
  "tagging": EncodedExample;
  "multi-label": EncodedExample;
  "regression": EncodedExample;
  "language-model": EncodedExample;
  "translate": EncodedExample;
  "forecast": Window;
  "series-classification": EncodedSeries;
  "series-regression": EncodedSeries;
}

type TorchTasks = { [Name in TaskName]: TorchTask<ModelOf<Name>, EncodedOf[Name]> };

const asWords = (name: string, set: EncodedSet) => shardsOf(name, wordsAndLabels(set));

const scaled = (
  { scale: { mean, deviation } }: ModelOf<"regression"> | ModelOf<"series-regression">,
  labels: Int32Array,
) => bitsOfNumbers([(numberIn(labels) - mean) / deviation]);

const varied = ({ noise, stretch }: { noise: number; stretch: number }) =>
  noise > 0 || stretch > 0
    ? ["Series are not augmented with noise and stretching, unlike in training here."]
    : [];

/** Returns label weights with a mean of 1 over all targets, or undefined without label weights. */
function weightsOf(
  labels: readonly string[],
  { labelWeights }: SettledOptions,
  examples: Iterable<Pick<EncodedExample, "labels">>,
): number[] | undefined {
  if (labelWeights === null) return undefined;
  const counts = labels.map(() => 0);
  for (const example of examples) for (const label of example.labels) counts[label]++;
  const weights = settleLabelWeights(labelWeights, labels, counts)!;
  const mean = meanWeightOf(weights, counts);
  return weights.map((weight) => weight / mean);
}

const widthOf = (model: Parameters<typeof inputWidth>[0]) => inputWidth(model);

function* series(
  set: Sequence<EncodedSeries>,
  learned: (labels: Int32Array) => Int32Array,
): Generator<ShardExample> {
  for (const { inputs, labels } of set) {
    yield { read: bitsOfNumbers(inputs), learned: learned(labels) };
  }
}

/** How `train.py` trains the models of each task. */
export const TORCH_TASKS: TorchTasks = {
  "classification": {
    bare: ({ linear: _, calibration: __, ...model }) => model,
    parts({ config, vocabulary, labels }, options, examples) {
      const weights = weightsOf(labels, options, examples);
      return labelParts(config, vocabulary.length, labels.length, weights);
    },
    data: asWords,
  },
  "tagging": {
    bare: ({ linear: _, calibration: __, ...model }) => model,
    parts: ({ config, vocabulary, labels, alphabet = [] }, options, examples) => {
      if (config.crf) refuseLabelWeights(options.labelWeights);
      const weights = weightsOf(labels, options, examples);
      return tagParts(config, vocabulary.length, labels.length, alphabet.length, weights);
    },
    *data(name, set, { alphabet }) {
      yield* shardsOf(name, wordsAndLabels(set));
      if (alphabet) yield* shardsOf(`${name}-letters`, spellingsIn(set));
    },
  },
  "multi-label": {
    bare: ({ linear: _, calibration: __, thresholds: ___, ...model }) => model,
    parts: ({ config, vocabulary, labels }) =>
      labelSetParts(config, vocabulary.length, labels.length),
    data: asWords,
  },
  "regression": {
    bare: (model) => model,
    parts: ({ config, vocabulary, loss }) => numberParts(config, vocabulary.length, loss),
    data: (name, set, model) =>
      shardsOf(
        name,
        (function* () {
          for (const { words, labels } of set) {
            yield { read: words, learned: scaled(model, labels) };
          }
        })(),
      ),
  },
  "language-model": {
    bare: (model) => model,
    parts: ({ config, vocabulary, labels }, { timeSteps }) =>
      streamParts(config, vocabulary.length, labels.length, timeSteps ?? 50),
    data: (name, set) => shardsOf(name, documents(set)),
  },
  "translate": {
    bare: (model) => model,
    parts: ({ config, vocabulary, labels, attention }) =>
      pairParts(config, vocabulary.length, labels.length, attention === "dot"),
    data: asWords,
  },
  "forecast": {
    bare: ({ blend: _, band: __, ...model }) => model,
    parts: forecastParts,
    data: seriesOf,
  },
  "series-classification": {
    bare: (model) => model,
    parts: (model, options, examples) =>
      seriesLabelParts(
        model.config,
        widthOf(model),
        model.labels.length,
        weightsOf(model.labels, options, examples),
      ),
    data: (name, set) => shardsOf(name, series(set, (labels) => labels)),
    differences: varied,
  },
  "series-regression": {
    bare: (model) => model,
    parts: (model) => seriesNumberParts(model.config, widthOf(model), model.loss),
    data: (name, set, model) => shardsOf(name, series(set, (labels) => scaled(model, labels))),
    differences: varied,
  },
};
