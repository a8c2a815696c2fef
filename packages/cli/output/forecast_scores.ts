/**
 * Scores of forecasts, compared with naive forecasts.
 *
 * @module
 */
import type { Blend, ForecastErrors, ForecastEvaluation, MethodEvaluation } from "@unroll/core";
import type { FigureTable } from "./report_data.ts";
import { LABEL, percent, printable, table } from "./terminal.ts";

const TIE = 0.005; // relative difference below which two errors are a tie
const MOST_STEPS = 24; // rows of a table on the page

/** Formats a number of any size with about four digits. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return "-";
  const size = Math.abs(value);
  if (size >= 1e7 || size > 0 && size < 1e-3) return value.toExponential(3);
  return size >= 1000 ? value.toFixed(1) : `${+value.toPrecision(4)}`;
}

/** Returns the name of a method; the seasonal one includes the season length. */
function nameOf({ name }: MethodEvaluation, season: number): string {
  if (name === "model") return "network";
  return name === "seasonal naive" ? `seasonal naive (${season})` : name;
}

/** Returns the methods to show: without a season, the seasonal one equals the last value. */
function shownOf({ methods, season }: ForecastEvaluation): MethodEvaluation[] {
  return methods.filter(({ name }) => season > 1 || name !== "seasonal naive");
}

/** Returns the mean of a unitless error over all targets. */
function meanOf(errors: readonly ForecastErrors[], name: "smape" | "mase"): number {
  return errors.reduce((sum, each) => sum + each[name], 0) / errors.length;
}

/** Returns the mean absolute scaled error (MASE) of a method, averaged over all targets. */
export function maseOf({ targets }: MethodEvaluation): number {
  return meanOf(targets, "mase");
}

/** Returns the MASE or, if it is not finite, the MAE of scaled values. */
function errorOf(method: MethodEvaluation): number {
  const mase = maseOf(method);
  return Number.isFinite(mase) ? mase : method.mae;
}

/** Returns the best of the methods, by MASE or, if it is not finite, by MAE of scaled values. */
export function bestOf(methods: readonly MethodEvaluation[]): MethodEvaluation {
  return methods.reduce((a, b) => errorOf(b) < errorOf(a) ? b : a);
}

/** Compares the network with the naive forecasts in one line. */
export function describeWinner(evaluation: ForecastEvaluation): string {
  const { season, best } = evaluation;
  const [own, ...naive] = shownOf(evaluation);
  const rival = bestOf(naive);
  const isMase = Number.isFinite(maseOf(own));
  const shown = (each: MethodEvaluation) => isMase ? maseOf(each).toFixed(3) : number(each.mae);
  const name = isMase ? "MASE" : "scaled MAE";
  const both = `${name} ${shown(own)}, and ${shown(rival)} for ${nameOf(rival, season)}`;
  const isTie = Math.abs(errorOf(own) - errorOf(rival)) < TIE * errorOf(rival);
  if (isTie) return `The model forecasts as well as the best naive forecast: ${both}.`;
  return best === own.name
    ? `The network beats the naive forecasts: ${both}, the best of them.`
    : `A naive forecast beats the network: ${both}. Use that one, or train on more data.`;
}

/** Describes in one line what a network's forecasts are blended with. */
export function describeBlend({ naive, weight }: Blend): string {
  const better = `On held-out rows, the network's forecasts were worse than`;
  return weight === 0
    ? `${better} ${naive}; the model uses that instead.`
    : `${better} a weighted mean with ${naive}; the model uses that, with a weight of ` +
      `${percent(weight)} for the network.`;
}

/** Describes in one line how many values the band covers; none without a band. */
export function describeBand({ band }: ForecastEvaluation): string[] {
  if (!band) return [];
  const { coverage, expected, calibratedOn, isSure } = band;
  const windows = `${calibratedOn} ${calibratedOn === 1 ? "window" : "windows"}`;
  const how = calibratedOn === undefined
    ? "It is not calibrated: that requires a completed training run and enough rows."
    : `Calibrated on ${windows}${isSure ? "" : ", too few to be reliable"}.`;
  return [
    `The band covers ${percent(coverage)} of the values; its target is ${
      percent(expected)
    }. ${how}`,
  ];
}

