/**
 * Training to go on with a text, and to write one for a label.
 *
 * @module
 */
import {
  type Backend,
  createLanguageModel,
  evaluateLanguageModel,
  type Example,
  generate,
  type GenerateOptions,
  type Metrics,
  type Model,
  recommendLanguageModel,
  splitDocuments,
  splitSymbols,
  writtenLabels,
} from "@unroll/core";
import { readExamples, readTexts } from "../files/files.ts";
import { htmlReport } from "../output/html_report.ts";
import { defined, makePlan } from "../run/plan.ts";
import { curvesOf, networkFacts } from "../output/report_page.ts";
import type { Task } from "./task.ts";
import { figure, LABEL, percent, printable, shellWord } from "../output/terminal.ts";
import { countsOf, nameOf, SET_NAMES } from "../output/train_report.ts";

const SAMPLE = 200; // units
const TEMPERATURE = 0.8; // of samples: a little surer than the model is

/** To go on with a text, or with `--task generate-from-label` to write one for a label. */
export const languageModel: Task = {
  read: (path, settings) =>
    settings.task === "generate-from-label"
      ? readExamples(path, settings)
      : readTexts(path, settings),
  plan(all, settings, known) {
    const unit = known?.unit ?? settings.unit;
    const fromLabel = settings.task === "generate-from-label";
    const advice = recommendLanguageModel(all, unit);
    const { cell, activation, hidden, layers, dropout, init, seed } = settings;
    const { embedding = hidden && advice.network.embedding && hidden } = settings;
    const given = defined({ cell, activation, hidden, layers, dropout, init, embedding, unit });
    const limit = settings.vocabulary;
    return makePlan(all, settings, {
      advice,
      split: (share) => splitDocuments(all, share, { unit, seed, byLabel: fromLabel }),
      create: (examples, network) =>
        createLanguageModel(examples, {
          ...network,
          ...given,
          ...defined({ limit }),
          fromLabel,
          ends: fromLabel || all.length > 1,
          seed,
        }),
    }, known);
  },
  table(model, sets) {
    const unit = model.unit!;
    const count = (set: readonly Example[]) => symbolsOf(model, set);
    const counts = countsOf(unit, sets, count);
    const labels = writtenLabels(model);
    const known = model.vocabulary.length - 2 - labels.length; // the unknown one, and the start
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
    const text = await written(backend, model, { label, seed: epoch });
    return {
      lines: ["", ...indented(text, label), ""],
      records: [{ type: "sample", epoch, label, text }],
    };
  },
  async results(backend, model, measured, on) {
    const unit = model.unit!;
    const records: unknown[] = [], lines: string[] = [];
    for (const label of labelsToShow(model)) {
      const text = await written(backend, model, { label });
      lines.push("", ...indented(text, label));
      records.push({ type: "sample", label, text });
    }
    if (on === undefined) return { lines, records };
    const { symbols, ...metrics } = await evaluateLanguageModel(backend, model, measured);
    const loss = describeLoss(metrics, unit);
    lines.push("", `${SET_NAMES[on]} (${symbols} ${unit}): ${loss}.`);
    records.push({ type: "review", on, symbols, ...figuresOf(metrics) });
    return { lines, records };
  },
  async page(backend, model, { title, events, measured }) {
    const { symbols, ...metrics } = await evaluateLanguageModel(backend, model, measured);
    const unit = model.unit!;
    const samples = [];
    for (const label of labelsToShow(model)) {
      const text = await written(backend, model, { label, length: 3 * SAMPLE });
      samples.push({ title: label ?? `At temperature ${TEMPERATURE}`, text });
    }
    return htmlReport({
      title,
      facts: [
        ...networkFacts(model, events),
        ["Unit", unit],
        [`Different ${unit}`, String(model.labels.length - 1)],
        [`Measured on`, `${symbols} ${unit}`],
        ["Loss (nats)", figure(metrics.loss, 4)],
        [`Bits per ${unit.slice(0, -1)}`, figure(bitsOf(metrics.loss), 4)],
        ["Perplexity", figure(Math.exp(metrics.loss), 3)],
      ],
      ...curvesOf(events),
      accuracyName: `Accuracy per ${unit.slice(0, -1)}`,
      labels: [],
      confused: [],
      wrong: [],
      traces: [],
      samples,
    });
  },
  hint(path, model) {
    const [label] = writtenLabels(model);
    if (label === undefined) return `deno task generate --model ${shellWord(path)} --length 300`;
    const name = /^[\p{L}\p{N} ]{1,60}$/u.test(label) ? label : "LABEL"; // safe in a shell
    return `deno task generate --model ${shellWord(path)} --label "${name}"`;
  },
};

/** A loss in nats, the same in bits, the perplexity and the accuracy. */
export function figuresOf({ loss, accuracy }: Metrics) {
  return { loss, bits: bitsOf(loss), perplexity: Math.exp(loss), accuracy };
}

/** The same for people. */
export function describeLoss({ loss, accuracy }: Metrics, unit: string): string {
  return `loss ${figure(loss, 4)} nats, ${figure(bitsOf(loss), 4)} bits/${unit.slice(0, -1)}, ` +
    `perplexity ${figure(Math.exp(loss), 2)}, accuracy ${percent(accuracy)}`;
}

function bitsOf(nats: number): number {
  return nats / Math.LN2;
}

function symbolsOf({ unit }: Model, set: readonly Example[]): number {
  return set.reduce((sum, { text }) => sum + splitSymbols(text, unit!).length, 0);
}

function labelsToShow(model: Model): (string | undefined)[] {
  const labels = writtenLabels(model);
  return labels.length > 0 ? labels.slice(0, 5) : [undefined];
}

async function written(
  backend: Backend,
  model: Model,
  options: GenerateOptions,
): Promise<string> {
  const settings = { length: SAMPLE, temperature: TEMPERATURE, ...options };
  return (await Array.fromAsync(generate(backend, model, settings))).join("");
}

function indented(text: string, label?: string): string[] {
  const title = label === undefined ? "" : `[${printable(label, LABEL)}] `;
  return `${title}${text}`.split("\n").map((line) => `  ${printable(line)}`.trimEnd());
}
