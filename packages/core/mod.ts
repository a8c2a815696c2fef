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
} from "./classification/evaluate.ts";
export type { Init } from "./network/init.ts";
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
export { readCheckpoint, writeCheckpoint } from "./files/checkpoint_file.ts";
export { readModel, writeModel } from "./files/model_file.ts";
export {
  ARTICLE_NETWORK,
  type Head,
  type NetworkConfig,
  type Weights,
  weightShapes,
} from "./network/config.ts";
export type { OptimizerName, OptimizerOptions, Slots } from "./training/optimizer.ts";
export { type Ops, opsOf } from "./ops/checked_ops.ts";
export { displayWidth, printable, quote } from "./printable.ts";
export { Random } from "./random.ts";
export type { ByteSource } from "./files/safetensors.ts";
export type { Schedule, ScheduleName, ScheduleOptions } from "./training/schedule.ts";
export { Scopes } from "./ops/scopes.ts";
export { createTranslationModel, type TranslationModelOptions } from "./translation/model.ts";
export {
  evaluateTranslation,
  translate,
  type TranslateOptions,
  type Translation,
  type TranslationEvaluation,
} from "./translation/predict.ts";
export { splitSymbols, type SymbolUnit } from "./text/symbols.ts";
export { tokenize, type TokenizerOptions } from "./text/tokenizer.ts";
export { train, type TrainEvent } from "./training/train.ts";
export { type SettledOptions, settleOptions, type TrainOptions } from "./training/options.ts";
export type { Checkpoint } from "./training/checkpoint.ts";
export type { Progress } from "./training/progress.ts";
export type { CellName } from "./network/cells/cell.ts";
export { type Tag, tag } from "./tagging/predict.ts";
export { gradientNorms, type TextTrace, traceText } from "./inspection/states.ts";
export { type GradientTrace, traceGradients, type WeightGradient } from "./inspection/gradients.ts";
export { type CellTrace, type StepTrace, traceSteps } from "./inspection/steps.ts";
export { traceWords } from "./inspection/words.ts";
export {
  recommend,
  type Recommendation,
  recommendLanguageModel,
  recommendTranslation,
} from "./recommend.ts";
export { splitDocuments } from "./language_model/split.ts";
