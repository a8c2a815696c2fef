/**
 * The parts of a series chart: its scale, its gapless runs of numbers, and the times below it.
 *
 * @module
 */
import { svg } from "../dom.ts";
import { niceStep } from "../views/chart.ts";

/** Pixels per letter at the axes. */
export const LETTER = 6.6;

/** Formats a number with about five digits. */
export function written(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e7 || size > 0 && size < 1e-4) return value.toExponential(2).replace("-", "−");
  return String(+value.toPrecision(size >= 1e4 ? 6 : 4)).replace("-", "−");
}

/** Returns the points of a run of numbers. */
export function points(
  values: Float64Array,
  from: number,
  to: number,
  x: (row: number) => number,
  y: (value: number) => number,
): string[] {
  const found: string[] = [];
  for (let row = from; row < to; row++) {
    found.push(`${x(row).toFixed(1)},${y(values[row]).toFixed(1)}`);
  }
  return found;
}

/** Returns the runs of numbers without gaps, each as its first row and the row after its last. */
export function runsOf(values: Float64Array): [from: number, to: number][] {
  const runs: [number, number][] = [];
  for (let row = 0; row < values.length; row++) {
    if (!Number.isFinite(values[row])) continue;
    const last = runs.at(-1);
    if (last && last[1] === row) last[1]++;
    else runs.push([row, row + 1]);
  }
  return runs;
}

/** Returns a scale with round steps that covers the numbers. */
export function scaleOf(all: readonly (Float64Array | undefined)[]) {
  let least = Infinity, most = -Infinity;
  for (const values of all) {
    for (const value of values ?? []) {
      if (!Number.isFinite(value)) continue;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
  }
  if (least > most) [least, most] = [0, 1];
  if (least === most) [least, most] = [least - 1, most + 1];
  const step = niceStep((most - least) / 4);
  const low = Math.floor(least / step + 1e-9) * step, high = Math.ceil(most / step - 1e-9) * step;
  const count = Math.round((high - low) / step);
  const ticks = Array.from({ length: count + 1 }, (_, i) => +(low + i * step).toPrecision(12));
  return { low, high, ticks };
}

/** Returns the times below the chart, as many as fit. */
export function timeTicks(
  times: readonly string[],
  x: (row: number) => number,
  width: number,
  y: number,
): SVGElement[] {
  const room = LETTER * Math.max(...times.slice(-50).map(({ length }) => length)) + 28;
  const most = Math.max(2, Math.floor(width / room));
  const every = Math.max(1, Math.ceil(times.length / most));
  // In multiples of twelve, such as the same month of each year, if those fit as well.
  const step = every > 3 && every <= 96 ? Math.ceil(every / 12) * 12 : every;
  const found: SVGElement[] = [];
  let free = 0;
  for (let row = 0; row < times.length; row += step) {
    const at = x(row), isLast = at > width - room / 2;
    if (isLast && found.length > 0) break;
    if (row > 0 && at - room / 2 < free) continue;
    free = at + (row === 0 ? room : room / 2) - 14;
    found.push(
      svg("text", { class: `tick ${row === 0 ? "" : "middle"}`, x: at.toFixed(1), y }, times[row]),
    );
  }
  return found;
}
