/**
 * Using a trained model: prediction, text generation and evaluation.
 *
 * @module
 */
import type { Backend, Ops } from "./backend.ts";
import type { Evaluation } from "./classification/evaluate.ts";
import type { ClassificationModel } from "./classification/model.ts";
import type { Prediction } from "./classification/predict.ts";
import type { Sequence } from "./sequence.ts";
import { InputError } from "./errors.ts";
import type { ForecastEvaluation } from "./forecast/evaluate.ts";
import type { ForecastModel } from "./forecast/form.ts";
import type { Forecast, ForecastPredictOptions } from "./forecast/predict.ts";
import { type GenerateOptions, generateSymbols } from "./language_model/generate.ts";
import type { LanguageModelEvaluation } from "./language_model/measure.ts";
import type { LanguageModel } from "./language_model/model.ts";
import { languageModel } from "./language_model/task.ts";
import type { AnyModel, AskedOf, ExampleOf } from "./model.ts";
import type { MultiLabelEvaluation } from "./multi_label/evaluate.ts";
import type { MultiLabelModel } from "./multi_label/model.ts";
import type { MultiLabelPrediction } from "./multi_label/predict.ts";
import { opsOf } from "./ops/checked_ops.ts";
import type { RegressionModel } from "./regression/model.ts";
import type { NumberPrediction, RegressionEvaluation } from "./regression/predict.ts";
import type { SeriesClassificationModel } from "./series_classification/model.ts";
import type { SeriesPrediction } from "./series_classification/predict.ts";
import type { SeriesRegressionModel } from "./series_regression/model.ts";
import type { SeriesNumberPrediction } from "./series_regression/predict.ts";
import { createStream, type Stream } from "./stream.ts";
import type { TaggingModel } from "./tagging/model.ts";
import type { Tag } from "./tagging/predict.ts";
import type { TaggingEvaluation } from "./tagging/task.ts";
import { type Uploaded, uploadModel, weightHandles } from "./task.ts";
import { requireTask, taskOf, type TaskOptions } from "./tasks.ts";
import type { TranslationModel } from "./translation/model.ts";
import type {
  TranslateOptions,
  Translation,
  TranslationEvaluation,
} from "./translation/predict.ts";

/** The result of `predict` for one input, by the model's task. */
export type PredictionOf<M extends AnyModel> = M extends ClassificationModel ? Prediction
  : M extends TaggingModel ? Tag[]
  : M extends TranslationModel ? Translation
  : M extends ForecastModel ? Forecast
  : M extends SeriesClassificationModel ? SeriesPrediction
  : M extends SeriesRegressionModel ? SeriesNumberPrediction
  : M extends RegressionModel ? NumberPrediction
  : M extends MultiLabelModel ? MultiLabelPrediction
  : unknown;

/** The result of `evaluate`, by the model's task. */
export type EvaluationOf<M extends AnyModel> = M extends TaggingModel ? TaggingEvaluation
  : M extends ClassificationModel | SeriesClassificationModel ? Evaluation
  : M extends LanguageModel ? LanguageModelEvaluation
  : M extends TranslationModel ? TranslationEvaluation
  : M extends ForecastModel ? ForecastEvaluation
  : M extends RegressionModel | SeriesRegressionModel ? RegressionEvaluation
  : M extends MultiLabelModel ? MultiLabelEvaluation
  : { loss: number };

/** The options of `predict`, by the model's task. */
export type PredictOptionsOf<M extends AnyModel> = M extends TranslationModel ? TranslateOptions
  : M extends ForecastModel ? ForecastPredictOptions
  : Record<never, never>;

/** A model that `predict` accepts. A language model generates text instead: see `generate`. */
export type Predictable<M extends AnyModel> = M extends LanguageModel ? never : M;

