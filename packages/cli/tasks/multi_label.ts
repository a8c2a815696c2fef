/**
 * The task of multi-label classification: any number of labels for a text.
 *
 * @module
 */
import {
  createMultiLabelClassifier,
  evaluate,
  type Example,
  firstItems,
  InputError,
  type MultiLabelModel,
  predict,
  quote,
  type Sequence,
  splitExamples,
} from "@unroll/core";
import { readLabeled } from "../files/files.ts";
import { vocabularyOf } from "../output/label_review.ts";
import { figure, LABEL, percent, printable, printJson, table, warn } from "../output/terminal.ts";
import { countsOf, nameOf, SET_NAMES } from "../output/train_report.ts";
import { classification } from "./classification.ts";
import {
  LABEL_HELP,
  labelColumns,
  labelSummary,
  lackOf,
  planLabels,
  predictHint,
  tokenizerOf,
} from "./labels.ts";
import type { ColumnSettings } from "../flags/run_flags.ts";
import { ASKED, typicalTables } from "../output/typical_view.ts";
import { markTexts, whyNames, whyValues } from "../output/why_view.ts";
import { omitUndefined } from "./plan.ts";
import {
  describe,
  describeMistakes,
  describePredictions,
  labelTable,
  predictionRecord,
  printPrediction,
  thresholdText,
} from "./multi_label_view.ts";
import { compareParts, partFacts, withLabelSetBaseline } from "./multi_label_validation.ts";
import { serveTexts } from "./serving.ts";
import type { Task } from "./task.ts";

const SHOWN = 5; // printed predictions and mistakes
const DEFAULT = ";";
// Flags of the other models of the same task.
const OF_OTHERS = ["time-steps"] as const;

/** The columns, and the separator of labels for a new model. */
type MultiLabelColumns = ColumnSettings & { "multi-label"?: string };

type Options = Parameters<typeof createMultiLabelClassifier>[1];

