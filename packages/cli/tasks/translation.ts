/**
 * Training to give a text for a text.
 *
 * @module
 */
import {
  createTranslationModel,
  evaluateTranslation,
  recommendTranslation,
  splitExamples,
  translate,
  type Translation,
  type TranslationEvaluation,
} from "@unroll/core";
import { readPairs } from "../files/files.ts";
import { htmlReport } from "../output/html_report.ts";
import { defined, makePlan } from "../run/plan.ts";
import { curvesOf, networkFacts } from "../output/report_page.ts";
import type { Task } from "./task.ts";
import { capital, figure, percent, printable, shellWord, table } from "../output/terminal.ts";
import { countsOf, nameOf, SET_NAMES } from "../output/train_report.ts";

const SHOWN = 5; // translations and mistakes that are printed
const SIDE = 24; // columns of a source or a target
const ALIGNMENTS = 6; // pictures on the page

/** To give a text for a text. */
export const translation: Task = {
  read: readPairs,
  plan(all, settings, known) {
    const { cell, activation, hidden, layers, dropout, init, seed, unit, attention } = settings;
    const advice = recommendTranslation(all, known?.unit ?? unit);
    const { embedding, bidirectional } = settings;
    const given = defined({
      cell,
      activation,
      hidden,
      layers,
      dropout,
      init,
      embedding,
      unit,
      attention,
      bidirectional: bidirectional && bidirectional === "yes",
      limit: settings.vocabulary,
    });
    return makePlan(all, settings, {
      advice,
      split: (share) => splitExamples(all, share, { seed, byLabel: false }),
      create: (examples, network) =>
        createTranslationModel(examples, { ...network, ...given, seed }),
    }, known);
  },
  table: (model, sets) => ({
    start: `Training ${nameOf(model)} to translate, ` +
      `${model.attention === "dot" ? "with" : "without"} attention, on ${
        countsOf("pairs", sets)
      }: ${model.vocabulary.length - 1} different ${model.unit} to read, ` +
      `${model.labels.length - 2} to write.`,
    record: {
      unit: model.unit,
      source: model.vocabulary.length - 1,
      target: model.labels.length - 2,
    },
    unit: "pairs",
    columns: ["loss", model.unit!, "exact"],
    cells: ({ loss, accuracy, exact }) => [
      figure(loss, 4),
      percent(accuracy),
      exact === undefined ? "" : percent(exact),
    ],
  }),
  async results(backend, model, measured, on) {
    const some = measured.slice(0, SHOWN);
    const answers = await translate(backend, model, some.map(({ text }) => text));
    const lines = [
      "",
      ...answers.map(({ text, target }, i) => {
        const { label } = some[i];
        const wrong = target === label ? "" : `  (expected: ${printable(label, SIDE)})`;
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
    const evaluation = await evaluateTranslation(backend, model, measured);
    const quality = describeTranslation(evaluation, model.unit!);
    lines.push("", `${SET_NAMES[on]} (${measured.length} pairs): ${quality}.`);
    lines.push(...describeWrong(evaluation.wrong.slice(0, SHOWN)));
    records.push({ type: "review", on, pairs: measured.length, ...evaluation });
    return { lines, records };
  },
  async page(backend, model, { title, events, measured }) {
    const evaluation = await evaluateTranslation(backend, model, measured);
    const singular = model.unit!.slice(0, -1);
    const wrong = new Set(evaluation.wrong.slice(0, 2).map(({ text }) => text));
    const some = [
      ...measured.filter(({ text }) => !wrong.has(text)).slice(0, ALIGNMENTS - wrong.size),
      ...measured.filter(({ text }) => wrong.has(text)).slice(0, wrong.size),
    ];
    const answers = await translate(backend, model, some.map(({ text }) => text));
    return htmlReport({
      title,
      facts: [
        ...networkFacts(model, events),
        ["Attention", model.attention!],
        [`Different ${model.unit} to read`, String(model.vocabulary.length - 1)],
        [`Different ${model.unit} to write`, String(model.labels.length - 2)],
        ["Measured on", `${measured.length} pairs`],
        ["Exact match", percent(evaluation.exact)],
        [`${capital(singular)} accuracy`, percent(evaluation.accuracy)],
        ["Loss (nats)", figure(evaluation.loss, 4)],
      ],
      ...curvesOf(events),
      accuracyName: `${capital(singular)} accuracy`,
      labels: [],
      confused: [],
      wrong: evaluation.wrong.map(({ text, truth, target, probability }) => ({
        text,
        truth,
        verdict: target,
        probability,
      })),
      traces: [],
      alignments: answers.flatMap(({ text, target: given, attention }, i) =>
        attention ? [{ ...attention, text, given, truth: some[i].label }] : []
      ),
    });
  },
  hint(path, _, { text }) {
    const question = /^[\p{L}\p{N} +.,:-]{1,60}$/u.test(text) ? text : "your text"; // safe in a shell
    return `deno task predict --model ${shellWord(path)} "${question}"`;
  },
};

/** How good a model is, for people. */
export function describeTranslation(
  { loss, accuracy, exact }: TranslationEvaluation,
  unit: string,
): string {
  return `exact match ${percent(exact)}, ${unit.slice(0, -1)} accuracy ${percent(accuracy)}, ` +
    `loss ${figure(loss, 4)}`;
}

/** What it got wrong, for people. */
export function describeWrong(wrong: TranslationEvaluation["wrong"]): string[] {
  if (wrong.length === 0) return [];
  return [
    "Most confident mistakes:",
    ...wrong.map(({ text, truth, target, probability }) =>
      `  ${printable(text, SIDE)}  ->  ${printable(target, SIDE)}  ${percent(probability)}  ` +
      `(expected: ${printable(truth, SIDE)})`
    ),
  ];
}

/** Where a model looked, as a table: a row for each symbol that it gave. */
export function alignmentTable({ source, target, weights }: NonNullable<Translation["attention"]>) {
  const name = (symbol: string) => symbol === " " ? "␣" : printable(symbol, SIDE);
  return table([
    ["", ...source.map(name)],
    ...target.map((symbol, i) => [
      name(symbol),
      ...weights[i].map((weight) => weight < 0.005 ? "." : (100 * weight).toFixed(0)),
    ]),
  ], [0]);
}