/** A model on a device, for any number of predictions and evaluations. */
export interface Predictor<M extends AnyModel> extends Disposable {
  /** The model. */
  readonly model: M;
  /** Returns a prediction for each text, or for each series if the model reads series. */
  predict(
    texts: M extends LanguageModel ? never : readonly AskedOf<M>[],
    options?: PredictOptionsOf<M>,
  ): Promise<PredictionOf<M>[]>;
  /** Measures how well the model does on examples. */
  evaluate(examples: Sequence<ExampleOf<M>>): Promise<EvaluationOf<M>>;
  /**
   * Creates a stream, which reads one word after another and keeps the hidden state in between.
   *
   * @param label The label to condition on, for a language model that generates text for labels.
   */
  stream(label?: string): Stream;
  /** Frees the weights on the device. Closing twice is not an error. */
  close(): void;
}

const open = new WeakMap<Predictor<never>, () => Uploaded>();

/** Returns the weights of a predictor on its device; throws if the predictor was closed. */
export function uploadedOf<M extends AnyModel>(predictor: Predictor<M>): Uploaded {
  return open.get(predictor as Predictor<never>)!();
}

/**
 * Creates a predictor, which uploads a model's weights once and keeps them until it is closed.
 *
 * @throws {InputError} If the model's task is unknown.
 *
 * @example
 * ```ts
 * import { createModel, createPredictor } from "@unroll/core";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assertEquals } from "@std/assert";
 *
 * const backend = createCpuBackend();
 * const model = createModel([{ text: "good", label: "up" }, { text: "bad", label: "down" }]);
 * {
 *   using predictor = createPredictor(backend, model);
 *   const [first] = await predictor.predict(["very good"]);
 *   const [second] = await predictor.predict(["bad"]);
 *   assertEquals([first.unknownWords, second.unknownWords], [["very"], []]);
 * }
 * assertEquals(backend.live, 0);
 * ```
 */
export function createPredictor<M extends AnyModel>(
  backend: Backend,
  model: M,
  { tasks }: TaskOptions = {},
): Predictor<M> {
  const task = taskOf(model, tasks);
  const ops = opsOf(backend);
  const on = uploadModel(ops, task, model);
  let isOpen = true;
  const uploaded = () => {
    if (isOpen) return on;
    throw new TypeError("this predictor was closed; create another one");
  };
  const close = () => {
    if (isOpen) ops.dispose(weightHandles(on));
    isOpen = false;
  };
  const predictor: Predictor<M> = {
    model,
    async predict(texts, options) {
      if (!task.predict) throw new InputError(task.usage);
      return await task.predict(uploaded(), texts, options) as PredictionOf<M>[];
    },
    async evaluate(examples) {
      return await task.evaluate(uploaded(), examples) as EvaluationOf<M>;
    },
    stream: (label) => createStream(uploaded, task, label),
    close,
    [Symbol.dispose]: close,
  };
  open.set(predictor as Predictor<never>, uploaded);
  return predictor;
}

/**
 * Returns a prediction for each text: a label from a classifier, any number of labels from a
 * multi-label model, a label for each word from a tagger, a number from a regression model, a
 * translation from a translation model; or a forecast, label or number for each series.
 *
 * @throws {InputError} If a text has more than 100,000 characters, except for a classifier that
 *   truncates it or reads it in chunks, as all do except those with several bidirectional layers;
 *   if the model is a language model, or its weights overflow; and for a translation model also if
 *   a text is empty, or the beam width exceeds the number of symbols.
 *
 * @example
 * ```ts
 * import { createModel, predict } from "@unroll/core";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const model = createModel([{ text: "good", label: "up" }, { text: "bad", label: "down" }]);
 * const [prediction] = await predict(createCpuBackend(), model, ["very good"]);
 * assertAlmostEquals(prediction.probabilities.up + prediction.probabilities.down, 1, 1e-6);
 * assertEquals([prediction.words, prediction.unknownWords], [2, ["very"]]);
 * ```
 *
 * @example A tagger
 * ```ts
 * import { createModel, predict } from "@unroll/core";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assertEquals } from "@std/assert";
 *
 * const examples = [{ text: "meet ann at noon", label: "O PERSON O TIME" }];
 * const model = createModel(examples, { cell: "gru", hidden: 8, head: "token" });
 * const [tags] = await predict(createCpuBackend(), model, ["call ann"]);
 * assertEquals(tags.map(({ word, known }) => [word, known]), [["call", false], ["ann", true]]);
 * ```
 */
