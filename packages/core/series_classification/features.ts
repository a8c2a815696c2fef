/**
 * What a classifier reads of a series.
 *
 * @module
 */
import type { FloatArray } from "../backend.ts";
import { InputError } from "../errors.ts";
import { quote } from "../printable.ts";
import type { Scaling } from "../series/scaling.ts";
import type { Series } from "../series/series.ts";

/** What of a model settles how it reads a series. */
export interface SeriesInput {
  /** The columns that it reads, by name. */
  columns: string[];
  /** What the columns and their differences are scaled by: the mean and deviation in training. */
  scaling: Scaling;
  /** How many rows of a series make one step of the network. */
  segment: number;
}

/** Where a series stands, or what it is called, for errors. */
export function placeOfSeries({ name, where }: Series, index: number): string {
  if (where !== undefined) return where;
  return name === undefined ? `series ${index + 1}` : `the series ${quote(name)}`;
}

/** The columns of a series in the order in which a model reads them. */
function columnsOf(series: Series, columns: readonly string[], index: number): Float64Array[] {
  const place = placeOfSeries(series, index);
  return columns.map((name) => {
    const values = series.values[series.columns.indexOf(name)];
    if (!values) {
      const own = series.columns.map(quote).join(", ");
      throw new InputError(
        `${place}: the model reads the columns ${columns.map(quote).join(", ")}, and there is no ` +
          `${quote(name)} among ${own}; give a series with the same columns`,
      );
    }
    const missing = values.findIndex((value) => !Number.isFinite(value));
    if (missing >= 0) {
      throw new InputError(
        `${place}: the column ${quote(name)} has ${values[missing]} at step ${missing + 1}; ` +
          "fill it with a number",
      );
    }
    return values;
  });
}

/**
 * The columns of a series, and how each changes from step to step, which is 0 at the first.
 *
 * @throws {InputError} Where a column is missing, a number is not finite, or there is no step.
 */
export function featuresOf(
  series: Series,
  columns: readonly string[],
  index = 0,
): Float64Array[] {
  const values = columnsOf(series, columns, index);
  if (values[0].length === 0) {
    throw new InputError(`${placeOfSeries(series, index)}: the series has no steps; leave it out`);
  }
  return [...values, ...values.map((each) => each.map((v, t) => t === 0 ? 0 : v - each[t - 1]))];
}

/** How many numbers the network reads in a step. */
export function inputWidth({ columns, segment }: SeriesInput): number {
  return 2 * columns.length * segment;
}

/**
 * What the network reads, step by step: of each row of a segment the columns and then their
 * differences, scaled. The last segment is filled up with the last row, unchanging.
 */
export function inputsOf(series: Series, input: SeriesInput, index: number): FloatArray {
  const { scaling: { means, deviations }, segment } = input;
  const features = featuresOf(series, input.columns, index);
  const rows = features[0].length, steps = Math.ceil(rows / segment), width = features.length;
  const inputs = new Float32Array(steps * segment * width);
  for (let row = 0; row < steps * segment; row++) {
    for (const [i, values] of features.entries()) {
      const value = row < rows ? values[row] : i < width / 2 ? values[rows - 1] : 0;
      inputs[row * width + i] = (value - means[i]) / deviations[i];
    }
  }
  return inputs;
}

/** The declarations of this file, for modules that are written with them in. */
export const seriesFeatureSource = () => ({
  inputsOf,
  featuresOf,
  columnsOf,
  placeOfSeries,
});
