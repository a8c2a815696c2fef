/**
 * Describes the evaluation of predicted numbers, for the terminal and the HTML report.
 *
 * @module
 */
import {
  type NumberErrors,
  type RegressionEvaluation,
  type RegressionModel,
  tokenUnit,
} from "@unroll/core";
import { describeUnknownTexts } from "./label_review.ts";
import type { ReportParts } from "./report_data.ts";
import { figure, printable, table, TEXT } from "./terminal.ts";
import type { MarkedPiece } from "./why_view.ts";

const SHOWN = 5; // printed errors
const LONG = 300; // columns of a text on a page

/** The fields of a model that determine how its numbers are formatted. */
type Numbers =
  & Pick<RegressionModel, "scale" | "loss">
  & Partial<Pick<RegressionModel, "tokenizer">>;

/** Returns the decimals that show a hundredth of the numbers' standard deviation. */
function decimalsOf({ scale: { deviation } }: Numbers): number {
  return Math.min(10, Math.max(0, 2 - Math.floor(Math.log10(deviation))));
}

/** Formats a number in the unit of the examples. */
export function shown(model: Numbers, value: number): string {
  return figure(value, decimalsOf(model));
}

/** Rounds a number to the precision of a float32 network. */
export function rounded(model: Numbers, value: number): number {
  return Number(value.toFixed(Math.min(100, decimalsOf(model) + 3)));
}

/** Baselines, by name. */
type Rivals = [name: string, errors: NumberErrors][];

/** Returns the baselines: constants, and a linear model on words if it was fitted. */
function rivalsOf(
  model: Numbers,
  { baselines }: RegressionEvaluation,
  ridge?: NumberErrors,
): Rivals {
  return [
    ...Object.entries(baselines).map(([name, each]): Rivals[number] => [
      `the training ${name}, ${shown(model, each.value)}`,
      each,
    ]),
    ...(ridge
      ? [
        [
          `a linear model on the ${tokenUnit(model.tokenizer)} (ridge)`,
          ridge,
        ] satisfies Rivals[number],
      ]
      : []),
  ];
}

/** Names in one line a baseline that is as good as the model; undefined if there is none. */
export function numberComparison(
  model: Numbers,
  evaluation: RegressionEvaluation,
  ridge?: NumberErrors,
): string | undefined {
  const { mae, rmse } = evaluation;
  const rivals = rivalsOf(model, evaluation, ridge);
  const both = rivals.find(([, each]) => each.mae <= mae && each.rmse <= rmse);
  const [name, found] = both ??
    rivals.find(([, each]) => each.mae <= mae || each.rmse <= rmse) ?? [];
  if (found === undefined) return undefined;
  const [what, least, own] = found.mae <= mae
    ? ["MAE", found.mae, mae]
    : ["RMSE", found.rmse, rmse];
  const figures = `its ${what} is ${shown(model, least)}, the model's ${shown(model, own)}`;
  return both
    ? `The model is no better than ${name}: ${figures}.`
    : `In ${what}, the model is no better than ${name}: ${figures}.`;
}

/**
 * Describes the errors of predictions, compared with baselines; if a baseline is as good, the first
 * line says so.
 *
 * @param ridge The errors of a linear model on the words, if it was fitted.
 */
export function describeNumbers(
  model: Numbers,
  evaluation: RegressionEvaluation,
  on: string,
  ridge?: NumberErrors,
): string[] {
  const { mae, rmse, r2, loss, unknownTexts, mistakes } = evaluation;
  const number = (value: number) => shown(model, value);
  const comparison = numberComparison(model, evaluation, ridge);
  const ratio = Number.isFinite(r2) ? figure(r2, 3) : "-";
  return [
    ...(comparison === undefined ? [] : [comparison]),
    `${on}: MAE ${number(mae)}, RMSE ${number(rmse)}, R² ${ratio}, loss ${figure(loss, 4)}`,
    ...describeUnknownTexts(unknownTexts, model.tokenizer),
    "",
    ...table([
      ["", "MAE", "RMSE"],
      ["the model", number(mae), number(rmse)],
      ...rivalsOf(model, evaluation, ridge).map(([name, each]) => [
        name,
        number(each.mae),
        number(each.rmse),
      ]),
    ], [0]),
    "",
    "Largest errors:",
    ...mistakes.slice(0, SHOWN).map(({ text, actual, predicted }) =>
      `  ${number(predicted)}  ${printable(text, TEXT)}  (actual: ${number(actual)})`
    ),
  ];
}

/** Returns the scores for the HTML report. */
export function numberFacts(
  model: Numbers,
  { mae, rmse, r2, loss, baselines }: RegressionEvaluation,
): ReportParts["facts"] {
  const number = (value: number) => shown(model, value);
  return [
    ["Loss", `${model.loss}, of scaled numbers: ${figure(loss, 4)}`],
    ["Mean absolute error (MAE)", number(mae)],
    ["Root mean squared error (RMSE)", number(rmse)],
    ["R²", Number.isFinite(r2) ? figure(r2, 3) : "-"],
    ["Baseline: the training mean", `MAE ${number(baselines.mean.mae)}`],
    ["Baseline: the training median", `MAE ${number(baselines.median.mae)}`],
  ];
}

/**
 * Returns the curves and tables of the HTML report.
 *
 * @param what The name of an example: text or series.
 * @param marked The texts of the largest errors, with their words marked.
 */
export function numberParts(
  model: Numbers,
  { mistakes }: RegressionEvaluation,
  what: string,
  marked: readonly (MarkedPiece[] | undefined)[] = [],
): Omit<ReportParts, "facts"> {
  const number = (value: number) => shown(model, value);
  return {
    lossName: `Loss (${model.loss})`,
    accuracyName: "Mean absolute error",
    figure: "mae",
    tables: [{
      title: "Largest errors",
      head: ["predicted", "actual", what],
      rows: mistakes.map(({ text, actual, predicted }, i) => [
        number(predicted),
        number(actual),
        marked[i] ?? printable(text, LONG),
      ]),
    }],
  };
}
