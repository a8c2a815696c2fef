/**
 * Recurrent networks that train on the user's own machine: the network, its loss and its
 * gradients, written against an abstract tensor interface that backends implement.
 *
 * @example Learn from four sentences, and ask about a fifth
 * ```ts
 * import { createModel, predict, train } from "@unroll/core";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assertEquals } from "@std/assert";
 *
 * const backend = createCpuBackend();
 * const examples = [
 *   { text: "good", label: "positive" },
 *   { text: "not bad", label: "positive" },
 *   { text: "bad", label: "negative" },
 *   { text: "not good", label: "negative" },
 * ];
 * const model = createModel(examples, { hidden: 16, init: "scaled" });
 * for await (const event of train(backend, model, examples)) {
 *   if (event.type === "epoch" && event.epoch % 100 === 0) console.log(event.train);
 * }
 * const [verdict] = await predict(backend, model, ["Not bad!"]);
 * assertEquals(verdict.label, "positive");
 * ```
 *
 * @module
 */
export * from "./backend.ts";
export {
  type DataFormat,
  type DataKind,
  decodeText,
  type Example,
  MAX_TEXT_LENGTH,
  parseExamples,
  type ParseOptions,
} from "./data/examples.ts";
export { type Survey, surveyExamples, type SurveyProblem } from "./data/survey.ts";
export { readWordVectors, type WordVectors } from "./data/word_vectors.ts";
export * from "./errors.ts";
export {
  evaluate,
  type Evaluation,
  type LabelMetrics,
  type Metrics,
  predict,
  type Verdict,
  type WrongVerdict,
} from "./evaluate.ts";
export type { Init } from "./init.ts";
export { createLanguageModel, type LanguageModelOptions } from "./language_model/model.ts";
export { writtenLabels } from "./language_model/encode.ts";
export { generate, type GenerateOptions } from "./language_model/generate.ts";
export { evaluateLanguageModel } from "./language_model/measure.ts";
export {
  type Attention,
  createModel,
  type Model,
  type ModelOptions,
  shapesOf,
  splitExamples,
  type Task,
} from "./model.ts";
export { readCheckpoint, writeCheckpoint } from "./checkpoint_file.ts";
export { readModel, writeModel } from "./model_file.ts";
export {
  ARTICLE_NETWORK,
  type Head,
  type NetworkConfig,
  type Weights,
  weightShapes,
} from "./network_config.ts";
export type { OptimizerName, OptimizerOptions, Slots } from "./optimizer.ts";
export { type Ops, opsOf } from "./ops.ts";
export { displayWidth, printable, quote } from "./printable.ts";
export { Random } from "./random.ts";
export type { ByteSource } from "./safetensors.ts";
export type { Schedule, ScheduleName, ScheduleOptions } from "./schedule.ts";
export { Scopes } from "./scopes.ts";
export { createTranslationModel, type TranslationModelOptions } from "./seq2seq/model.ts";
export {
  evaluateTranslation,
  translate,
  type TranslateOptions,
  type Translation,
  type TranslationEvaluation,
} from "./seq2seq/translate.ts";
export { splitSymbols, type SymbolUnit } from "./text/symbols.ts";
export { tokenize, type TokenizerOptions } from "./text/tokenizer.ts";
export { train, type TrainEvent } from "./train.ts";
export { type SettledOptions, settleOptions, type TrainOptions } from "./train_options.ts";
export type { Checkpoint } from "./checkpoint.ts";
export type { Progress } from "./progress.ts";
export type { CellName } from "./cells/cell.ts";
export { type Tag, tag } from "./tag.ts";
export { gradientNorms, type TextTrace, traceText } from "./trace.ts";
export { type GradientTrace, traceGradients, type WeightGradient } from "./trace_gradients.ts";
export { type CellTrace, type StepTrace, traceSteps } from "./trace_steps.ts";
export { traceWords } from "./trace_words.ts";
export {
  recommend,
  type Recommendation,
  recommendLanguageModel,
  recommendTranslation,
} from "./recommend.ts";
export { splitDocuments } from "./language_model/split.ts";
