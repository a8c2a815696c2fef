/**
 * Draws charts of series as SVG, for a page without scripts.
 *
 * @module
 */
import { escape, niceStep } from "./html_charts.ts";
import type { SeriesRow } from "./report_data.ts";

const WIDTH = 760, HEIGHT = 300, LEFT = 70, RIGHT = 16, TOP = 36, BOTTOM = 34; // CSS pixels
const ACTUAL = "#3b76e0", FORECAST = "#d9772b";

/** Draws a series with its forecast and the band around it. */
export function seriesSvg(
  { title, actual, start, forecast, lower, upper, band, times }: SeriesRow,
) {
  const steps = Math.max(actual.length, start + forecast.length);
  const [low, high, step] = scaleOf([actual, forecast, lower ?? [], upper ?? []]);
  const x = (i: number) => LEFT + (WIDTH - LEFT - RIGHT) * i / Math.max(1, steps - 1);
  const y = (value: number) =>
    HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - low) / (high - low);
  const points = (values: readonly number[], from: number) =>
    values.map((value, i) =>
      Number.isFinite(value) ? `${x(from + i).toFixed(1)},${y(value).toFixed(1)}` : ""
    );
  const parts: string[] = [];
  for (let i = 0; low + i * step <= high + step / 1e3; i++) {
    const value = low + i * step, at = y(value).toFixed(1);
    parts.push(
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}" stroke="var(--line)"/>`,
      `<text x="${LEFT - 6}" y="${at}" dy="4" text-anchor="end">${+value.toPrecision(6)}</text>`,
    );
  }
  for (const [i, anchor] of [[0, "start"], [start, "middle"], [steps - 1, "end"]] as const) {
    const isApart = i === 0 || i === steps - 1 || x(i) > LEFT + 150 && x(i) < WIDTH - RIGHT - 150;
    if (times[i] === undefined || !isApart) continue;
    parts.push(
      `<text x="${x(i).toFixed(1)}" y="${HEIGHT - 10}" text-anchor="${anchor}">${
        escape(times[i])
      }</text>`,
    );
  }
  if (start > 0) {
    const at = x(start).toFixed(1);
    parts.push(
      `<line x1="${at}" x2="${at}" y1="${TOP}" y2="${HEIGHT - BOTTOM}" stroke="var(--ink)" ` +
        'stroke-dasharray="1 3"/>',
    );
  }
  if (lower && upper) {
    const outline = [...points(upper, start), ...points(lower, start).reverse()].filter(Boolean);
    parts.push(`<polygon fill="${FORECAST}" fill-opacity="0.2" points="${outline.join(" ")}"/>`);
  }
  const line = (values: readonly number[], from: number, color: string, dash: string) => {
    // A gap ends a line: the next value starts another.
    for (const run of runsOf(points(values, from))) {
      parts.push(
        run.length > 1
          ? `<polyline fill="none" stroke="${color}" stroke-width="2"${dash} points="${
            run.join(" ")
          }"/>`
          : `<circle cx="${run[0].split(",")[0]}" cy="${
            run[0].split(",")[1]
          }" r="2" fill="${color}"/>`,
      );
    }
  };
  line(actual, 0, ACTUAL, "");
  line(forecast, start, FORECAST, ' stroke-dasharray="6 4"');
  const legend: [string, string, string][] = [["actual", ACTUAL, ""], [
    "forecast",
    FORECAST,
    ' stroke-dasharray="6 4"',
  ]];
  for (const [i, [name, color, dash]] of legend.entries()) {
    const at = LEFT + 120 * i;
    parts.push(
      `<line x1="${at}" x2="${
        at + 24
      }" y1="14" y2="14" stroke="${color}" stroke-width="2"${dash}/>`,
      `<text x="${at + 30}" y="19">${name}</text>`,
    );
  }
  if (lower && upper) {
    const at = LEFT + 240;
    parts.push(
      `<rect x="${at}" y="8" width="24" height="12" fill="${FORECAST}" fill-opacity="0.2"/>`,
      `<text x="${at + 30}" y="19">${escape(band ?? "band")}</text>`,
    );
  }
  const about = `${title}: ${steps} steps, the last ${forecast.length} with a forecast`;
  return `<h3><bdi>${escape(title)}</bdi></h3>
<svg class="curves" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" ` +
    `aria-label="${escape(about)}">${parts.join("")}</svg>`;
}

/** Returns the minimum and maximum of a scale with round steps, and the step. */
function scaleOf(
  curves: readonly (readonly number[])[],
): [low: number, high: number, step: number] {
  let least = Infinity, greatest = -Infinity;
  for (const values of curves) {
    for (const value of values) {
      if (!Number.isFinite(value)) continue;
      least = Math.min(least, value);
      greatest = Math.max(greatest, value);
    }
  }
  if (least > greatest) return [0, 1, 1];
  if (least === greatest) [least, greatest] = [least - 1, greatest + 1];
  const step = niceStep((greatest - least) / 4);
  return [Math.floor(least / step) * step, Math.ceil(greatest / step) * step, step];
}

/** Splits points into runs without gaps. */
function runsOf(points: readonly string[]): string[][] {
  const runs: string[][] = [];
  let isOpen = false;
  for (const point of points) {
    if (point === "") isOpen = false;
    else if (isOpen) runs.at(-1)!.push(point);
    else {
      runs.push([point]);
      isOpen = true;
    }
  }
  return runs;
}
