/**
 * The task of translating a text into another text.
 *
 * @module
 */
import {
  createTranslationModel,
  DECODED_IN_TRAINING,
  evaluate,
  firstItems,
  InputError,
  predict,
  recommendTranslation,
  splitExamples,
  type Translation,
  type TranslationEvaluation,
  type TranslationModel,
} from "@unroll/core";
import { readPairs } from "../files/files.ts";
import { describeUnknown } from "../output/label_review.ts";
import {
  few,
  figure,
  percent,
  print,
  printable,
  printJson,
  shellWord,
  table,
  TEXT,
  warn,
} from "../output/terminal.ts";
import { countsOf, nameOf, SET_NAMES, type Sets } from "../output/train_report.ts";
import { examplesOf, PAIR } from "./labels.ts";
import { htmlOf, makePlan, omitUndefined, sizedSettings } from "./plan.ts";
import { MAX_BATCH, serveTexts, truth, whole } from "./serving.ts";
import type { PredictSettings, Task } from "./task.ts";
import { reportPairs } from "./translation_report.ts";

const SHOWN = 5; // printed translations and mistakes
const SIDE = 24; // columns of a source or a target
const MAX_BEAM = 32, MAX_TARGET = 1000; // in a request; time grows with the beam width

/** The task `translate`: a target text for each source text. */
export const translation: Task<TranslationModel> = {
  name: "translate",
  models: "translate",
  usage: "use it with deno task predict",
  flags: [
    "source-column",
    "target-column",
    "unit",
    "vocabulary",
    "attention",
    "teacher-forcing",
    "bidirectional",
  ],
  help: {
    examples: ["train --task translate --data pairs.csv --report report.html"],
    about: "1,000 pairs",
    sets: () => [1000, 10, 100_000].map(examplesOf),
    advise(examples) {
      const advice = recommendTranslation(examples);
      return { ...advice, model: createTranslationModel(PAIR, advice.network) };
    },
  },
  read: readPairs,
  about: () => ({ labels: "none" }),
  reading: (settings, known) => {
    const { unit = "characters" } = settings;
    return known ?? { task: "translate", unit, normalization: "NFC", ...htmlOf(settings) };
  },
  plan(all, settings, known) {
    const { cell, activation, layers, dropout, init, seed, unit, attention } = settings;
    const advice = recommendTranslation(all, known?.unit ?? unit);
    const { hidden } = sizedSettings(settings, advice.network);
    const { embedding, bidirectional } = settings;
    const given = omitUndefined({
      cell,
      activation,
      hidden,
      layers,
      dropout,
      recurrentDropout: settings["recurrent-dropout"],
      init,
      embedding,
      unit,
      attention,
      bidirectional: bidirectional && bidirectional === "yes",
      limit: settings.vocabulary,
    });
    return makePlan(all, settings, {
      advice,
      split: (fraction) => splitExamples(all, fraction, { seed, byLabel: false }),
      create: (examples, network) =>
        createTranslationModel(examples, { ...network, ...given, ...htmlOf(settings), seed }),
    }, known);
  },
  settles: ({ unit, attention }) => ({ unit, attention }),
  table: (model, sets) => ({
    start: `Training ${nameOf(model)} to translate, ` +
      `${model.attention === "dot" ? "with" : "without"} attention, on ${
        countsOf("pairs", sets)
      }: ${model.vocabulary.length - 1} different ${model.unit} in the sources, ` +
      `${model.labels.length - 2} in the targets.` +
      (isSampled(sets)
        ? `\nThe exact match of an epoch is measured on ${DECODED_IN_TRAINING} pairs; ` +
          "at the end, on all pairs."
        : ""),
    record: {
      unit: model.unit,
      source: model.vocabulary.length - 1,
      target: model.labels.length - 2,
      ...(isSampled(sets) ? { decoded: DECODED_IN_TRAINING } : {}),
    },
    unit: "pairs",
    columns: ["loss", model.unit, "exact"],
    cells: ({ loss, accuracy, exact }) => [
      figure(loss, 4),
      percent(accuracy),
      exact === undefined ? "" : percent(exact),
    ],
  }),
  async results(backend, model, measured, on) {
    const some = firstItems(measured, SHOWN);
    const answers = await predict(backend, model, some.map(({ text }) => text));
    const lines = [
      "",
      ...answers.map(({ text, target }, i) => {
        const { label: expected = "" } = some[i];
        const wrong = target === expected ? "" : `  (expected: ${printable(expected, SIDE)})`;
        return `  ${printable(text, SIDE)}  ->  ${printable(target, SIDE)}${wrong}`;
      }),
    ];
    const records: unknown[] = answers.map(({ text, target, probability }, i) => ({
      type: "translation",
      text,
      expected: some[i].label,
      target,
      probability,
    }));
    if (on === undefined) return { lines, records };
    const evaluation = await evaluate(backend, model, measured);
    const quality = describeQuality(evaluation, model);
    lines.push("", `${SET_NAMES[on]} (${measured.length} pairs): ${quality}.`);
    lines.push(...describeMistakes(evaluation.mistakes.slice(0, SHOWN)));
    records.push({ type: "review", on, pairs: measured.length, ...evaluation });
    return { lines, records };
  },
  report: reportPairs,
  hint(path, _, { text }) {
    const question = /^[\p{L}\p{N} +.,:-]{1,60}$/u.test(text) ? text : "your text"; // safe in a shell
    return `deno task predict --model ${shellWord(path)} "${question}"`;
  },
  async evaluate(backend, model, examples) {
    const evaluation = await evaluate(backend, model, examples);
    const { mistakes, ...metrics } = evaluation;
    return {
      lines: [
        `${examples.length} pairs: ${describeQuality(evaluation, model)}`,
        ...describeMistakes(mistakes),
      ],
      records: [{ pairs: examples.length, ...metrics, mistakes }],
    };
  },
  predict: {
    flags: ["beam", "attention"],
    models: "a translation model",
    check(model, { attention, model: path }) {
      if (attention && model.attention === "none") {
        throw new InputError(`--attention: ${path} was trained without attention; leave it out`);
      }
    },
    printer: (predictor, settings) => async (texts, placeOf) => {
      const { beam, json } = settings, { model } = predictor;
      const some = texts.filter((text) => text !== "");
      const answers = await predictor.predict(some, { beam });
      for (const [i, text] of texts.entries()) {
        if (text !== "") printTranslation(answers.shift()!, settings, i === 0);
        else if (json) printJson({ text, error: lackOf(model) });
        else warn(`error: ${placeOf(i)}"" ${lackOf(model)}`);
      }
      // A truncated translation counts as a prediction.
      return some.length === texts.length;
    },
    textColumn: "source",
    columns: (predictor, { beam = 1 }) => ({
      names: ["translation", "probability"],
      batch: Math.ceil(100 / beam),
      async answer(texts) {
        const answers = await predictor.predict(texts.filter((text) => text !== ""), { beam });
        return texts.map((text) => {
          if (text === "") return { problem: `"" ${lackOf(predictor.model)}` };
          const { target, probability } = answers.shift()!;
          return { values: [target, probability] };
        });
      },
    }),
  },
  serve: serveTexts<TranslationModel>({
    options: {
      beam: (value, { labels }) => whole(1, Math.min(MAX_BEAM, labels.length - 1))(value),
      maxLength: whole(1, MAX_TARGET),
      attention(value, model) {
        if (!truth(value) || model.attention !== "none") return value;
        throw new InputError("the model was trained without attention; leave it out");
      },
    },
    batch: ({ beam = 1 }) => Math.ceil(MAX_BATCH / Number(beam)),
    async answer(predictor, texts, { attention, ...options }) {
      const answers = await predictor.predict(texts.filter((text) => text !== ""), options);
      return texts.map((text) =>
        text === ""
          ? { text, error: lackOf(predictor.model) }
          : translationRecord(answers.shift()!, attention === true)
      );
    },
  }),
  summary: ({ unit, normalization, html, attention, vocabulary, labels }) => ({
    task: translation.name,
    unit,
    ...(normalization && { normalization }),
    ...(html && { html }),
    attention,
    vocabulary: vocabulary.length - 1,
    labels,
  }),
};