/** Returns the rows of the methods' errors, with a header row. */
export function scoreRows(evaluation: ForecastEvaluation): string[][] {
  const { season } = evaluation, methods = shownOf(evaluation);
  const isOne = methods[0].targets.length === 1;
  return [
    ["", ...(isOne ? ["MAE", "RMSE"] : []), "sMAPE", "MASE", "MAE (scaled)", "MSE (scaled)"],
    ...methods.map((method) => {
      const { mae, mse, targets } = method;
      const mase = maseOf(method);
      return [
        nameOf(method, season),
        ...(isOne ? [number(targets[0].mae), number(targets[0].rmse)] : []),
        percent(meanOf(targets, "smape")),
        Number.isFinite(mase) ? mase.toFixed(3) : "-",
        mae.toFixed(4),
        mse.toFixed(4),
      ];
    }),
  ];
}

/** Returns the rows of the network's errors by target, with the best naive one; header first. */
export function targetRows(evaluation: ForecastEvaluation, targets: readonly string[]): string[][] {
  const [own, ...naive] = shownOf(evaluation);
  return [
    ["", "MAE", "RMSE", "sMAPE", "MASE", "best naive MAE", ""],
    ...targets.map((name, i) => {
      const { mae, rmse, smape, mase } = own.targets[i];
      const rival = naive.reduce((a, b) => b.targets[i].mae < a.targets[i].mae ? b : a);
      return [
        printable(name, LABEL),
        number(mae),
        number(rmse),
        percent(smape),
        Number.isFinite(mase) ? mase.toFixed(3) : "-",
        number(rival.targets[i].mae),
        nameOf(rival, evaluation.season),
      ];
    }),
  ];
}

/** Describes an evaluation as lines, the comparison first. */
export function describeForecasts(
  evaluation: ForecastEvaluation,
  targets: readonly string[],
): string[] {
  const indented = (rows: string[][], left: number[]) =>
    table(rows, left).map((line) => `  ${line}`);
  return [
    describeWinner(evaluation),
    "",
    ...indented(scoreRows(evaluation), [0]),
    ...(targets.length > 1 ? ["", ...indented(targetRows(evaluation, targets), [0, 6])] : []),
    ...describeBand(evaluation).flatMap((line) => ["", line]),
  ];
}

/** Returns an evaluation as tables for the HTML report. */
export function forecastTables(
  evaluation: ForecastEvaluation,
  targets: readonly string[],
): FigureTable[] {
  const [head, ...rows] = scoreRows(evaluation);
  const [targetHead, ...own] = targetRows(evaluation, targets);
  const about = [describeWinner(evaluation), ...describeBand(evaluation)].join(" ");
  const { steps } = evaluation, every = Math.ceil(steps.length / MOST_STEPS);
  return [
    { title: "Comparison with naive forecasts", about, head, rows },
    ...(targets.length > 1 ? [{ title: "Columns", head: targetHead, rows: own }] : []),
    {
      title: "Errors by step of the horizon",
      about: `The mean absolute error of scaled values, for ${
        every > 1 ? "some" : "all"
      } steps ahead.`,
      head: ["step", "MAE (scaled)"],
      rows: steps.map((mae, i) => [String(i + 1), mae.toFixed(4)])
        .filter((_, i) => (i + 1) % every === 0 || i === 0),
    },
  ];
}

/** Returns the mean and the sample standard deviation of numbers. */
export function meanAndSpread(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / Math.max(1, values.length - 1)) };
}

/** Returns each method's errors over the folds. */
export function backtestRecord(found: readonly ForecastEvaluation[]) {
  const names = found[0].methods.map(({ name }) => name);
  return names.flatMap((name) => {
    const each = found.map(({ methods }) => methods.find((method) => method.name === name));
    const all = each.filter((method) => method !== undefined);
    if (all.length < found.length) return []; // with few rows there is no linear model
    return [{
      name,
      mase: meanAndSpread(all.map(maseOf)),
      mae: meanAndSpread(all.map(({ mae }) => mae)),
      mse: meanAndSpread(all.map(({ mse }) => mse)),
    }];
  });
}

/** Returns each method's errors over the folds as rows, with a header row. */
export function backtestRows(found: readonly ForecastEvaluation[]): string[][] {
  const shown = ({ mean, deviation }: { mean: number; deviation: number }) =>
    Number.isFinite(mean) ? `${mean.toFixed(3)} ± ${deviation.toFixed(3)}` : "-";
  return [
    ["mean ± deviation", "MASE", "MAE (scaled)", "MSE (scaled)"],
    ...backtestRecord(found).map(({ name, mase, mae, mse }) => [
      name === "model" ? "network" : name,
      shown(mase),
      shown(mae),
      shown(mse),
    ]),
  ];
}
