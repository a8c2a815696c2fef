/**
 * How good classifiers and taggers are: what is printed, and the parts of a page.
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
import { compareLinear, describeTrust } from "../output/label_certainty.ts";
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
import { markTexts } from "../output/why_view.ts";
import { interesting } from "./interesting.ts";
import type { LabelModel } from "./labels.ts";
import { describeEntities, describeTypes, entityFacts, entityTables } from "./entity_view.ts";

/** How many words were measured, where each has a label. */
export type CountWords = (evaluation: Evaluation) => number | undefined;

/** Each text has one label. */
export const noWords: CountWords = () => undefined;

/** Each word has a label. */
export const allWords: CountWords = ({ labels, unseen = [] }) =>
  wordsIn(labels) + unseen.reduce((sum, { count }) => sum + count, 0);

/** How well entities were found, where labels mark any. */
function entitiesIn(evaluation: Evaluation | TaggingEvaluation): EntityEvaluation | undefined {
  return "entities" in evaluation ? evaluation.entities : undefined;
}

/** Predictions, and a review of the set that they are of. */
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
  // What was learned says nothing about which is better.
  const comparison = on === "training" ? undefined : compareLinear(evaluation, mixedWith(model));
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
  const set = `${SET_NAMES[on]} (${describeCount(sentences, words)})`;
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

/** What the evaluate command prints. */
export async function evaluateLabels(
  backend: Backend,
  model: LabelModel,
  examples: Sequence<Example>,
  countWords: CountWords,
): Promise<Output> {
  const evaluation = await evaluate(backend, model, examples);
  const sentences = examples.length, words = countWords(evaluation);
  const entities = entitiesIn(evaluation);
  const comparison = compareLinear(evaluation, mixedWith(model));
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

/** How a model's answers are made, where it says so. */
function calibrationOf(model: LabelModel): LabelCalibration | undefined {
  return "calibration" in model ? model.calibration : undefined;
}

/** What a linear model counts in a model's answers. */
function mixedWith(model: LabelModel): number {
  return calibrationOf(model)?.linear ?? 0;
}

/** The level of trust, for a page. */
function trustFact({ trust }: Partial<LabelCalibration> = {}): [string, string][] {
  return trust ? [["Check answers below", percent(trust.probability)]] : [];
}

const TRACES = 4; // sentences whose states are drawn
const WORDS = 61; // of each: one more than the page shows, so that it can say so

/** The parts of a page. */
export async function reportLabels(
  backend: Backend,
  model: LabelModel,
  measured: Sequence<Example>,
  countWords: CountWords,
): Promise<ReportParts> {
  const evaluation = await evaluate(backend, model, measured);
  const { config, labels } = model;
  const { confusion, confused, mistakes } = evaluation;
  const marked = await markTexts(backend, model, mistakes.map(({ text }) => text));
  const wrong = new Set(mistakes.slice(0, 2).map(({ text }) => text));
  const traces: TraceRow[] = [];
  for (const { text, label = "" } of interesting(measured, wrong, { wrong: 2, all: TRACES })) {
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
      ["Measured on", describeCount(measured.length, countWords(evaluation))],
      ...reviewFacts(evaluation),
      ...entityFacts(entitiesIn(evaluation)),
      ...trustFact(calibrationOf(model)),
    ],
    tables: entityTables(entitiesIn(evaluation)),
    labels,
    confusion,
    confused,
    mistakes: mistakes.map((mistake, i) => ({ ...mistake, marked: marked[i] })),
    traces,
  };
}