/** Describes what an empty text lacks. */
function lackOf({ unit }: TranslationModel): string {
  return `has no ${unit}; give a text with ${unit}`;
}

/** Returns whether only some of the held-out pairs are decoded after each epoch. */
function isSampled({ validation, test }: Sets): boolean {
  return Math.max(validation.length, test.length) > DECODED_IN_TRAINING;
}

/** Describes a model's scores. */
function describeQuality(
  { loss, accuracy, exact, unknown }: TranslationEvaluation,
  { unit }: TranslationModel,
): string {
  return `exact match ${percent(exact)}, ${unit.slice(0, -1)} accuracy ${percent(accuracy)}, ` +
    `loss ${figure(loss, 4)}` + describeUnknown(unknown, unit);
}

/** Describes the most confident mistakes. */
function describeMistakes(mistakes: TranslationEvaluation["mistakes"]): string[] {
  if (mistakes.length === 0) return [];
  return [
    "Most confident mistakes:",
    ...mistakes.map(({ text, actual, predicted, probability }) =>
      `  ${printable(text, SIDE)}  ->  ${printable(predicted, SIDE)}  ${percent(probability)}  ` +
      `(expected: ${printable(actual, SIDE)})`
    ),
  ];
}

/** Returns a translation as a JSON record. */
function translationRecord(
  { text, target, probability, ended, unknown, attention }: Translation,
  hasAttention: boolean,
) {
  return { text, target, probability, ended, unknown, ...(hasAttention ? { attention } : {}) };
}

function printTranslation(
  answer: Translation,
  { attention, json }: PredictSettings,
  isFirst: boolean,
): void {
  const { text, target, probability, ended, unknown } = answer;
  if (json) return printJson(translationRecord(answer, attention));
  const notes = [
    unknown.length > 0 ? `unknown: ${few([...new Set(unknown)])}` : "",
    ended ? "" : "cut off at the maximum length",
  ].filter(Boolean);
  const note = notes.length > 0 ? `  (${notes.join("; ")})` : "";
  if (attention && !isFirst) print();
  print(`${printable(target)}  ${percent(probability)}  ${printable(text, TEXT)}${note}`);
  if (attention) print(["", ...alignmentTable(answer.attention!)].join("\n"));
}

/** Returns the attention weights as a table: a row for each unit of the target. */
function alignmentTable({ source, target, weights }: NonNullable<Translation["attention"]>) {
  const name = (symbol: string) => symbol === " " ? "␣" : printable(symbol, SIDE);
  return table([
    ["", ...source.map(name)],
    ...target.map((symbol, i) => [
      name(symbol),
      ...weights[i].map((weight) => weight < 0.005 ? "." : (100 * weight).toFixed(0)),
    ]),
  ], [0]);
}
