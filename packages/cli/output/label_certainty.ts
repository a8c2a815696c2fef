/**
 * The uncertainty of a classifier's scores, and comparisons with its baselines.
 *
 * @module
 */
import {
  type Evaluation,
  type LabelCalibration,
  type TaggingEvaluation,
  type TokenizerOptions,
  tokenUnit,
  type TrustLevel,
} from "@unroll/core";
import { meanAndSpread } from "./forecast_scores.ts";
import { percent } from "./terminal.ts";

/** Formats an accuracy with its 95% confidence interval. */
export function describeAccuracy(
  { accuracy, interval }: Pick<Evaluation, "accuracy" | "interval">,
): string {
  const low = percent(interval.low).replace("%", "");
  return `${percent(accuracy)} (95% CI ${low}–${percent(interval.high)})`;
}

/** Returns the name of a tagger's linear model. */
export function onTokens(tokenizer: TokenizerOptions): string {
  return `linear model on ${tokenUnit(tokenizer)}`;
}

/** The name of the linear model of classifiers. */
const ON_NGRAMS = "linear model on n-grams";

/** A comparison of a network with a linear model. */
export interface Comparison {
  /** Whether the linear model is better. */
  isBeaten: boolean;
  /** The comparison in one line. */
  line: string;
}

/**
 * Compares the network with a linear model, by entity F1 if there are entities, otherwise by
 * accuracy. Returns undefined without a linear model.
 *
 * @param weight The weight of the linear model in the predictions.
 * @param model The name of the linear model.
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

/** Compares the network with a linear model by any score; undefined if one score is missing. */
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
    ? `A ${model} beats the network: ${figure} ${of("the linear model", linear)}, ` +
      of("the network", network)
    : `The network beats a ${model}: ${figure} ${of("the network", network)}, ` +
      of("the linear model", linear);
  return { isBeaten, line: `${line}${weight > 0 ? `, ${of("their mix", both)}` : ""}.` };
}

/**
 * Describes a calibration on the validation examples, in lines.
 *
 * @param unit The unit of the validation examples.
 * @param model The name of the linear model.
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
      ? `Mixture weights, fitted on ${examples} validation ${unit}: network ` +
        `${percent(network / all)}, ${model} ${percent(linear / all)}.`
      : `On ${examples} validation ${unit}, the network alone is best.`,
    `Temperature ${(1 / all).toFixed(2)}: expected calibration error ${percent(error.before)} ` +
    `before, ${percent(error.after)} after.`,
    ...describeTrust(trust),
  ];
}

/** Describes in one line which predictions to check. */
export function describeTrust(trust: TrustLevel | undefined): string[] {
  if (!trust) return [];
  const { probability, below, above } = trust;
  return [
    `Check predictions below ${percent(probability)}: on validation, ${
      percent(below.accuracy)
    } of ` +
    `these (${below.count}) were correct, and ${percent(above.accuracy)} of the others.`,
  ];
}

/** Returns the accuracies of an evaluation to compare. */
export function accuraciesOf({ accuracy, alone, majority }: Evaluation): Record<string, number> {
  return {
    model: accuracy,
    ...(alone ? { network: alone.network } : {}),
    ...(alone?.linear === undefined ? {} : { linear: alone.linear }),
    majority: majority.accuracy,
  };
}

/** Returns the mean and standard deviation of each accuracy over folds. */
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

/** Returns the mean and standard deviation of each accuracy as rows, with a header row. */
export function foldsRows(found: readonly Evaluation[]): string[][] {
  return [
    ["mean ± deviation", "accuracy"],
    ...foldsRecord(found).map(({ name, accuracy: { mean, deviation } }) => [
      NAMES[name],
      `${percent(mean)} ± ${percent(deviation)}`,
    ]),
  ];
}
