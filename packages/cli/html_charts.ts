/**
 * Charts as SVG, for a page without scripts.
 *
 * @module
 */

/** A text as HTML shows it. */
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

/** A curve: a value for each epoch. */
export interface Curve {
  /** What it shows. */
  name: string;
  /** Its values. */
  values: number[];
}

// Told apart by dashes as well as by colour; both colours are seen on light and on dark.
const STROKES = [["#3b76e0", ""], ["#d9772b", "6 4"], ["#2f9e68", "2 3"]];
const WIDTH = 640, HEIGHT = 260, LEFT = 52, RIGHT = 16, TOP = 28, BOTTOM = 34; // CSS pixels

/**
 * Curves over the epochs.
 *
 * @param best An epoch to mark, if any.
 * @param top The largest value that there can be; without, that of the curves.
 */
export function lineChart(
  title: string,
  epochs: readonly number[],
  curves: readonly Curve[],
  best?: number,
  top?: number,
): string {
  const first = epochs[0], last = epochs.at(-1)!;
  const step = niceStep((top ?? Math.max(...curves.flatMap(({ values }) => values))) / 4);
  const highest = top ?? Math.max(
    step,
    Math.ceil(Math.max(...curves.flatMap(({ values }) => values)) / step) * step,
  );
  const x = (epoch: number) =>
    LEFT + (WIDTH - LEFT - RIGHT) * (last > first ? (epoch - first) / (last - first) : 0.5);
  const y = (value: number) => HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / highest;
  const point = (value: number, i: number) => `${x(epochs[i]).toFixed(1)},${y(value).toFixed(1)}`;

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
        HEIGHT - BOTTOM + 18
      }" text-anchor="middle">${epoch}</text>`,
    );
  }
  if (best !== undefined) {
    const at = x(best).toFixed(1);
    parts.push(
      `<line x1="${at}" x2="${at}" y1="${TOP}" y2="${
        HEIGHT - BOTTOM
      }" stroke="var(--ink)" stroke-dasharray="1 3"/>`,
      `<text x="${at}" y="${TOP - 4}" text-anchor="middle">epoch ${best}</text>`,
    );
  }
  for (const [i, { name, values }] of curves.entries()) {
    const [colour, dash] = STROKES[i % STROKES.length];
    const style = `fill="none" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"`;
    parts.push(`<polyline ${style} points="${values.map(point).join(" ")}"/>`);
    if (values.length === 1) {
      const [cx, cy] = point(values[0], 0).split(",");
      parts.push(`<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`);
    }
    const at = LEFT + 110 * i;
    parts.push(
      `<line x1="${at}" x2="${at + 24}" y1="10" y2="10" ${style}/>`,
      `<text x="${at + 30}" y="14">${escape(name)}</text>`,
    );
  }
  const about = curves.map(({ name, values }) => `${name} ${values.at(-1)!.toFixed(3)}`).join(", ");
  return `<h3>${title}</h3>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" ` +
    `aria-label="${title} by epoch; at the last: ${escape(about)}">${parts.join("")}</svg>`;
}

/** 1, 2 or 5 times a power of ten, near a value. */
function niceStep(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const leading = value / power;
  return (leading <= 1 ? 1 : leading <= 2 ? 2 : leading <= 5 ? 5 : 10) * power;
}

const COLUMN = 34, ROW = 6, HEAD = 70, FOOT = 150; // CSS pixels of a heat map

/**
 * The states over time: a column for each word, a row for each unit, blue below zero and red above.
 *
 * @param states `[timeSteps][units]`.
 * @param notes What to write below each column.
 */
export function heatMap(
  words: readonly string[],
  states: readonly (readonly number[])[],
  notes: readonly string[],
): string {
  const units = states[0].length;
  const largest = Math.max(...states.flat().map(Math.abs)) || 1;
  const width = Math.max(260, COLUMN * words.length + 2 * HEAD), below = HEAD + ROW * units;
  const colour = (value: number) => {
    const share = Math.round(255 * (1 - Math.min(1, Math.abs(value) / largest)));
    return value < 0 ? `rgb(${share},${share},255)` : `rgb(255,${share},${share})`;
  };
  const slanted = (text: string, x: number, y: number, angle: number) =>
    `<text x="${x}" y="${y}" transform="rotate(${angle} ${x} ${y})">${escape(shorten(text))}` +
    `<title>${escape(text)}</title></text>`;
  const parts = words.flatMap((word, t) => [
    slanted(word, COLUMN * t + 14, HEAD - 6, -50),
    ...states[t].map((value, unit) =>
      `<rect x="${COLUMN * t}" y="${HEAD + ROW * unit}" width="${COLUMN - 1}" height="${ROW}" ` +
      `fill="${colour(value)}"/>`
    ),
    slanted(notes[t], COLUMN * t + 10, below + 14, 50),
  ]);
  const legend = [-1, -0.5, 0, 0.5, 1].map((share, i) =>
    `<rect x="${60 + 26 * i}" y="${below + FOOT - 24}" width="26" height="12" ` +
    `fill="${colour(share * largest)}"/>`
  );
  const bound = largest.toFixed(2);
  legend.push(
    `<text x="54" y="${below + FOOT - 14}" text-anchor="end">-${bound}</text>`,
    `<text x="196" y="${below + FOOT - 14}">${bound}</text>`,
  );
  return `<svg class="wide" width="${width}" height="${below + FOOT}" ` +
    `viewBox="0 0 ${width} ${below + FOOT}" role="img" aria-label="States of ${units} units over ` +
    `${words.length} words">${parts.join("")}${legend.join("")}</svg>`;
}

function shorten(text: string): string {
  return text.length > 18 ? `${text.slice(0, 17)}…` : text;
}
