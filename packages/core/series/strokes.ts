/**
 * Converts strokes drawn with a pointer, a pen or a finger to series.
 *
 * @module
 */
import { requireInteger, requireLeast } from "../checks.ts";
import { InputError } from "../errors.ts";
import { resampled } from "./resample.ts";
import type { Series } from "./series.ts";

/** The columns of a stroke. */
const COLUMNS = ["x", "y"] as const;
/** The default distance between points. */
export const STROKE_SPACING = 0.05; // of the drawing area's height: a few dozen points in a shape
const DECIMALS = 1e4; // rounded, so that a file holds exactly the numbers that were learned

/** Settings of {@linkcode strokeSeries}. */
export interface StrokeOptions {
  /** The distance between points along the stroke, in drawing area heights. Default: 0.05. */
  spacing?: number;
  /** The label of the series. */
  label?: string;
  /** The name of the series. */
  name?: string;
}

/**
 * Converts a stroke to a series of evenly spaced points along it, in columns x and y relative to
 * the first point, rounded to four decimals. The place and the speed of the drawing do not matter.
 *
 * The part drawn so far gives the first points of the whole stroke's series, so that a network can
 * read a stroke while it is drawn.
 *
 * @param x The horizontal position of each drawn point, in drawing area heights.
 * @param y The vertical position, upward, in the same unit.
 *
 * @throws {InputError} If there is no point, `x` and `y` differ in length, a number is not finite,
 * or the spacing is below 0.0001.
 *
 * @example
 * ```ts
 * import { strokeSeries } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const corner = strokeSeries([0.1, 0.3, 0.3], [0.5, 0.5, 0.6], { spacing: 0.1, label: "corner" });
 * assertEquals(corner.values, [Float64Array.of(0, 0.1, 0.2, 0.2), Float64Array.of(0, 0, 0, 0.1)]);
 * ```
 */
export function strokeSeries(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  { spacing = STROKE_SPACING, label, name }: StrokeOptions = {},
): Series {
  checkStroke(x, y, spacing);
  const places = placesEvery(spacing, x, y);
  const from = (start: number) => (value: number) =>
    Math.round((value - start) * DECIMALS) / DECIMALS + 0; // + 0 turns -0 into 0: files have no -0
  return {
    columns: COLUMNS,
    values: [places.x.map(from(x[0])), places.y.map(from(y[0]))],
    ...(label === undefined ? {} : { label }),
    ...(name === undefined ? {} : { name }),
  };
}

function checkStroke(x: ArrayLike<number>, y: ArrayLike<number>, spacing: number): void {
  requireLeast("the spacing", spacing, 1 / DECIMALS);
  if (x.length === 0 || x.length !== y.length) {
    throw new InputError(
      `a stroke needs equally many x and y, at least one, got ${x.length} and ${y.length}`,
    );
  }
  for (let i = 0; i < x.length; i++) {
    if (Number.isFinite(x[i]) && Number.isFinite(y[i])) continue;
    throw new InputError(`point ${i + 1} of the stroke is (${x[i]}, ${y[i]}); give finite numbers`);
  }
}

/** Places points evenly along a stroke, and counts those placed up to each drawn point. */
function placesEvery(spacing: number, x: ArrayLike<number>, y: ArrayLike<number>) {
  const places = { x: [x[0]], y: [y[0]] }, counts = new Int32Array(x.length).fill(1);
  let left = spacing; // distance until the next point
  for (let i = 1; i < x.length; i++) {
    const length = Math.hypot(x[i] - x[i - 1], y[i] - y[i - 1]);
    let along = left;
    // The tolerance keeps rounding from losing a point at the end of a line.
    for (; along <= length * (1 + 1e-9); along += spacing) {
      places.x.push(x[i - 1] + along / length * (x[i] - x[i - 1]));
      places.y.push(y[i - 1] + along / length * (y[i] - y[i - 1]));
    }
    left = along - length;
    counts[i] = places.x.length;
  }
  return { x: Float64Array.from(places.x), y: Float64Array.from(places.y), counts };
}

/**
 * Counts, for each drawn point of a stroke, the points of its series up to there: what a network
 * has read when the pen is there.
 *
 * @throws {InputError} If {@linkcode strokeSeries} would throw.
 *
 * @example
 * ```ts
 * import { strokeProgress } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([...strokeProgress([0, 0.02, 0.1], [0, 0, 0])], [1, 1, 3]);
 * ```
 */
