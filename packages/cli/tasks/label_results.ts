/**
 * The results of classifiers and taggers: what is printed, and the parts of the HTML report.
 *
 * @module
 */
import {
  type Backend,
  type EntityEvaluation,
  evaluate,
  type Evaluation,
  type Example,
  type LabelCalibration,
  type Sequence,
  type TaggingEvaluation,
  traceText,
} from "@unroll/core";
import { compareLinear, describeTrust, onTokens } from "../output/label_certainty.ts";
import type { ReportParts, TraceRow } from "../output/report_data.ts";
import {
  describeCount,
  describeEvaluation,
  describeReview,
  reviewFacts,
  vocabularyOf,
  wordsIn,
} from "../output/label_review.ts";
import { percent } from "../output/terminal.ts";
import { type Output, SET_NAMES, type SetName } from "../output/train_report.ts";
import { type RightText, typicalTables } from "../output/typical_view.ts";
import { markTexts } from "../output/why_view.ts";
import { interesting } from "./interesting.ts";
import type { LabelModel } from "./labels.ts";
import { describeEntities, describeTypes, entityFacts, entityTables } from "./entity_view.ts";

/** Returns the number of evaluated words, if each word has a label. */
export type CountWords = (evaluation: Evaluation) => number | undefined;

/** For texts with one label each. */
export const noWords: CountWords = () => undefined;

/** For texts with a label for each word. */
export const allWords: CountWords = ({ labels, unseen = [] }) =>
  wordsIn(labels) + unseen.reduce((sum, { count }) => sum + count, 0);

/** Returns the scores of entities, if the labels mark entities. */
function entitiesIn(evaluation: Evaluation | TaggingEvaluation): EntityEvaluation | undefined {
  return "entities" in evaluation ? evaluation.entities : undefined;
}

/** Returns predictions with a review of the set they belong to. */
export async function withReview(
  predictions: Output,
  [backend, model, measured]: [Backend, LabelModel, Sequence<Example>],
  on: SetName | undefined,
  countWords: CountWords,
): Promise<Output> {
  if (on === undefined) return predictions;
  const evaluation = await evaluate(backend, model, measured);
  const { accuracy, majority, confused, mistakes, unseen } = evaluation;
  const { interval, calibrationError, alone } = evaluation;
  // Training examples do not show which model is better.
  const comparison = on === "training"
    ? undefined
    : compareLinear(evaluation, mixedWith(model), linearOf(model));
  const sentences = measured.length, words = countWords(evaluation);
  const record = {
    type: "review",
    on,
    sentences,
    ...(words === undefined ? {} : { words }),
    ...(comparison ? { comparison: comparison.line } : {}),
    ...{ accuracy, interval, calibrationError, alone },
    entities: entitiesIn(evaluation),
    majority,
    confused,
    unseen,
    mistakes,
  };
  const set = `${SET_NAMES[on]} (${describeCount(sentences, words, undefined, model.tokenizer)})`;
  const [first, ...rest] = describeReview(evaluation, set);
  return {
    lines: [
      ...(comparison ? ["", comparison.line] : []),
      ...predictions.lines,
      "",
      first,
      ...describeEntities(entitiesIn(evaluation)),
      ...rest,
    ],
    records: [...predictions.records, record],
  };
}

/** Returns the output of the evaluate command. */
export async function evaluateLabels(
  backend: Backend,
  model: LabelModel,
  examples: Sequence<Example>,
  countWords: CountWords,
): Promise<Output> {
  const evaluation = await evaluate(backend, model, examples);
  const sentences = examples.length, words = countWords(evaluation);
  const entities = entitiesIn(evaluation);
  const comparison = compareLinear(evaluation, mixedWith(model), linearOf(model));
  const { trust } = calibrationOf(model) ?? {};
  const [first, ...rest] = describeEvaluation(
    evaluation,
    sentences,
    words,
    undefined,
    model.tokenizer,
  );
  const line = comparison ? [comparison.line] : [];
  return {
    lines: [
      ...(comparison?.isBeaten ? [...line, first] : [first, ...line]),
      ...describeEntities(entities),
      ...rest,
      ...describeTypes(entities),
      ...describeTrust(trust).flatMap((line) => ["", line]),
    ],
    records: [{
      ...(comparison ? { comparison: comparison.line } : {}),
      ...{ sentences, words, ...evaluation },
      ...(trust ? { trust } : {}),
    }],
  };
}

/** Returns a model's calibration, if it has one. */
function calibrationOf(model: LabelModel): LabelCalibration | undefined {
  return "calibration" in model ? model.calibration : undefined;
}

/** Returns the name of a tagger's linear model; undefined for the usual name of a classifier's. */
function linearOf({ config: { head }, tokenizer }: LabelModel): string | undefined {
  return head === "token" ? onTokens(tokenizer) : undefined;
}

/** Returns the weight of the linear model in a model's predictions. */
function mixedWith(model: LabelModel): number {
  return calibrationOf(model)?.linear ?? 0;
}

/** Returns the probability below which predictions are unsure, for the HTML report. */
function trustFact({ trust }: Partial<LabelCalibration> = {}): [string, string][] {
  return trust ? [["Check predictions below", percent(trust.probability)]] : [];
}

const TRACES = 4; // sentences whose hidden states are drawn
const WORDS = 61; // words per sentence: one more than the page shows, so that it can say so

/**
 * Returns the parts of the HTML report.
 *
 * @param right Correct predictions for some of the examples.
 */
export async function reportLabels(
  backend: Backend,
  model: LabelModel,
  measured: Sequence<Example>,
  countWords: CountWords,
  right: readonly RightText[],
): Promise<ReportParts> {
  const evaluation = await evaluate(backend, model, measured);
  const { config, labels } = model;
  const { confusion, confused, mistakes } = evaluation;
  const marked = await markTexts(backend, model, mistakes);
  const wrong = new Set(mistakes.slice(0, 2).map(({ text }) => text));
  const traces: TraceRow[] = [];
  const traced = model.ensemble ? [] : measured; // each network of an ensemble has its own states
  for (const { text, label = "" } of interesting(traced, wrong, { wrong: 2, all: TRACES })) {
    traces.push({
      text,
      label,
      ...await traceText(backend, model, text, { maxWords: WORDS }),
    });
  }
  return {
    facts: [
      ["Embedding size", config.embedding > 0 ? String(config.embedding) : "one-hot"],
      ["Prediction from", config.head],
      ["Vocabulary", vocabularyOf(model)],
      ["Labels", String(labels.length)],
      [
        "Evaluated on",
        describeCount(measured.length, countWords(evaluation), undefined, model.tokenizer),
      ],
      ...reviewFacts(evaluation, linearOf(model)),
      ...entityFacts(entitiesIn(evaluation)),
      ...trustFact(calibrationOf(model)),
    ],
    tables: [
      ...entityTables(entitiesIn(evaluation)),
      ...await typicalTables(backend, model, right),
    ],
    labels,
    confusion,
    confused,
    mistakes: mistakes.map((mistake, i) => ({ ...mistake, marked: marked[i] })),
    traces,
  };
}
