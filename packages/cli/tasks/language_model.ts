/**
 * The task of language modeling: continuing a text.
 *
 * @module
 */
import {
  countSymbols,
  createLanguageModel,
  evaluate,
  generate,
  InputError,
  type LanguageModel,
  type LanguageModelEvaluation,
  type LanguageModelOptions,
  recommendLanguageModel,
  splitDocuments,
  writtenLabels,
} from "@unroll/core";
import { readTexts } from "../files/files.ts";
import type { RunFlag, RunSettings } from "../flags/run_flags.ts";
import { describeUnknown } from "../output/label_review.ts";
import { figure, LABEL, percent, printable, shellWord } from "../output/terminal.ts";
import { countsOf, nameOf, SET_NAMES } from "../output/train_report.ts";
import { PAIR } from "./labels.ts";
import { bitsOf, generated, labelsToShow, reportTexts } from "./language_model_report.ts";
import {
  type Examples,
  htmlOf,
  makePlan,
  omitUndefined,
  type Plan,
  sizedSettings,
} from "./plan.ts";
import type { Task, TaskHelp } from "./task.ts";

/** The flags of tasks that generate texts that do not apply to all tasks. */
export const GENERATE_FLAGS: readonly RunFlag[] = [
  "text-column",
  "unit",
  "plain-words",
  "vocabulary",
  "time-steps",
];

/** Recommends a network and training options for texts. */
export const adviseGenerating: TaskHelp["advise"] = (examples) => {
  const advice = recommendLanguageModel(examples);
  return { ...advice, model: createLanguageModel(PAIR, advice.network) };
};

/** The task `language-model`: texts continued unit by unit. */
export const languageModel: Task<LanguageModel> = {
  name: "language-model",
  models: "language-model",
  accepts: (model) => writtenLabels(model).length === 0,
  usage: "use it with deno task generate",
  flags: GENERATE_FLAGS,
  help: {
    examples: ["train --task language-model --data book.txt"],
    about: "a text of 100,000 characters",
    sets: () => [1e5, 1000, 2e5].map((length) => [{ text: "a".repeat(length) }]),
    advise: adviseGenerating,
  },
  readsAnyText: true,
  read: readTexts,
  about: () => ({ labels: "none" }),
  reading: (settings, known) => {
    const { unit = "characters" } = settings;
    const { normalization = "NFC" } = plainOf(settings);
    return known ?? { task: "language-model", unit, normalization, ...htmlOf(settings) };
  },
  plan: (all, settings, known) => planGenerating(all, settings, known, { ends: all.length > 1 }),
  settles: ({ unit, normalization }) => ({
    ...{ unit, "plain-words": normalization === "plain" },
  }),
  table(model, sets) {
    const { unit } = model;
    const counts = countsOf(unit, sets, (set) => countSymbols(set, model));
    const labels = writtenLabels(model);
    const known = model.vocabulary.length - 2 - labels.length; // 2: unknown and start
    const more = labels.length > 0 ? `, ${labels.length} labels` : "";
    return {
      start: `Training ${nameOf(model)} on ${counts}: ${known} different${more}.`,
      record: { unit, known, labels },
      unit,
      columns: ["loss", `bits/${unit.slice(0, -1)}`, "perplexity"],
      cells: ({ loss }) => [
        figure(loss, 4),
        figure(bitsOf(loss), 4),
        figure(Math.exp(loss), 2),
      ],
    };
  },
  async sample(backend, model, epoch) {
    const labels = writtenLabels(model);
    const label = labels.length > 0 ? labels[epoch % labels.length] : undefined;
    const text = await generated(backend, model, { label, seed: epoch });
    return {
      lines: ["", ...indented(text, label), ""],
      records: [{ type: "sample", epoch, label, text }],
    };
  },
  async results(backend, model, measured, on) {
    const records: unknown[] = [], lines: string[] = [];
    for (const label of labelsToShow(model)) {
      const text = await generated(backend, model, { label });
      lines.push("", ...indented(text, label));
      records.push({ type: "sample", label, text });
    }
    if (on === undefined) return { lines, records };
    const evaluation = await evaluate(backend, model, measured);
    const { symbols } = evaluation;
    const loss = describeLoss(evaluation, model);
    lines.push("", `${SET_NAMES[on]} (${symbols} ${model.unit}): ${loss}.`);
    records.push({ type: "review", on, symbols, ...figuresOf(evaluation) });
    return { lines, records };
  },
  report: reportTexts,
  hint: (path) => `deno task generate --model ${shellWord(path)} --length 300`,
  async evaluate(backend, model, examples) {
    const evaluation = await evaluate(backend, model, examples);
    const { symbols } = evaluation;
    return {
      lines: [`${symbols} ${model.unit}: ${describeLoss(evaluation, model)}`],
      records: [{ symbols, ...figuresOf(evaluation) }],
    };
  },
  generate,
  serve: undefined,
  summary(model) {
    const labels = writtenLabels(model);
    return {
      task: languageModel.name,
      unit: model.unit,
      ...(model.normalization && { normalization: model.normalization }),
      ...(model.html && { html: model.html }),
      ...(labels.length > 0 ? { writesFor: labels } : {}),
      vocabulary: model.vocabulary.length - 1,
      labels: model.labels,
    };
  },
};

