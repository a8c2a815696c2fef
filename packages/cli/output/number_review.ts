/**
 * What an evaluation of predicted numbers says, for people and for a page.
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

const SHOWN = 5; // errors that are printed
const LONG = 300; // columns of a text on a page

/** What of a model says how its numbers are shown. */
type Numbers =
  & Pick<RegressionModel, "scale" | "loss">
  & Partial<Pick<RegressionModel, "tokenizer">>;

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

/** A prediction that needs no network, by its name. */
type Rivals = [name: string, errors: NumberErrors][];

/** What needs no network: constants, and a linear map of words where it was fitted. */
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
          `a linear map of the ${tokenUnit(model.tokenizer)} (ridge)`,
          ridge,
        ] satisfies Rivals[number],
      ]
      : []),
  ];
}

/** What is as good as the model without a network, in a line; undefined where nothing is. */
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
  const figures = `its ${what} is ${shown(model, least)}, and the model's ${shown(model, own)}`;
  return both
    ? `The model is no better than ${name}: ${figures}.`
    : `By ${what} the model is no better than ${name}: ${figures}.`;
}

/**
 * How far predictions are off, beside what needs no network; where that is as good, the first line
 * says so.
 *
 * @param ridge What a linear map of the words comes to, where it was fitted.
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
