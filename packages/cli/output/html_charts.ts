/**
 * Draws charts as SVG, for a page without scripts.
 *
 * @module
 */

import { printable } from "@unroll/core";

/** Escapes a text for HTML. */
export function escape(text: string): string {
  const names: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replace(/[&<>"']/g, (c) => names[c]);
}

/** A curve: one value per epoch. */
export interface Curve {
  /** Name in the legend. */
  name: string;
  /** The values. */
  values: number[];
}

// Curves differ in dashes as well as color; the colors are visible on light and dark backgrounds.
const STROKES = [["#3b76e0", ""], ["#d9772b", "6 4"], ["#2f9e68", "2 3"]];
const WIDTH = 640, HEIGHT = 300, LEFT = 60, RIGHT = 16, TOP = 52, BOTTOM = 50; // CSS pixels

/**
 * Draws curves over the epochs.
 *
 * @param best An epoch to mark, if any.
 * @param top The largest possible value. Default: the largest value of the curves.
 */
export function lineChart(
  title: string,
  epochs: readonly number[],
  curves: readonly Curve[],
  best?: number,
  top?: number,
): string {
  const first = epochs[0], last = epochs.at(-1)!;
  const max = top ?? largest(curves.map(({ values }) => values));
  const step = niceStep(max / 4);
  const highest = top ?? Math.max(step, Math.ceil(max / step) * step);
  const x = (epoch: number) =>
    LEFT + (WIDTH - LEFT - RIGHT) * (last > first ? (epoch - first) / (last - first) : 0.5);
  const y = (value: number) => HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / highest;
  const point = (value: number, i: number) => `${x(epochs[i]).toFixed(1)},${y(value).toFixed(1)}`;

  // A long run gets at most as many points as the chart has pixels, with the last and the best.
  const stride = Math.ceil(epochs.length / WIDTH);
  const isDrawn = (i: number) => i % stride === 0 || i === epochs.length - 1 || epochs[i] === best;
  const parts: string[] = [];
  for (let value = 0; value <= highest * 1.0001; value += step) {
    const at = y(value).toFixed(1);
    parts.push(
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}" stroke="var(--line)"/>`,
      `<text x="${LEFT - 6}" y="${at}" dy="4" text-anchor="end">${+value.toPrecision(6)}</text>`,
    );
  }
  const every = Math.max(1, niceStep((last - first) / 8));
  const ticks = last > first
    ? Array.from(
      { length: Math.floor(last / every) - Math.ceil(first / every) + 1 },
      (_, i) => (Math.ceil(first / every) + i) * every,
    )
    : [first];
  for (const epoch of ticks) {
    parts.push(
      `<text x="${x(epoch).toFixed(1)}" y="${
        HEIGHT - BOTTOM + 20
      }" text-anchor="middle">${epoch}</text>`,
    );
  }
  parts.push(
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 8}" text-anchor="middle">epoch</text>`,
  );
  if (best !== undefined) {
    const at = x(best).toFixed(1);
    const anchor = x(best) > WIDTH - 100 ? "end" : x(best) < LEFT + 100 ? "start" : "middle";
    parts.push(
      `<line x1="${at}" x2="${at}" y1="${TOP}" y2="${
        HEIGHT - BOTTOM
      }" stroke="var(--ink)" stroke-dasharray="1 3"/>`,
      `<text x="${at}" y="${TOP - 6}" text-anchor="${anchor}">best: epoch ${best}</text>`,
    );
  }
  for (const [i, { name, values }] of curves.entries()) {
    const [color, dash] = STROKES[i % STROKES.length];
    const style = `fill="none" stroke="${color}" stroke-width="2"` +
      (dash ? ` stroke-dasharray="${dash}"` : "");
    // A loss that overflowed cannot be drawn.
    const points = values.flatMap((value, i) =>
      Number.isFinite(value) && isDrawn(i) ? [point(value, i)] : []
    );
    parts.push(`<polyline ${style} points="${points.join(" ")}"/>`);
    if (points.length === 1) {
      const [cx, cy] = points[0].split(",");
      parts.push(`<circle cx="${cx}" cy="${cy}" r="3" fill="${color}"/>`);
    }
    const at = LEFT + 155 * i;
    parts.push(
      `<line x1="${at}" x2="${at + 24}" y1="12" y2="12" ${style}/>`,
      `<text x="${at + 30}" y="17">${escape(name)}</text>`,
    );
  }
  const about = curves.map(({ name, values }) => {
    const final = values.at(-1)!;
    return `${name} ${Number.isFinite(final) ? final.toFixed(3) : "overflowed"}`;
  }).join(", ") + (best === undefined ? "" : `; best: epoch ${best}`);
  return `<h3>${title}</h3>
<svg class="curves" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" ` +
    `aria-label="${title} by epoch; at the last: ${escape(about)}">${parts.join("")}</svg>`;
}

/** Returns 1, 2 or 5 times a power of ten, near a value. */
export function niceStep(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const leading = value / power;
  return (leading < 1.5 ? 1 : leading < 3 ? 2 : leading < 7 ? 5 : 10) * power;
}

/** Returns the largest finite absolute value; 0 if there is none. */
export function largest(rows: readonly (readonly number[])[]): number {
  let max = 0;
  for (const row of rows) {
    for (const value of row) if (Number.isFinite(value)) max = Math.max(max, Math.abs(value));
  }
  return max;
}