export async function predict<M extends AnyModel>(
  backend: Backend,
  model: Predictable<M> & M,
  texts: readonly AskedOf<M>[],
  options: PredictOptionsOf<M> & TaskOptions = {} as PredictOptionsOf<M> & TaskOptions,
): Promise<PredictionOf<M>[]> {
  const { tasks, ...own } = options;
  const task = taskOf(model, tasks);
  if (!task.predict) throw new InputError(task.usage);
  return await withPredictor(opsOf(backend), model, { tasks }, (predictor) =>
    predictor.predict(
      texts as Parameters<typeof predictor.predict>[0],
      own as PredictOptionsOf<M>,
    ));
}

/**
 * Measures how well a model does on examples.
 *
 * @throws {InputError} If there are no examples, an example cannot be used, or the model's weights
 *   overflow.
 *
 * @example
 * ```ts
 * import { createModel, evaluate } from "@unroll/core";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assertEquals } from "@std/assert";
 *
 * const examples = [{ text: "good", label: "up" }, { text: "bad", label: "down" }];
 * const { confusion } = await evaluate(createCpuBackend(), createModel(examples), examples);
 * assertEquals(confusion!.flat().reduce((a, b) => a + b), 2);
 * ```
 */
export async function evaluate<M extends AnyModel>(
  backend: Backend,
  model: M,
  examples: Sequence<ExampleOf<M>>,
  { tasks }: TaskOptions = {},
): Promise<EvaluationOf<M>> {
  return await withPredictor(
    opsOf(backend),
    model,
    { tasks },
    (predictor) => predictor.evaluate(examples),
  );
}

/** Runs `fn` with a predictor, and frees the model's weights afterwards. */
async function withPredictor<M extends AnyModel, T>(
  ops: Ops,
  model: M,
  options: TaskOptions,
  fn: (predictor: Predictor<M>) => Promise<T>,
): Promise<T> {
  const predictor = createPredictor(ops, model, options);
  try {
    return await fn(predictor);
  } finally {
    predictor.close(); // no `using`: not every browser and Node.js version supports it yet
  }
}

/**
 * Generates a text that continues a prompt, and yields it in chunks, without the prompt. The hidden
 * state is kept from symbol to symbol, so that each symbol costs the same. State and weights are
 * freed at the end, on an error, and if iteration stops early, by `break` or `return()`.
 *
 * @throws {InputError} If the model has another task, the prompt has unknown symbols, the label is
 *   missing, unknown or not supported, an option is out of range, or the model's weights overflow.
 *
 * @example
 * ```ts
 * import { createLanguageModel, generate, train } from "@unroll/core";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assertEquals } from "@std/assert";
 *
 * const examples = [{ text: "abc".repeat(40) }];
 * const model = createLanguageModel(examples, { cell: "gru", hidden: 16 });
 * const backend = createCpuBackend();
 * const options = { epochs: 30, optimizer: { name: "adam" }, timeSteps: 10 } as const;
 * for await (const _ of train(backend, model, examples, options));
 * let made = "ab";
 * const settings = { prompt: made, length: 7, temperature: 0 };
 * for await (const chunk of generate(backend, model, settings)) made += chunk;
 * assertEquals(made, "abcabcabc");
 * ```
 */
export async function* generate(
  backend: Backend,
  model: LanguageModel,
  options: GenerateOptions = {},
): AsyncGenerator<string, void, void> {
  requireTask(model, languageModel);
  yield* generateSymbols(opsOf(backend), model, options);
}
