/**
 * What an evaluation of predicted numbers says, for people and for a page.
 *
 * @module
 */
import type { RegressionEvaluation, RegressionModel } from "@unroll/core";
import type { ReportParts } from "./report_data.ts";
import { figure, printable, table, TEXT } from "./terminal.ts";

const SHOWN = 5; // errors that are printed
const LONG = 300; // columns of a text on a page

/** What of a model says how its numbers are shown. */
type Numbers = Pick<RegressionModel, "scale" | "loss">;

/** The decimals that show a hundredth of what the numbers deviate by. */
function decimalsOf({ scale: { deviation } }: Numbers): number {
  return Math.min(10, Math.max(0, 2 - Math.floor(Math.log10(deviation))));
}

/** A number in the unit of the examples, for people. */
export function shown(model: Numbers, value: number): string {
  return figure(value, decimalsOf(model));
}

/** A number without the digits that a network in 32 bits does not have. */
export function rounded(model: Numbers, value: number): number {
  return Number(value.toFixed(Math.min(100, decimalsOf(model) + 3)));
}

/** How far predictions are off, beside what constant ones come to; one that wins is named first. */
export function describeNumbers(
  model: Numbers,
  evaluation: RegressionEvaluation,
  on: string,
): string[] {
  const { mae, rmse, r2, loss, baselines, unknownTexts, mistakes } = evaluation;
  const number = (value: number) => shown(model, value);
  const better = Object.entries(baselines).find(([, each]) => each.mae <= mae);
  const ratio = Number.isFinite(r2) ? figure(r2, 3) : "-";
  return [
    ...(better === undefined ? [] : [
      `No better than a constant: always predicting the ${better[0]} of the training examples, ` +
      `${number(better[1].value)}, has a MAE of ${number(better[1].mae)}.`,
    ]),
    `${on}: MAE ${number(mae)}, RMSE ${number(rmse)}, R² ${ratio}, loss ${figure(loss, 4)}`,
    ...(unknownTexts > 0
      ? [`${unknownTexts} of the sentences have no word that the model knows`]
      : []),
    "",
    ...table([
      ["", "MAE", "RMSE"],
      ["the model", number(mae), number(rmse)],
      ...Object.entries(baselines).map(([name, each]) => [
        `the training ${name}, ${number(each.value)}`,
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

/** The figures of a page. */
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
 * The curves and tables of a page.
 *
 * @param what What has a number: a text, a series.
 */
export function numberParts(
  model: Numbers,
  { mistakes }: RegressionEvaluation,
  what: string,
): Omit<ReportParts, "facts"> {
  const number = (value: number) => shown(model, value);
  return {
    lossName: `Loss (${model.loss})`,
    accuracyName: "Mean absolute error",
    figure: "mae",
    tables: [{
      title: "Largest errors",
      head: ["predicted", "actual", what],
      rows: mistakes.map(({ text, actual, predicted }) => [
        number(predicted),
        number(actual),
        printable(text, LONG),
      ]),
    }],
  };
}
