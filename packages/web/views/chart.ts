/**
 * Line charts as SVG, with each line's name at its end.
 *
 * @module
 */
import { fill, svg } from "../dom.ts";
import { type Numbers, setNumbers } from "../readings.ts";
import { figure } from "../words/numbers.ts";

/** A line of a chart. */
export interface Line {
  /** Its name, and its class in the style sheet. */
  name: string;
  look: string;
  /** Its points; those that are not finite are left out. */
  points: readonly (readonly [x: number, y: number])[];
}

/** What a chart shows. */
export interface ChartData {
  title: string;
  axisX: string;
  axisY: string;
  lines: Line[];
  /** The largest possible y. Default: the largest y of the points. */
  top?: number;
  /** Whether the y axis is logarithmic, with ticks at powers of ten. */
  isLogarithmic?: boolean;
  /** Names of the ticks on the x axis, instead of numbers. */
  places?: readonly string[];
  /** Describes the chart in words, for screen readers. */
  summary: string;
  /** Formats the values at the ends of the lines. Default: three digits. */
  show?: (value: number) => string;
}

const LEFT = 40, TOP = 26, BOTTOM = 34; // pixels
const LETTER = 6.4, BOLD_LETTER = 7; // pixels per letter in the names
const MOST_POINTS = 500; // of a line: more than it has pixels
const NAME_HEIGHT = 14; // pixels between the names of two lines
const LEAST_POWER = -12; // of ten: smaller values are not shown
const MOST_LETTERS = 12, LEAST_PLACE = 52; // of a tick's name, and the pixels that it needs

/** Draws a chart at the size of its element. */
export function drawChart(
  chart: SVGSVGElement,
  data: ChartData,
  { width, height }: { width: number; height: number },
): void {
  if (width < 60 || height < 40) return;
  const { lines, axisX, axisY, isLogarithmic = false, places } = data;
  const points = lines.flatMap((line) => line.points).filter((point) =>
    isDrawn(point, isLogarithmic)
  );
  const xs = points.map(([x]) => x), ys = points.map(([, y]) => y);
  const [first, last] = places ? [0, places.length - 1] : extent(xs, [0, 1]);
  const scaleY = isLogarithmic ? logScale(ys) : evenScale(ys, data.top);
  const write = data.show ?? ((value: number) => figure(value, 3));
  const ends = lines.map(({ name, points }) => `${name} ${write(points.at(-1)?.[1] ?? 0)}`.trim());
  const right = width - 14 - BOLD_LETTER * Math.max(0, ...ends.map(({ length }) => length));
  const bottom = height - BOTTOM;
  const x = (value: number) =>
    LEFT + (right - LEFT) * (last > first ? (value - first) / (last - first) : 0.5);
  const y = (value: number) => bottom - (bottom - TOP) * scaleY.share(value);

  const parts: SVGElement[] = [];
  for (const value of scaleY.ticks) {
    const at = y(value).toFixed(1);
    parts.push(
      svg("line", { class: "grid", x1: LEFT, x2: right, y1: at, y2: at }),
      svg("text", { class: "tick end", x: LEFT - 6, y: at, dy: 4 }, scaleY.show(value)),
    );
  }
  const widest = Math.max(
    LEAST_PLACE,
    ...(places ?? []).map((name) => LETTER * shorten(name).length),
  );
  const every = places ? Math.ceil(places.length * widest / (right - LEFT)) : 1;
  const ticks = places ? places.map((_, i) => i) : ticksOf(first, last, 5);
  for (const value of ticks.filter((_, i) => i % every === 0)) {
    const name = places ? shorten(places[value]) : String(value);
    parts.push(svg("text", { class: "tick middle", x: x(value), y: bottom + 15 }, name));
  }
  parts.push(
    svg("text", { class: "axis middle", x: (LEFT + right) / 2, y: height - 4 }, axisX),
    svg("text", { class: "axis", x: 0, y: 10 }, axisY),
  );
  const names = spread(
    lines.flatMap((line) => {
      const end = line.points.findLast((point) => isDrawn(point, isLogarithmic));
      return end ? [{ line, value: end[1], at: y(end[1]) }] : [];
    }),
    TOP + 4,
    bottom,
  );
  for (const { line, value, at } of names) {
    const path = thin(line.points.filter((point) => isDrawn(point, isLogarithmic)))
      .map(([px, py]) => `${x(px).toFixed(1)},${y(py).toFixed(1)}`);
    const [startX, startY] = path[path.length - 1].split(",");
    parts.push(
      svg("polyline", { class: `line ${line.look}`, points: path.join(" ") }),
      svg("circle", { class: `dot ${line.look}`, cx: startX, cy: startY, r: 2.6 }),
      svg(
        "text",
        { class: `name ${line.look}`, x: right + 8, y: at, dy: 4 },
        `${line.name} ${write(value)}`.trim(),
      ),
    );
  }
  chart.setAttribute("viewBox", `0 0 ${width.toFixed(0)} ${height.toFixed(0)}`);
  chart.setAttribute("role", "img");
  chart.setAttribute("aria-label", data.summary);
  chart.setAttribute("tabindex", "0"); // so that its numbers can be read by keyboard too
  setNumbers(
    chart,
    () =>
      chartNumbers(
        data,
        (px, py) => [x(px) / width, isDrawn([px, py], isLogarithmic) ? y(py) / height : 1],
      ),
  );
  fill(chart, ...parts);
}

