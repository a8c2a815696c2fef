/**
 * Strokes drawn with a pointer, a pen or a finger, as series.
 *
 * @module
 */
import { requireInteger, requireLeast } from "../checks.ts";
import { InputError } from "../errors.ts";
import { resampled } from "./resample.ts";
import type { Series } from "./series.ts";

/** The columns of a stroke. */
const COLUMNS = ["x", "y"] as const;
/** The distance between points, unless another is asked for. */
export const STROKE_SPACING = 0.05; // of the drawing area's height: a shape has some dozens of points
const DECIMALS = 1e4; // so that a file has the very numbers that were learned

/** Settings of {@linkcode strokeSeries}. */
export interface StrokeOptions {
  /** The distance from point to point along the stroke. Default: 0.05. */
  spacing?: number;
  /** The label of the series. */
  label?: string;
  /** The name of the series. */
  name?: string;
}

/**
 * A stroke as a series: points at even distances along it, in columns x and y that count from its
 * first point, rounded to four decimals. Neither where a stroke was drawn nor how fast plays a part.
 *
 * What is drawn so far gives the first points of what the whole stroke gives, so that a network can
 * read along.
 *
 * @param x Where the stroke went, point by point, in units of the drawing area's height.
 * @param y The same, upward.
 *
 * @throws {InputError} Where there is no point, the two differ in length, or a number is not finite.
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
    Math.round((value - start) * DECIMALS) / DECIMALS + 0; // + 0: no -0, which no file would have
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
      `a stroke needs as many x as y, at least one, got ${x.length} and ${y.length}`,
    );
  }
  for (let i = 0; i < x.length; i++) {
    if (Number.isFinite(x[i]) && Number.isFinite(y[i])) continue;
    throw new InputError(`point ${i + 1} of the stroke is (${x[i]}, ${y[i]}); give finite numbers`);
  }
}

/** The points at even distances along a stroke, with the first; how many there are by each drawn one. */
function placesEvery(spacing: number, x: ArrayLike<number>, y: ArrayLike<number>) {
  const places = { x: [x[0]], y: [y[0]] }, counts = new Int32Array(x.length).fill(1);
  let left = spacing; // until the next place
  for (let i = 1; i < x.length; i++) {
    const length = Math.hypot(x[i] - x[i - 1], y[i] - y[i - 1]);
    let along = left;
    // A little more than the length counts as the length, or rounding would lose a place.
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
 * How many points of its series a stroke has by each of its drawn points: what a network had read when
 * the pen was there.
 *
 * @throws {InputError} As {@linkcode strokeSeries}.
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
 * A stroke as it was after each of its points, from one point on: what a network that reads along is
 * asked, step by step.
 *
 * @param from The number of points of the first beginning. Default: 1.
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
 * The largest distance between two points of a stroke that follow each other: at most the spacing, for
 * a series that {@linkcode strokeSeries} made.
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

const COMPARED = 32; // points of a stroke that are compared with those of another

/**
 * How unlike any known stroke one is: its distance to the nearest known one, divided by what is usual
 * among them, the median of their distances to the nearest of the same label. Strokes are brought to
 * 32 points, their middle to zero and their larger side to one, so that place and size play no part.
 *
 * @param known Strokes, at least two of one label.
 *
 * @throws {InputError} Where no label has two different strokes.
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

/** A stroke without its place and its size: x and y of 32 points. */
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
