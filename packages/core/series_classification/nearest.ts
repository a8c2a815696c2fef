/**
 * Nearest neighbor classification, a baseline for trained classifiers.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import { requireOptions } from "../checks.ts";
import type { Sequence } from "../sequence.ts";
import { resampled } from "../series/resample.ts";
import { scaledValues, scalingOf } from "../series/scaling.ts";
import type { Series } from "../series/series.ts";
import { labelOf } from "./model.ts";

/** The result of {@linkcode nearestNeighbor}. */
export interface NearestNeighbor {
  /** The predicted label of each series. */
  predicted: string[];
  /** The fraction of correct predictions. */
  accuracy: number;
}

/** Settings of {@linkcode nearestNeighbor}. */
export interface NearestNeighborOptions {
  /** The columns to compare. Default: those of the first known series. */
  columns?: readonly string[];
}

/**
 * Classifies each series by its nearest neighbor: the known series at the smallest Euclidean
 * distance, with columns scaled by the known series. Series of other lengths are resampled to the
 * length of the longest known one by linear interpolation.
 *
 * @throws {InputError} If there are no series, or one has no label or lacks a column.
 *
 * @example
 * ```ts
 * import { nearestNeighbor, type Series } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const one = (label: string, ...values: number[]): Series => ({
 *   columns: ["x"],
 *   values: [Float64Array.from(values)],
 *   label,
 * });
 * const known = [one("up", 1, 2, 3), one("down", 3, 2, 1)];
 * assertEquals(nearestNeighbor(known, [one("up", 0, 1, 4)]), { predicted: ["up"], accuracy: 1 });
 * ```
 */
export function nearestNeighbor(
  known: Sequence<Series>,
  asked: Sequence<Series>,
  options: NearestNeighborOptions = {},
): NearestNeighbor {
  requireOptions("nearestNeighbor()", options, ["columns"]);
  const first = known.at(0);
  if (!first || asked.length === 0) throw new InputError("there are no series to compare");
  const { columns = first.columns } = options;
  const labels = Array.from(known, labelOf);
  const ours = Array.from(known, (each) => valuesOf(each, columns));
  const scaling = scalingOf(ours);
  const length = ours.reduce((most, [values]) => Math.max(most, values.length), 1);
  const pointOf = (values: Float64Array[]): Float64Array =>
    Float64Array.from(
      scaledValues(values, scaling).flatMap((each) => [...resampled(each, length)]),
    );
  const points = ours.map(pointOf);
  let right = 0, i = 0;
  const predicted: string[] = [];
  for (const series of asked) {
    const point = pointOf(valuesOf(series, columns));
    let best = 0, least = Infinity;
    for (const [k, other] of points.entries()) {
      const distance = distanceOf(point, other, least);
      if (distance < least) [best, least] = [k, distance];
    }
    predicted.push(labels[best]);
    if (labels[best] === labelOf(series, i++)) right++;
  }
  return { predicted, accuracy: right / predicted.length };
}

function valuesOf(series: Series, columns: readonly string[]): Float64Array[] {
  return columns.map((name) => {
    const values = series.values[series.columns.indexOf(name)];
    if (values && values.length > 0) return values;
    throw new InputError(`${series.where ?? "a series"}: there are no values of ${name}`);
  });
}

/** Returns the squared distance, or a part of it that is at least `most`. */
function distanceOf(a: Float64Array, b: Float64Array, most: number): number {
  let sum = 0;
  for (let i = 0; i < a.length && sum < most; i++) sum += (a[i] - b[i]) ** 2;
  return sum;
}
