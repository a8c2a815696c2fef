/**
 * How sure the figures of a classifier are, and how it does beside its baselines, for people.
 *
 * @module
 */
import type { Evaluation, LabelCalibration, TrustLevel } from "@unroll/core";
import { meanAndSpread } from "./forecast_scores.ts";
import { percent } from "./terminal.ts";

/** An accuracy with its confidence interval. */
export function describeAccuracy(
  { accuracy, interval }: Pick<Evaluation, "accuracy" | "interval">,
): string {
  const low = percent(interval.low).replace("%", "");
  return `${percent(accuracy)} (95% CI ${low}–${percent(interval.high)})`;
}

/** A network beside a linear model. */
export interface Comparison {
  /** Whether the linear model is better. */
  isBeaten: boolean;
  /** The same in a line. */
  line: string;
}

/**
 * Whether the network is better than a linear model; none without a linear model.
 *
 * @param weight What the linear model counts in the answers.
 */
export function compareLinear(
  { accuracy, alone }: Evaluation,
  weight = 0,
): Comparison | undefined {
  if (alone?.linear === undefined) return undefined;
  const { network, linear } = alone, isBeaten = network < linear;
  const of = (name: string, value: number) => `${percent(value)} for ${name}`;
  const line = network === linear
    ? `A linear model on n-grams does as well as the network: accuracy ${percent(linear)}`
    : isBeaten
    ? `A linear model on n-grams beats the network: accuracy ${of("it", linear)}, ` +
      of("the network", network)
    : `The network beats a linear model on n-grams: accuracy ${of("it", network)}, ` +
      of("that", linear);
  return { isBeaten, line: `${line}${weight > 0 ? `, ${of("both", accuracy)}` : ""}.` };
}

/** How answers are made, by the validation examples, in lines. */
export function describeCalibration(calibration: LabelCalibration): string[] {
  const { network, linear, examples, error, trust } = calibration;
  const all = network + linear;
  return [
    linear > 0
      ? `Mixed by ${examples} validation examples: network ${
        percent(network / all)
      }, linear model ` +
        `on n-grams ${percent(linear / all)}.`
      : `By ${examples} validation examples the network answers alone.`,
    `Temperature ${(1 / all).toFixed(2)}: expected calibration error ${percent(error.before)} ` +
    `before, ${percent(error.after)} after.`,
    ...describeTrust(trust),
  ];
}

/** Which answers should be checked, in a line. */
export function describeTrust(trust: TrustLevel | undefined): string[] {
  if (!trust) return [];
  const { probability, below, above } = trust;
  return [
    `Check answers below ${percent(probability)}: of ${below.count} on validation ` +
    `${percent(below.accuracy)} were right, of the others ${percent(above.accuracy)}.`,
  ];
}

/** The accuracies of an evaluation that are compared. */
export function accuraciesOf({ accuracy, alone, majority }: Evaluation): Record<string, number> {
  return {
    model: accuracy,
    ...(alone ? { network: alone.network } : {}),
    ...(alone?.linear === undefined ? {} : { linear: alone.linear }),
    majority: majority.accuracy,
  };
}

/** Mean and deviation of each accuracy over folds. */
export function foldsRecord(found: readonly Evaluation[]) {
  const all = found.map(accuraciesOf);
  return Object.keys(all[0]).map((name) => ({
    name,
    accuracy: meanAndSpread(all.map((each) => each[name])),
  }));
}

const NAMES: Record<string, string> = {
  model: "model",
  network: "network alone",
  linear: "linear model on n-grams",
  majority: "majority class",
};

/** The same as rows, with a head. */
export function foldsRows(found: readonly Evaluation[]): string[][] {
  return [
    ["mean ± deviation", "accuracy"],
    ...foldsRecord(found).map(({ name, accuracy: { mean, deviation } }) => [
      NAMES[name],
      `${percent(mean)} ± ${percent(deviation)}`,
    ]),
  ];
}