/** Returns the numbers of a chart: a row per line, a column for each x that any of them has. */
function chartNumbers(
  { lines, places, axisX, title, show = (value) => figure(value, 3) }: ChartData,
  placeOf: (x: number, y: number) => [number, number],
): Numbers {
  const found = lines.map(({ points }) => new Map(points));
  const xs = [...new Set(found.flatMap((line) => [...line.keys()]))].sort((a, b) => a - b);
  const nameOf = (column: number) => places?.[xs[column]] ?? `${axisX} ${xs[column]}`.trim();
  const cell = (row: number, column: number) => {
    const value = found[row].get(xs[column]);
    return value === undefined ? "" : show(value);
  };
  return {
    rows: lines.length,
    columns: xs.length,
    rowName: (row) => lines[row].name || title,
    columnName: nameOf,
    cell,
    text(_, column) {
      const values = lines.map(({ name }, row) => `${name} ${cell(row, column)}`.trim());
      return `${nameOf(column)}: ${values.filter((_, row) => cell(row, column)).join(", ")}`;
    },
    columnAt(share) {
      let nearest = 0, least = Infinity;
      for (const [column, value] of xs.entries()) {
        const distance = Math.abs(placeOf(value, 0)[0] - share);
        if (distance < least) [nearest, least] = [column, distance];
      }
      return nearest;
    },
    boxOf: (row, column) => [...placeOf(xs[column], found[row].get(xs[column]) ?? NaN), 0, 0],
  };
}

function isDrawn([, y]: readonly [number, number], isLogarithmic: boolean): boolean {
  return Number.isFinite(y) && (!isLogarithmic || y >= 10 ** LEAST_POWER);
}

function shorten(name: string): string {
  return name.length > MOST_LETTERS ? `${name.slice(0, MOST_LETTERS - 1)}…` : name;
}

interface ScaleY {
  ticks: number[];
  share(value: number): number;
  show(value: number): string;
}

function evenScale(ys: readonly number[], top?: number): ScaleY {
  const most = top ?? extent(ys, [0, 1])[1];
  const step = niceStep(most / 4);
  const highest = top ?? Math.max(step, Math.ceil(most / step - 1e-9) * step);
  const ticks = Array.from({ length: Math.floor(highest / step + 1e-9) + 1 }, (_, i) => i * step);
  const show = (value: number) => String(+value.toPrecision(6));
  return { ticks, share: (value) => Math.min(1, value / highest), show };
}

function logScale(ys: readonly number[]): ScaleY {
  const [least, most] = extent(ys, [1e-4, 1]);
  const high = Math.ceil(Math.log10(most));
  const low = Math.max(LEAST_POWER, Math.min(high - 1, Math.floor(Math.log10(least))));
  const every = Math.max(1, Math.ceil((high - low) / 6));
  const ticks: number[] = [];
  for (let power = high; power >= low; power -= every) ticks.push(10 ** power);
  const share = (value: number) =>
    Math.max(0, Math.min(1, (Math.log10(value) - low) / (high - low)));
  return { ticks, share, show: (value) => powerOfTen(Math.round(Math.log10(value))) };
}

const RAISED: Record<string, string> = { "-": "⁻" };
for (const [i, digit] of [..."⁰¹²³⁴⁵⁶⁷⁸⁹"].entries()) RAISED[i] = digit;

function powerOfTen(power: number): string {
  if (power === 0 || power === 1) return String(10 ** power);
  return `10${[...String(power)].map((c) => RAISED[c]).join("")}`;
}

function extent(values: readonly number[], none: [number, number]): [number, number] {
  if (values.length === 0) return none;
  let least = Infinity, most = -Infinity;
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return [least, most];
}

function ticksOf(first: number, last: number, most: number): number[] {
  if (last <= first) return [first];
  const step = Math.max(1, niceStep((last - first) / most));
  const from = Math.ceil(first / step);
  return Array.from({ length: Math.floor(last / step) - from + 1 }, (_, i) => (from + i) * step);
}

/** Returns 1, 2 or 5 times a power of ten, close to a value; 0.25 if that is not positive. */
export function niceStep(value: number): number {
  if (!(value > 0)) return 0.25;
  const power = 10 ** Math.floor(Math.log10(value));
  const leading = value / power;
  return (leading < 1.5 ? 1 : leading < 3 ? 2 : leading < 7 ? 5 : 10) * power;
}

/** Reduces the points to draw: of each span, keeps the first, the lowest and the highest. */
function thin(points: Line["points"]): Line["points"] {
  if (points.length <= MOST_POINTS) return points;
  const span = Math.ceil(3 * points.length / MOST_POINTS);
  const kept: (readonly [number, number])[] = [];
  for (let start = 0; start < points.length; start += span) {
    const some = points.slice(start, start + span);
    const least = some.reduce((a, b) => (b[1] < a[1] ? b : a));
    const most = some.reduce((a, b) => (b[1] > a[1] ? b : a));
    kept.push(...[...new Set([some[0], least, most])].sort((a, b) => a[0] - b[0]));
  }
  return [...kept, points[points.length - 1]];
}

/** Moves names apart vertically where their lines end close together. */
function spread<T extends { at: number }>(names: T[], top: number, bottom: number): T[] {
  names.sort((a, b) => a.at - b.at);
  let free = top;
  for (const name of names) {
    name.at = Math.max(name.at, free);
    free = name.at + NAME_HEIGHT;
  }
  let limit = bottom;
  for (const name of names.toReversed()) {
    name.at = Math.min(name.at, limit);
    limit = name.at - NAME_HEIGHT;
  }
  return names;
}
