/**
 * Draws a series and its forecast with characters: the past as a line of braille dots, the
 * forecast in half blocks, its band shaded.
 *
 * @module
 */
import { padEnd, padStart, widest } from "./terminal.ts";

/** The data of a chart: one number per step, NaN for missing ones. */
export interface SeriesChart {
  /** Actual values from the first step on, including the forecast's steps if known. */
  actual: readonly number[];
  /** The step of the forecast's first number. */
  start: number;
  /** The forecast. */
  forecast: readonly number[];
  /** The lower end of the band. */
  lower?: readonly number[];
  /** The upper end of the band. */
  upper?: readonly number[];
  /** The name of the band, such as `80% band`. */
  band?: string;
  /** Returns the time of a step, for the line below the chart. */
  timeAt(step: number): string;
}

/** The size of a chart in characters. */
export interface ChartSize {
  /** Number of columns, including the numbers on the left. */
  columns: number;
  /** Number of rows, without the lines of times and legend. */
  rows: number;
}

const DOTS = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]; // of a braille character
const BRAILLE = 0x2800, SHADE = "░", START = "┊", AXIS = "┤";
const UPPER = 1, LOWER = 2, BLOCKS = [" ", "▀", "▄", "█"];
const LEAST = 24; // columns of a readable chart

/** Draws a chart as lines of text. */
export function seriesChart(chart: SeriesChart, { columns, rows }: ChartSize): string[] {
  const { actual, start, forecast, lower = [], upper = [], timeAt } = chart;
  const steps = Math.max(actual.length, start + forecast.length);
  const [low, high] = rangeOf([actual, forecast, lower, upper]);
  const names = Array.from({ length: rows }, (_, row) => {
    if (row !== 0 && row !== rows - 1 && row !== Math.floor((rows - 1) / 2)) return "";
    return shortNumber(high - (high - low) * row / Math.max(1, rows - 1), high - low);
  });
  const margin = widest(names) + 1;
  const width = Math.max(LEAST, columns - margin - 2);
  /** The step at a column's center, with `parts` columns per character. */
  const stepAt = (x: number, parts: number) => (x / Math.max(1, width * parts - 1)) * (steps - 1);
  const reach = (steps - 1) / Math.max(1, width - 1) / 2; // half a column
  /** The part of a row that a value falls in, from the top, with `parts` parts per row. */
  const rowAt = (value: number, parts: number) => {
    const from = (high - value) / (high - low) * (rows * parts - 1);
    return Math.min(rows * parts - 1, Math.max(0, Math.round(from)));
  };
  const cells = Array.from({ length: rows }, () => new Array<string>(width).fill(" "));
  shade(cells, (x) => {
    const at = stepAt(x, 1) - start;
    return [valueAt(upper, at, reach), valueAt(lower, at, reach)].map((value) =>
      Number.isNaN(value) ? undefined : rowAt(value, 1)
    );
  });
  const first = Math.round(start / Math.max(1, steps - 1) * (width - 1));
  if (start > 0) {
    for (const row of cells) if (row[first] === " ") row[first] = START;
  }
  const past = masksOf(width, rows, 2, 4, (x) => {
    const value = valueAt(actual, stepAt(x, 2), reach);
    return Number.isNaN(value) ? undefined : rowAt(value, 4);
  }, (x, y) => DOTS[x][y]);
  const future = masksOf(width, rows, 1, 2, (x) => {
    const value = valueAt(forecast, stepAt(x, 1) - start, reach);
    return Number.isNaN(value) ? undefined : rowAt(value, 2);
  }, (_, y) => y === 0 ? UPPER : LOWER);
  for (const [y, row] of cells.entries()) {
    for (let x = 0; x < width; x++) {
      if (past[y][x] > 0) row[x] = String.fromCharCode(BRAILLE + past[y][x]);
      if (future[y][x] > 0) row[x] = BLOCKS[future[y][x]];
    }
  }
  const legend = [
    "⠤⠤ actual",
    "▀▀ forecast",
    ...(lower.length > 0 ? [`${SHADE}${SHADE} ${chart.band ?? "band"}`] : []),
  ].join("   ");
  const indent = " ".repeat(margin + 2);
  return [
    ...cells.map((row, y) => `${padStart(names[y], margin)} ${AXIS}${row.join("").trimEnd()}`),
    `${indent}${timesBelow(timeAt, { first, start, steps, width })}`.trimEnd(),
    `${indent}${legend}`,
  ];
}

/** Returns the number of last steps that a chart of `columns` can show, at least `least`. */
export function shownSteps(steps: number, columns: number, least: number): number {
  return Math.min(steps, Math.max(least, 2 * columns));
}

function rangeOf(curves: readonly (readonly number[])[]): [low: number, high: number] {
  let low = Infinity, high = -Infinity;
  for (const values of curves) {
    for (const value of values) {
      if (!Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (low > high) return [0, 1];
  return low < high ? [low, high] : [low - 1, high + 1];
}

/** Interpolates a value between two steps; the ends extend by `reach`. */
function valueAt(values: readonly number[], at: number, reach: number): number {
  if (values.length === 0 || at < -reach || at > values.length - 1 + reach) return NaN;
  const place = Math.min(values.length - 1, Math.max(0, at));
  const before = Math.floor(place), after = Math.ceil(place), share = place - before;
  if (share === 0) return values[before];
  return values[before] * (1 - share) + values[after] * share;
}

/** Fills the characters between two rows of each column. */
function shade(cells: string[][], ends: (x: number) => (number | undefined)[]): void {
  for (let x = 0; x < cells[0].length; x++) {
    const [top, bottom] = ends(x);
    if (top === undefined || bottom === undefined) continue;
    for (let y = top; y <= bottom; y++) cells[y][x] = SHADE;
  }
}

/** Returns a curve as bits of characters, connected from each column to the next. */
function masksOf(
  width: number,
  rows: number,
  across: number,
  down: number,
  rowAt: (x: number) => number | undefined,
  bit: (x: number, y: number) => number,
): number[][] {
  const masks = Array.from({ length: rows }, () => new Array<number>(width).fill(0));
  let last: number | undefined;
  for (let x = 0; x < width * across; x++) {
    const at = rowAt(x);
    if (at === undefined) {
      last = undefined;
      continue;
    }
    const from = last === undefined || last === at ? at : last < at ? last + 1 : last - 1;
    for (let y = Math.min(from, at); y <= Math.max(from, at); y++) {
      masks[Math.floor(y / down)][Math.floor(x / across)] |= bit(x % across, y % down);
    }
    last = at;
  }
  return masks;
}

/** Returns a line with the times of the first step, the forecast's first step and the last step. */
function timesBelow(
  timeAt: (step: number) => string,
  { first, start, steps, width }: { first: number; start: number; steps: number; width: number },
): string {
  let line = timeAt(0);
  const last = timeAt(steps - 1), middle = start > 0 && start < steps - 1 ? timeAt(start) : "";
  const at = Math.min(first, width - last.length - middle.length - 2);
  if (middle !== "" && at > line.length) line = padEnd(line, at) + middle;
  return line.length + last.length < width ? line + padStart(last, width - line.length) : line;
}

/** Formats a number with the digits that a scale of the given range needs. */
export function shortNumber(value: number, range: number): string {
  const size = Math.max(Math.abs(value), range);
  if (size >= 1e7 || (size > 0 && size < 1e-4)) return value.toExponential(2);
  const decimals = range > 0 ? Math.min(6, Math.max(0, 2 - Math.floor(Math.log10(range)))) : 2;
  return (value + 0).toFixed(decimals);
}