export function strokeProgress(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  { spacing = STROKE_SPACING }: Pick<StrokeOptions, "spacing"> = {},
): Int32Array {
  checkStroke(x, y, spacing);
  return placesEvery(spacing, x, y).counts;
}

/**
 * Returns the beginnings of a stroke, each one point longer than the one before: the inputs of a
 * network that predicts while the stroke is drawn.
 *
 * @param from The number of points of the first beginning. Default: 1.
 * @throws {InputError} If `from` is not a whole number of at least 1.
 *
 * @example
 * ```ts
 * import { strokeBeginnings, strokeSeries } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const line = strokeSeries([0, 0.1], [0, 0]);
 * assertEquals(strokeBeginnings(line).map(({ values: [x] }) => [...x]), [[0], [0, 0.05], [0, 0.05, 0.1]]);
 * ```
 */
export function strokeBeginnings(stroke: Series, from = 1): Series[] {
  requireInteger("the first number of points", from, 1);
  const rows = stroke.values[0].length;
  return Array.from({ length: Math.max(0, rows - from + 1) }, (_, i) => ({
    ...stroke,
    values: stroke.values.map((values) => values.subarray(0, from + i)),
  }));
}

/**
 * Returns the largest distance between consecutive points of a stroke. For a series made by
 * {@linkcode strokeSeries} it is at most the spacing.
 *
 * @example
 * ```ts
 * import { strokeSeries, strokeSpacing } from "@unroll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(strokeSpacing(strokeSeries([0, 1], [0, 1], { spacing: 0.1 })), 0.1, 1e-3);
 * ```
 */
export function strokeSpacing({ values: [x, y] }: Series): number {
  return x.reduce(
    (most, value, i) => i === 0 ? 0 : Math.max(most, Math.hypot(value - x[i - 1], y[i] - y[i - 1])),
    0,
  );
}

const COMPARED = 32; // points per stroke when two strokes are compared

/**
 * Computes how unlike all known strokes a stroke is: its distance to the nearest known stroke,
 * divided by the median distance of a known stroke to its nearest neighbor with the same label.
 * Strokes are resampled to 32 points, centered at zero and scaled to a larger side of one, so that
 * place and size do not matter.
 *
 * @param known Labeled strokes, at least two different ones with the same label.
 * @returns About 1 or less for a stroke like the known ones.
 *
 * @throws {InputError} If no label has two different strokes.
 *
 * @example
 * ```ts
 * import { strokeNovelty, strokeSeries } from "@unroll/core";
 * import { assert } from "@std/assert";
 *
 * const line = (tilt: number, label?: string) => strokeSeries([0, 1], [0, tilt], { label });
 * const known = [line(0, "flat"), line(0.2, "flat")];
 * assert(strokeNovelty(known, line(0.1)) < 1);
 * assert(strokeNovelty(known, line(3)) > 2);
 * ```
 */
export function strokeNovelty(known: readonly Series[], stroke: Series): number {
  const forms = known.map(formOf);
  const usual = forms.flatMap((form, i) => {
    const alike = forms.filter((_, k) => k !== i && known[k].label === known[i].label);
    const least = nearest(alike, form);
    return least > 0 && least < Infinity ? [least] : [];
  }).sort((a, b) => a - b);
  if (usual.length === 0) {
    throw new InputError("no label has two different strokes; draw more of them");
  }
  return nearest(forms, formOf(stroke)) / usual[usual.length >> 1];
}

function nearest(forms: readonly Float64Array[], form: Float64Array): number {
  return forms.reduce((least, each) => Math.min(least, distance(each, form)), Infinity);
}

function distance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return Math.sqrt(sum / COMPARED);
}

/** Returns x and y of a stroke's 32 points, without its place and size. */
function formOf({ values }: Series): Float64Array {
  const sides = values.map((column) => {
    const least = column.reduce((a, b) => Math.min(a, b)),
      most = column.reduce((a, b) => Math.max(a, b));
    return { middle: (least + most) / 2, length: most - least };
  });
  const size = Math.max(...sides.map(({ length }) => length)) || 1; // a dot has none
  return Float64Array.from(
    values.flatMap((column, i) =>
      [...resampled(column, COMPARED)].map((value) => (value - sides[i].middle) / size)
    ),
  );
}