/** Returns the indices of the units whose state varies most, in increasing order. */
export function mostVaried(
  states: readonly (readonly number[])[],
  most: number,
): number[] {
  const spreads = Array.from(states[0] ?? [], (_, unit) => {
    const mean = states.reduce((sum, state) => sum + state[unit], 0) / states.length;
    return states.reduce((sum, state) => sum + (state[unit] - mean) ** 2, 0);
  });
  return spreads.map((_, unit) => unit).sort((a, b) => spreads[b] - spreads[a])
    .slice(0, most).sort((a, b) => a - b);
}

const COLUMN = 34, ROW = 6, HEAD = 110, FOOT = 160, SLOPE = 90; // CSS pixels of a heat map

/**
 * Draws hidden states over time: a column per word, a row per unit; blue is negative, red positive.
 *
 * @param states `[timeSteps][units]`.
 * @param units The index of each unit.
 * @param bound The absolute value of the full color.
 * @param notes The text below each column.
 */
export function heatMap(
  words: readonly string[],
  states: readonly (readonly number[])[],
  units: readonly number[],
  bound: number,
  notes: readonly string[],
): string {
  const width = Math.max(300, COLUMN * words.length + SLOPE), below = HEAD + ROW * units.length;
  const full = bound || 1;
  const color = (value: number) => {
    if (!Number.isFinite(value)) return "#888";
    const light = Math.round(255 * (1 - Math.min(1, Math.abs(value) / full)));
    return value < 0 ? `rgb(${light},${light},255)` : `rgb(255,${light},${light})`;
  };
  const slanted = (text: string, x: number, y: number, angle: number) =>
    `<text x="${x}" y="${y}" transform="rotate(${angle} ${x} ${y})">${escape(shorten(text))}` +
    `<title>${escape(text)}</title></text>`;
  const parts = words.flatMap((word, t) => [
    slanted(word, COLUMN * t + 14, HEAD - 6, -50),
    // The value is also a tooltip, because color alone is not enough.
    `<g transform="translate(${COLUMN * t} ${HEAD})">`,
    ...states[t].map((value, i) =>
      `<rect y="${ROW * i}" width="${COLUMN - 1}" height="${ROW}" ` +
      `fill="${color(value)}"><title>unit ${units[i]}: ${figure(value)}</title></rect>`
    ),
    "</g>",
    slanted(notes[t], COLUMN * t + 10, below + 14, 50),
  ]);
  const legend = [-1, -0.5, 0, 0.5, 1].map((fraction, i) =>
    `<rect x="${80 + 26 * i}" y="${below + FOOT - 24}" width="26" height="12" ` +
    `fill="${color(fraction * full)}" stroke="var(--line)"/>`
  );
  legend.push(
    `<text x="74" y="${below + FOOT - 14}" text-anchor="end">−${figure(full)}</text>`,
    `<text x="216" y="${below + FOOT - 14}">${figure(full)}</text>`,
  );
  return `<svg class="wide" width="${width}" height="${below + FOOT}" ` +
    `viewBox="0 0 ${width} ${
      below + FOOT
    }" role="img" aria-label="States of ${units.length} units over ` +
    `${words.length} words">${parts.join("")}${legend.join("")}</svg>`;
}

const CELL = 28, NAMES = 60, LABELS = 90; // CSS pixels of an alignment

/**
 * Draws attention weights: a row per unit of the target, a column per unit of the source.
 *
 * @param weights `[target][source]`, from 0 to 1.
 */
export function alignmentMap(
  source: readonly string[],
  target: readonly string[],
  weights: readonly (readonly number[])[],
): string {
  const width = LABELS + CELL * source.length, height = NAMES + CELL * target.length + 4;
  const text = (content: string, x: number, y: number, anchor: string) =>
    `<text x="${x}" y="${y}" text-anchor="${anchor}">${escape(shorten(content))}` +
    `<title>${escape(content)}</title></text>`;
  // Words are slanted; single characters fit above their columns.
  const isWide = source.some((symbol) => symbol.length > 3);
  const name = (symbol: string, x: number) =>
    isWide
      ? `<g transform="rotate(-50 ${x} ${NAMES - 8})">${text(symbol, x, NAMES - 8, "start")}</g>`
      : text(symbol, x, NAMES - 8, "middle");
  const parts = [
    ...source.map((symbol, j) => name(visible(symbol), LABELS + CELL * (j + 0.5))),
    ...target.flatMap((symbol, i) => [
      text(visible(symbol), LABELS - 8, NAMES + CELL * (i + 0.65), "end"),
      `<g transform="translate(${LABELS} ${NAMES + CELL * i})" fill="currentColor">`,
      ...weights[i].map((weight, j) =>
        `<rect x="${CELL * j}" width="${CELL - 1}" height="${CELL - 1}" fill-opacity="${
          (0.04 + 0.9 * weight).toFixed(3)
        }"><title>${escape(visible(symbol))} from ${escape(visible(source[j]))}: ${
          (100 * weight).toFixed(1)
        }%</title></rect>`
      ),
      "</g>",
    ]),
  ];
  return `<svg class="wide" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `role="img" aria-label="Attention weights of ${target.length} target units for ` +
    `${source.length} source units">${parts.join("")}</svg>`;
}

/** Replaces a space by a visible sign. */
function visible(symbol: string): string {
  return symbol === " " ? "␣" : symbol;
}

function figure(value: number): string {
  return Number.isFinite(value) ? String(+value.toPrecision(2)) : "overflowed";
}

/** Shortens a text to the available space. */
function shorten(text: string): string {
  return printable(text, 18);
}