/** Returns the normalization that the flags ask for: `plain` reads words as classifiers do. */
function plainOf({ unit, "plain-words": isPlain }: RunSettings): { normalization?: "plain" } {
  if (!isPlain) return {};
  if (unit === "words") return { normalization: "plain" };
  throw new InputError(`--plain-words: needs --unit words, got ${unit ?? "characters"}`);
}

/** Plans the training of a language model. */
export function planGenerating(
  all: Examples,
  settings: RunSettings,
  known: LanguageModel | undefined,
  { fromLabel = false, ends }: Pick<LanguageModelOptions, "fromLabel" | "ends">,
): Promise<Plan<LanguageModel>> {
  const unit = known?.unit ?? settings.unit;
  const isPlain = known?.normalization === "plain";
  const form = known
    ? { html: known.html, ...(isPlain && { normalization: known.normalization }) }
    : { ...htmlOf(settings), ...plainOf(settings) };
  const advice = recommendLanguageModel(all, unit);
  const { cell, activation, layers, dropout, init, seed } = settings;
  const { hidden } = sizedSettings(settings, advice.network);
  const { embedding = hidden && advice.network.embedding && hidden } = settings;
  const limit = settings.vocabulary;
  const recurrentDropout = settings["recurrent-dropout"];
  const given = omitUndefined({
    cell,
    activation,
    hidden,
    layers,
    dropout,
    recurrentDropout,
    init,
    embedding,
    unit,
    limit,
  });
  return makePlan(all, settings, {
    advice,
    split: (fraction) => splitDocuments(all, fraction, { unit, ...form, seed, byLabel: fromLabel }),
    create: (examples, network) =>
      createLanguageModel(examples, {
        ...network,
        ...given,
        ...form,
        fromLabel,
        ends,
        seed,
      }),
  }, known);
}

/** Returns the loss in nats and in bits, the perplexity and the accuracy. */
function figuresOf({ loss, accuracy, unknown }: LanguageModelEvaluation) {
  return { loss, bits: bitsOf(loss), perplexity: Math.exp(loss), accuracy, unknown };
}

/** Describes the loss in nats and in bits, the perplexity and the accuracy. */
function describeLoss(
  { loss, accuracy, unknown }: LanguageModelEvaluation,
  { unit }: LanguageModel,
): string {
  return `loss ${figure(loss, 4)} nats, ${figure(bitsOf(loss), 4)} bits/${unit.slice(0, -1)}, ` +
    `perplexity ${figure(Math.exp(loss), 2)}, accuracy ${percent(accuracy)}` +
    describeUnknown(unknown, unit);
}

function indented(text: string, label?: string): string[] {
  const title = label === undefined ? "" : `[${printable(label, LABEL)}] `;
  return `${title}${text}`.split("\n").map((line) => `  ${printable(line)}`.trimEnd());
}
