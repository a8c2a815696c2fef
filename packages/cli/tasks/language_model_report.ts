/**
 * The HTML report of a language model.
 *
 * @module
 */
import {
  type Backend,
  evaluate,
  type Example,
  generate,
  type GenerateOptions,
  type LanguageModel,
  type Sequence,
  writtenLabels,
} from "@unroll/core";
import type { ReportParts } from "../output/report_data.ts";
import { figure } from "../output/terminal.ts";

const SAMPLE = 200; // units
const TEMPERATURE = 0.8; // of samples: slightly sharper than the model's distribution

/** Returns the parts of the HTML report. */
export async function reportTexts(
  backend: Backend,
  model: LanguageModel,
  measured: Sequence<Example>,
): Promise<ReportParts> {
  const { symbols, loss } = await evaluate(backend, model, measured);
  const { unit } = model;
  const samples = [];
  for (const label of labelsToShow(model)) {
    const text = await generated(backend, model, { label, length: 3 * SAMPLE });
    samples.push({ title: label ?? `At temperature ${TEMPERATURE}`, text });
  }
  return {
    facts: [
      ["Unit", unit],
      [`Different ${unit}`, String(model.labels.length - 1)],
      [`Evaluated on`, `${symbols} ${unit}`],
      ["Loss (nats)", figure(loss, 4)],
      [`Bits per ${unit.slice(0, -1)}`, figure(bitsOf(loss), 4)],
      ["Perplexity", figure(Math.exp(loss), 3)],
    ],
    accuracyName: `Accuracy per ${unit.slice(0, -1)}`,
    samples,
  };
}

/** Converts a loss from nats to bits. */
export function bitsOf(nats: number): number {
  return nats / Math.LN2;
}

/** Returns the labels to generate texts for; one undefined label if the model has none. */
export function labelsToShow(model: LanguageModel): (string | undefined)[] {
  const labels = writtenLabels(model);
  return labels.length > 0 ? labels.slice(0, 5) : [undefined];
}

/** Generates a text. */
export async function generated(
  backend: Backend,
  model: LanguageModel,
  options: GenerateOptions,
): Promise<string> {
  const settings = { length: SAMPLE, temperature: TEMPERATURE, ...options };
  return (await Array.fromAsync(generate(backend, model, settings))).join("");
}