/** The task `classification` with a separator of labels: any number of labels for a text. */
export const multiLabel: Task<MultiLabelModel> = {
  name: classification.name,
  isAsked: (settings) => settings["multi-label"] !== undefined,
  models: "multi-label",
  usage: classification.usage,
  flags: classification.flags,
  help: { ...LABEL_HELP, examples: ['train --data mails.csv --multi-label ";"'] },
  takesOver: true,
  read: readLabeled,
  about: ({ "multi-label": separator, ...columns }: MultiLabelColumns) => (
    { ...labelColumns(columns), labels: "several", separator }
  ),
  reading: (settings, known) =>
    known ?? {
      task: "multi-label",
      tokenizer: tokenizerOf(settings, {}),
      separator: settings["multi-label"] ?? DEFAULT,
    },
  async plan(all, settings, known) {
    const { "multi-label": separator = DEFAULT, threshold, seed } = settings;
    for (const flag of OF_OTHERS) {
      if (settings[flag] === undefined) continue;
      throw new InputError(`--${flag}: is for texts with one label each, not for --multi-label`);
    }
    const plan = await planLabels(all, settings, known, {
      split: (fraction) => splitExamples(all, fraction, { seed, byLabel: false }),
      tokenizer: {},
      create: (examples, options) => {
        const own = omitUndefined({ separator, threshold });
        return createMultiLabelClassifier(examples, { ...options, ...own } as Options);
      },
    });
    const own = withLabelSetBaseline(plan, all, settings);
    const message = withoutSeparator(plan.examples, plan.model.separator);
    if (message === undefined) return own;
    warn(`warning: ${message}`);
    const record = { type: "warning", kind: "no-separator", message, count: plan.examples.length };
    return {
      ...own,
      notes: { lines: plan.notes?.lines ?? [], records: [...plan.notes?.records ?? [], record] },
    };
  },
  adjusted: ({ thresholds: _, ...model }, { threshold = model.threshold }) => (
    { ...model, threshold }
  ),
  table: (model, sets) => ({
    start: `Training ${nameOf(model)} on ${countsOf("sentences", sets)}: ` +
      `${vocabularyOf(model)}, ${model.labels.length} labels, any number of them ` +
      "per sentence.",
    record: { words: model.vocabulary.length - 1, labels: model.labels },
    unit: "sentences",
    columns: ["loss", "exact"],
    cells: ({ loss, exact }) => [figure(loss, 4), percent(exact)],
  }),
  async results(backend, model, measured, on) {
    const some = firstItems(measured, SHOWN);
    const predictions = await predict(backend, model, some.map(({ text }) => text));
    const output = describePredictions(predictions, some);
    if (on === undefined) return output;
    const evaluation = await evaluate(backend, model, measured);
    const sentences = measured.length, { loss: _, labels: __, ...figures } = evaluation;
    return {
      lines: [
        ...output.lines,
        "",
        ...compareParts(evaluation, model),
        ...describe(evaluation, `${SET_NAMES[on]} (${sentences} sentences)`, model),
        ...describeMistakes(evaluation),
      ],
      records: [...output.records, { type: "review", on, sentences, ...figures }],
    };
  },
  async report(backend, model, measured) {
    const evaluation = await evaluate(backend, model, measured);
    const { exact, micro, macroF1, loss, majority, mistakes } = evaluation;
    const marked = await markTexts(backend, model, mistakes.map(({ text }) => ({ text })));
    const names = (labels: readonly string[]) => labels.join(`${model.separator} `) || "(none)";
    const some = firstItems(measured, ASKED);
    const answers = await predict(backend, model, some.map(({ text }) => text));
    const right = answers.filter(({ labels }, i) => isSet(labels, some[i], model))
      .flatMap(({ text, labels: [label], probabilities }) =>
        label === undefined ? [] : [{ text, label, probability: probabilities[label] }]
      );
    return {
      facts: [
        ["Prediction from", model.config.head],
        ["Vocabulary", vocabularyOf(model)],
        ["Labels", `${model.labels.length}, any number of them per sentence`],
        [model.thresholds ? "Thresholds" : "Threshold", thresholdText(model)],
        ["Evaluated on", `${measured.length} sentences`],
        ["Exact match", percent(exact)],
        ["F1, micro and macro", `${percent(micro.f1)} and ${percent(macroF1)}`],
        [
          "Baseline: the most frequent set",
          `exact match ${percent(majority.exact)}, micro F1 ${percent(majority.f1)} (${
            printable(names(majority.labels), LABEL)
          })`,
        ],
        ...partFacts(evaluation),
        ["Loss (nats for each label)", figure(loss, 4)],
      ],
      accuracyName: "Exact match",
      figure: "exact",
      tables: [
        { title: "Labels", ...labelTable(evaluation) },
        ...(mistakes.length === 0 ? [] : [{
          title: "Largest losses",
          head: ["predicted", "actual", "text"],
          rows: mistakes.map(({ text, actual, predicted }, i) => [
            names(predicted),
            names(actual),
            marked[i] ?? printable(text, 300),
          ]),
        }]),
        ...await typicalTables(backend, model, right),
      ],
    };
  },
  hint: predictHint,
  async evaluate(backend, model, examples) {
    const evaluation = await evaluate(backend, model, examples), sentences = examples.length;
    const { head, rows, isCut } = labelTable(evaluation);
    return {
      lines: [
        ...compareParts(evaluation, model),
        ...describe(evaluation, `${sentences} sentences`, model),
        "",
        ...table([head, ...rows], [0]),
        ...(isCut
          ? [`The ${rows.length} most frequent of ${model.labels.length} labels; --json has all.`]
          : []),
        "",
        ...describeMistakes(evaluation),
      ],
      records: [{ sentences, ...evaluation }],
    };
  },
  predict: {
    flags: [...classification.predict!.flags!, "threshold"],
    models: "a multi-label model",
    printer(predictor, { json, explain }) {
      return async (texts, placeOf) => {
        let isAnswered = true;
        const answers = await predictor.predict(texts);
        const why = await explain?.(texts, answers) ?? [];
        for (const [i, prediction] of answers.entries()) {
          const problem = lackOf(prediction, predictor.model);
          if (problem !== undefined) isAnswered = false;
          if (json) printJson(predictionRecord(prediction, problem, why[i]));
          else if (problem === undefined) printPrediction(prediction, why[i]);
          else warn(`error: ${placeOf(i)}${problem}`);
        }
        return isAnswered;
      };
    },
    columns(predictor, { probabilities: hasAll, explain }) {
      const { labels, separator } = predictor.model;
      const all = hasAll ? labels : [];
      return {
        names: ["labels", ...all.map((label) => `probability_${label}`), ...whyNames(explain)],
        batch: 1000,
        async answer(texts) {
          const answers = await predictor.predict(texts);
          const why = await explain?.(texts, answers) ?? [];
          return answers.map((prediction, i) => {
            const problem = lackOf(prediction, predictor.model);
            if (problem !== undefined) return { problem };
            const { labels: given, probabilities } = prediction;
            const each = all.map((label) => probabilities[label]);
            return { values: [given.join(separator), ...each, ...whyValues(why[i])] };
          });
        },
      };
    },
  },
  serve: serveTexts<MultiLabelModel>({
    async answer(predictor, texts) {
      const { model } = predictor, answers = await predictor.predict(texts);
      return answers.map((each) => predictionRecord(each, lackOf(each, model)));
    },
  }),
  summary: (model) => ({
    ...labelSummary(model),
    separator: model.separator,
    threshold: model.threshold,
    ...(model.thresholds && { thresholds: model.thresholds }),
  }),
};

/** Returns whether labels equal those of an example. */
function isSet(
  labels: readonly string[],
  { label = "" }: Example,
  { separator }: MultiLabelModel,
): boolean {
  const actual = new Set(label.split(separator).map((each) => each.trim()).filter(Boolean));
  return actual.size === labels.length && labels.every((each) => actual.has(each));
}

/** Returns a warning if no example's label contains the separator. */
function withoutSeparator(examples: Sequence<Example>, separator: string): string | undefined {
  if (someHave(examples, separator)) return undefined;
  const other = OTHERS.find((mark) => someHave(examples, mark));
  const cure = other === undefined
    ? "--multi-label sets the separator"
    : `but labels contain ${quote(other)}; if that is the separator, give --multi-label "${other}"`;
  return `no label contains ${quote(separator)}, so each text has at most one label; ${cure}`;
}

const OTHERS = [";", "|", ",", "/", "+"]; // other likely separators

function someHave(examples: Sequence<Example>, mark: string): boolean {
  for (const { label = "" } of examples) if (label.includes(mark)) return true;
  return false;
}
