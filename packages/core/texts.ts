/**
 * All of `@unroll/core` except the tasks on numbers: for web pages, where every kilobyte delays the
 * first view.
 *
 * @example
 * ```ts
 * import { createModel } from "@unroll/core/texts";
 * import { assertEquals } from "@std/assert";
 *
 * const model = createModel([{ text: "good", label: "up" }, { text: "bad", label: "down" }]);
 * assertEquals(model.labels, ["down", "up"]);
 * ```
 *
 * @module
 */
export * from "./backend.ts";
export type { LinearClassifier } from "./baseline/linear.ts";
export type { Mix } from "./baseline/mixing.ts";
export type { LinearTagger } from "./baseline/linear_tagger.ts";
export type { FeatureKind, NgramKind } from "./baseline/ngrams.ts";
export type { NgramIndex } from "./baseline/tfidf.ts";
export {
  calibrationError,
  type Interval,
  type TrustLevel,
  wilsonInterval,
} from "./classification/certainty.ts";
export type { Companions, LabelCalibration } from "./classification/combine.ts";
export type { TaggerCompanions } from "./tagging/combine.ts";
export type { Evaluation, LabelMetrics, Mistake } from "./classification/evaluate.ts";
export type { ClassificationModel, ModelOptions } from "./classification/model.ts";
export type { Prediction } from "./classification/predict.ts";
export { createModel } from "./create_model.ts";
export {
  type Example,
  MAX_TEXT_LENGTH,
  parseExamples,
  type ParseOptions,
} from "./data/examples.ts";
export { type DataKind, type DataReading, describeReading } from "./data/reading.ts";
export {
  createExampleReader,
  type DataBeginning,
  type DataProblem,
  type ExampleReader,
  type ExampleReaderOptions,
} from "./data/example_reader.ts";
export { createDecoder, decodeText, type StreamDecoder } from "./data/decode.ts";
export type { Dialect } from "./data/csv.ts";
export { QUOTES, type Quotes } from "./data/escapes.ts";
export {
  DATA_FORMATS,
  type DataFormat,
  formatByName,
  type FormatDescription,
  isTableFormat,
} from "./data/formats.ts";
export { detectFormat, guessFormat } from "./data/guess_format.ts";
export { type Dataset, isDataset, type TokenJoiner } from "./data/dataset.ts";
export { countSymbols, wordCounts } from "./data/token_counts.ts";
export { repeatWarning } from "./data/repeats.ts";
export { type Split, splitExamples } from "./data/split.ts";
export { type DataReport, inspectData } from "./data/inspect_data.ts";
export type { Field } from "./data/records.ts";
export {
  createRowReader,
  type DataRow,
  type DataRowReader,
  type DataRows,
  readRows,
  type RowOptions,
  type RowReaderOptions,
} from "./data/table_rows.ts";
export {
  type DataWarning,
  dataWarnings,
  type ExampleWatch,
  type LabelKind,
  testWarnings,
  unknownWarning,
  type WarningOptions,
  watchExamples,
} from "./data/warnings.ts";
export { otherLook } from "./data/looks.ts";
export {
  readWordVectors,
  type WordVectors,
  type WordVectorsFile,
  type WordVectorsOptions,
} from "./data/word_vectors.ts";
export { writeHeader, type WriteOptions, writeRow } from "./data/write_table.ts";
export * from "./errors.ts";
export { readCheckpoint, writeCheckpoint } from "./files/checkpoint_file.ts";
export { readModel, writeModel } from "./files/model_file.ts";
export type { ByteSource } from "./files/safetensors.ts";
export { type GradientTrace, traceGradients, type WeightGradient } from "./inspection/gradients.ts";
export { gradientNorms } from "./inspection/gradient_norms.ts";
export { type LayerOptions, type LayerStates, traceStates } from "./inspection/layer_states.ts";
export { type MemoryTrace, traceMemory } from "./inspection/memory.ts";
export { nextBatch } from "./inspection/next_batch.ts";
export { type TextTrace, traceText } from "./inspection/states.ts";
export { type CellTrace, type StepTrace, traceSteps } from "./inspection/steps.ts";
export { traceWords } from "./inspection/words.ts";
export { writtenLabels } from "./language_model/encode.ts";
export type { GenerateOptions } from "./language_model/generate.ts";
export type { LanguageModelEvaluation } from "./language_model/measure.ts";
export {
  createLanguageModel,
  type LanguageModel,
  type LanguageModelOptions,
} from "./language_model/model.ts";
export { splitDocuments } from "./language_model/split.ts";
export {
  type AnyModel,
  type AskedOf,
  type ExampleOf,
  networkWeights,
  type SeriesModel,
  type Shell,
} from "./model.ts";
export type { DataColumns } from "./series/columns.ts";
export { CELL_NAMES, type CellName, cellOf, CELLS } from "./network/cells/cells.ts";
export type { Cell, CellGradients, CellWeights, State, Trace } from "./network/cells/cell.ts";
export { ARTICLE_NETWORK, type Head, type NetworkConfig } from "./network/config.ts";
export type { Init } from "./network/init.ts";
export { weightShapes } from "./network/shapes.ts";
export { textLimitOf } from "./network/text_limit.ts";
export type { StoredTensor } from "./network/torch_names.ts";
export type { Weights } from "./network/weights.ts";
export { opsOf } from "./ops/checked_ops.ts";
export { Scopes } from "./ops/scopes.ts";
export {
  createPredictor,
  evaluate,
  type EvaluationOf,
  generate,
  predict,
  type Predictable,
  type PredictionOf,
  type PredictOptionsOf,
  type Predictor,
} from "./predictor.ts";
export { displayWidth, printable, quote } from "./printable.ts";
export { Random } from "./random.ts";
export {
  recommend,
  type Recommendation,
  recommendLanguageModel,
  recommendTranslation,
} from "./recommend.ts";
export { recommendTagger } from "./recommend_tagger.ts";
export type { Asked, ExplainedText, OnDevice, OutputMix, Target, TaskReasons } from "./reasons.ts";
export { firstItems, type Sequence } from "./sequence.ts";
export type { Stream, StreamStep } from "./stream.ts";
export type { EntityEvaluation, EntityMetrics, TagScheme } from "./tagging/entities.ts";
export type { TaggingModel } from "./tagging/model.ts";
export type { Tag } from "./tagging/predict.ts";
export type { TaggingEvaluation } from "./tagging/task.ts";
export type {
  EncodeOptions,
  Fail,
  InspectedPass,
  Metadata,
  Reading,
  SpelledIds,
  Task,
  TaskFile,
  TaskInspection,
  TaskReader,
  TaskStream,
  Uploaded,
} from "./task.ts";
export {
  type AnyTask,
  buildDataset,
  type DatasetBuilder,
  type Model,
  readerOf,
  shapesOf,
  splitUsable,
  type TaskName,
  type TaskOptions,
  type Usable,
} from "./tasks.ts";
export { stripHtml } from "./text/html.ts";
export type { PackedTokens } from "./text/packed_tokens.ts";
export { canRead, type Spelled, type Spellings } from "./text/spellings.ts";
export {
  splitSymbols,
  type SymbolForm,
  type SymbolReader,
  type SymbolUnit,
} from "./text/symbols.ts";
export {
  joinTokens,
  letterTokenizer,
  tokenize,
  type TokenizerOptions,
  tokenizeTruncated,
  tokenUnit,
} from "./text/tokenizer.ts";
export { TRUNCATE, truncate, type Truncation } from "./text/truncate.ts";
export {
  truncationWarning,
  type TruncationWatch,
  watchTruncation,
} from "./data/truncation_warning.ts";
export { fit, type FitResult, settleOptions, train } from "./train.ts";
export type { EncodedExample, EncodedSet } from "./training/encoded.ts";
export type { Checkpoint } from "./training/checkpoint.ts";
export type { TrainEvent } from "./training/events.ts";
export type { Metrics } from "./training/metrics.ts";
export type {
  Clipping,
  OptimizerName,
  OptimizerOptions,
  SettledOptimizer,
  Slots,
} from "./training/optimizer.ts";
export type { FineTuning, RateOf, SettledFineTuning, WeightRate } from "./training/fine_tuning.ts";
export type { OwnTrainOption, TrainOptions } from "./training/options.ts";
export type { SettledOptions } from "./training/settled.ts";
export type { Progress } from "./training/progress.ts";
export type { Schedule, ScheduleName, ScheduleOptions } from "./training/schedule.ts";
export type {
  Epoch,
  Measure,
  Sets,
  StepsSettings,
  TaskRun,
  TrainingTask,
} from "./training/training_task.ts";
export {
  createTranslationModel,
  type TranslationModel,
  type TranslationModelOptions,
} from "./translation/model.ts";
export { DECODED_IN_TRAINING } from "./translation/measure.ts";
export type { Attention } from "./translation/network.ts";
export type {
  TranslateOptions,
  Translation,
  TranslationEvaluation,
} from "./translation/predict.ts";
