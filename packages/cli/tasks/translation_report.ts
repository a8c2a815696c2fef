/**
 * The HTML report of a translation model.
 *
 * @module
 */
import {
  type Backend,
  evaluate,
  type Example,
  predict,
  type Sequence,
  type TranslationModel,
} from "@unroll/core";
import type { ReportParts } from "../output/report_data.ts";
import { capital, figure, percent } from "../output/terminal.ts";
import { interesting } from "./interesting.ts";

const ALIGNMENTS = 6; // alignments drawn on the page

/** Returns the parts of the HTML report. */
export async function reportPairs(
  backend: Backend,
  model: TranslationModel,
  measured: Sequence<Example>,
): Promise<ReportParts> {
  const evaluation = await evaluate(backend, model, measured);
  const { attention, unit, vocabulary, labels } = model;
  const singular = unit.slice(0, -1);
  const wrong = new Set(evaluation.mistakes.slice(0, 2).map(({ text }) => text));
  const some = interesting(measured, wrong, { wrong: 2, all: ALIGNMENTS });
  const answers = await predict(backend, model, some.map(({ text }) => text));
  return {
    facts: [
      ["Attention", attention],
      [`Different source ${unit}`, String(vocabulary.length - 1)],
      [`Different target ${unit}`, String(labels.length - 2)],
      ["Evaluated on", `${measured.length} pairs`],
      ["Exact match", percent(evaluation.exact)],
      [`${capital(singular)} accuracy`, percent(evaluation.accuracy)],
      ["Loss (nats)", figure(evaluation.loss, 4)],
    ],
    accuracyName: `${capital(singular)} accuracy`,
    mistakes: evaluation.mistakes,
    alignments: answers.flatMap(({ text, target: predicted, attention }, i) =>
      attention ? [{ ...attention, text, predicted, expected: some[i].label ?? "" }] : []
    ),
  };
}
