/**
 * How sure the figures of a classifier are, and how it does beside its baselines, for people.
 *
 * @module
 */
import type { Evaluation, LabelCalibration, TaggingEvaluation, TrustLevel } from "@unroll/core";
import { meanAndSpread } from "./forecast_scores.ts";
import { percent } from "./terminal.ts";

/** An accuracy with its confidence interval. */
export function describeAccuracy(
  { accuracy, interval }: Pick<Evaluation, "accuracy" | "interval">,
): string {
  const low = percent(interval.low).replace("%", "");
  return `${percent(accuracy)} (95% CI ${low}–${percent(interval.high)})`;
}

/** The linear model of taggers, as texts call it. */
export const ON_WORDS = "linear model on words";

/** That of classifiers. */
const ON_NGRAMS = "linear model on n-grams";

/** A network beside a linear model. */
export interface Comparison {
  /** Whether the linear model is better. */
  isBeaten: boolean;
  /** The same in a line. */
  line: string;
}

/**
 * Whether the network is better than a linear model; none without a linear model. Where there are
 * entities, their F1 decides.
 *
 * @param weight What the linear model counts in the answers.
 * @param model What the linear model is called.
 */
export function compareLinear(
  { accuracy, alone, entities }: Evaluation & Pick<TaggingEvaluation, "entities">,
  weight = 0,
  model = ON_NGRAMS,
): Comparison | undefined {
  return entities
    ? compareFigures("entity F1", { ...entities.alone, both: entities.f1 }, weight, model)
    : compareFigures("accuracy", { ...alone, both: accuracy }, weight, model);
}

/** The same of any figure; none where one of both is missing. */
export function compareFigures(
  figure: string,
  { network, linear, both }: { network?: number; linear?: number; both: number },
  weight: number,
  model = ON_NGRAMS,
): Comparison | undefined {
  if (network === undefined || linear === undefined) return undefined;
  const isBeaten = network < linear;
  const of = (name: string, value: number) => `${percent(value)} for ${name}`;
  const line = network === linear
    ? `A ${model} does as well as the network: ${figure} ${percent(linear)}`
    : isBeaten
    ? `A ${model} beats the network: ${figure} ${of("it", linear)}, ` +
      of("the network", network)
    : `The network beats a ${model}: ${figure} ${of("it", network)}, ` +
      of("that", linear);
  return { isBeaten, line: `${line}${weight > 0 ? `, ${of("both", both)}` : ""}.` };
}

/**
 * How answers are made, by the validation examples, in lines.
 *
 * @param unit What was counted of them.
 * @param model What the linear model is called.
 */
export function describeCalibration(
  calibration: LabelCalibration,
  unit = "examples",
  model = ON_NGRAMS,
): string[] {
  const { network, linear, examples, error, trust } = calibration;
  const all = network + linear;
  return [
    linear > 0
      ? `Mixed by ${examples} validation ${unit}: network ${percent(network / all)}, ${model} ` +
        `${percent(linear / all)}.`
      : `By ${examples} validation ${unit} the network answers alone.`,
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
  linear: ON_NGRAMS,
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
