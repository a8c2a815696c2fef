/**
 * The features of a series that a network reads.
 *
 * @module
 */
import type { FloatArray } from "../backend.ts";
import { InputError } from "../errors.ts";
import { quote } from "../printable.ts";
import type { Scaling } from "../series/scaling.ts";
import type { Series } from "../series/series.ts";

/** The settings of a model that determine how it reads a series. */
export interface SeriesInput {
  /** The columns that it reads, by name. */
  columns: string[];
  /** The mean and deviation in training of each column, and then of each column's differences. */
  scaling: Scaling;
  /** The number of rows in one time step of the network. */
  segment: number;
}

/** Returns the place or the name of a series, for errors. */
export function placeOfSeries({ name, where }: Series, index: number): string {
  if (where !== undefined) return where;
  return name === undefined ? `series ${index + 1}` : `the series ${quote(name)}`;
}

/** Returns the columns of a series in the order in which a model reads them. */
function columnsOf(series: Series, columns: readonly string[], index: number): Float64Array[] {
  const place = placeOfSeries(series, index);
  return columns.map((name) => {
    const values = series.values[series.columns.indexOf(name)];
    if (!values) {
      const own = series.columns.map(quote).join(", ");
      throw new InputError(
        `${place}: the model reads the columns ${columns.map(quote).join(", ")}, but there is no ` +
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
 * Returns the columns of a series, and then the difference of each from the step before: 0 at the
 * first step.
 *
 * @throws {InputError} If a column is missing, a value is not finite, or there are no steps.
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

/** Returns the number of values that the network reads in a time step. */
export function inputWidth({ columns, segment }: SeriesInput): number {
  return 2 * columns.length * segment;
}

/**
 * Returns the inputs of the network, `[timeSteps, inputWidth]`: for each row of a segment, the
 * columns and then their differences, scaled. The last segment is padded with the last row, with
 * differences of 0.
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

/** The declarations of this file that exported modules include. */
export const seriesFeatureSource = () => ({
  inputsOf,
  featuresOf,
  columnsOf,
  placeOfSeries,
});
