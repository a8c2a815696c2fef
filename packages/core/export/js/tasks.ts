/**
 * The declarations and exports of an exported module, by task.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import { draw } from "../../language_model/generate.ts";
import { writtenLabels } from "../../language_model/encode.ts";
import type { AnyModel } from "../../model.ts";
import { thresholdsOf } from "../../multi_label/model.ts";
import { argmax, argmaxKnown, logSumExp } from "../../network/loss.ts";
import { quote } from "../../printable.ts";
import { Random, STREAMS } from "../../random.ts";
import type { Model, TaskName } from "../../tasks.ts";
import { BOS, EOS, labelMark } from "../../text/marks.ts";
import { decoderConfig } from "../../translation/network.ts";
import { answerParts, classifierParts, multiLabelParts, taggerParts } from "./companion_parts.ts";
import { networkParts } from "./network_parts.ts";
import { predictNumber } from "./parts/answers.ts";
import * as generating from "./parts/generate.ts";
import { predictSeriesLabel, predictSeriesNumber } from "./parts/series.ts";
import * as translating from "./parts/translate.ts";
import { forecastParts, scaleParts, seriesParts } from "./series_parts.ts";
import { code, type Declarations } from "./source.ts";
import { letterParts, symbolParts, wordParts } from "./text_parts.ts";

/** The contents of an exported module of a task. */
interface JsTask<M extends AnyModel> {
  /** Returns the declarations, besides those that all modules have. */
  parts(model: M): Declarations;
  /** The names of the functions that the module exports, besides `load`. */
  exported: readonly string[];
}

/** The model of a task. */
type ModelOf<N extends TaskName> = Extract<Model, { task: N }>;

const PREDICT = ["predict"];

/** The table of tasks. */
const JS_TASKS: { [N in TaskName]: JsTask<ModelOf<N>> } = {
  classification: {
    exported: PREDICT,
    parts: (model) => ({
      ...networkParts(model.config),
      ...wordParts(model.tokenizer),
      ...classifierParts(model),
    }),
  },
  tagging: {
    exported: PREDICT,
    parts: (model) => ({
      ...networkParts(model.config),
      ...wordParts(model.tokenizer),
      ...taggerParts(model),
      ...letterParts(model.alphabet ?? []),
    }),
  },
  "multi-label": {
    exported: PREDICT,
    parts: (model) => ({
      ...networkParts(model.config),
      ...wordParts(model.tokenizer),
      ...multiLabelParts(model),
      THRESHOLDS: thresholdsOf(model),
    }),
  },
  regression: {
    exported: PREDICT,
    parts: (model) => ({
      ...networkParts(model.config),
      ...wordParts(model.tokenizer),
      ...answerParts(),
      ...scaleParts(model.scale),
      predict: predictNumber,
    }),
  },
  "series-classification": {
    exported: PREDICT,
    parts: (model) => ({
      ...networkParts(model.config),
      ...seriesParts(model),
      predict: predictSeriesLabel,
    }),
  },
  "series-regression": {
    exported: PREDICT,
    parts: (model) => ({
      ...networkParts(model.config),
      ...seriesParts(model),
      ...scaleParts(model.scale),
      predict: predictSeriesNumber,
    }),
  },
  forecast: {
    exported: PREDICT,
    parts: (model) => ({ ...networkParts(model.config), ...forecastParts(model) }),
  },
  "language-model": {
    exported: ["generate"],
    parts(model) {
      const { config, vocabulary } = model, written = writtenLabels(model);
      return {
        ...networkParts(config),
        ...symbolParts(model),
        ...generating,
        ...{ draw, argmax, argmaxKnown, Random, SAMPLE: STREAMS.sample },
        END: vocabulary.indexOf(EOS),
        START: vocabulary.indexOf(BOS),
        STARTS: written.map((label) => [label, vocabulary.indexOf(labelMark(label))]),
        startOf: written.length > 0 ? generating.labelStart : generating.plainStart,
      };
    },
  },
  translate: {
    exported: PREDICT,
    parts: (model) => ({
      ...networkParts(decoderConfig(model.config)),
      ...symbolParts(model),
      ...translating,
      demand: generating.demand,
      logSumExp,
      halves: code("once(() => halvesOf(tensors()))"),
      lookBack: "Wc" in model.weights ? translating.attend : translating.stateAlone,
      predict: translating.translate,
    }),
  },
};

/**
 * Returns the contents of a model's module.
 *
 * @throws {InputError} If the model's task is not one of Unroll's own.
 */
export function jsTaskOf(model: Model): JsTask<Model> {
  const { task } = model;
  if (Object.hasOwn(JS_TASKS, task)) return JS_TASKS[task] as JsTask<AnyModel> as JsTask<Model>;
  throw new InputError(`models of the task ${quote(task)} cannot be exported to JavaScript`);
}
