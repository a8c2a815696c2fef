/**
 * Numbers as colours: blue below zero, orange above, told apart by every kind of colour vision.
 *
 * @module
 */

type Rgb = readonly [number, number, number];

interface Scale {
  zero: Rgb;
  below: readonly [near: Rgb, far: Rgb];
  above: readonly [near: Rgb, far: Rgb];
}

const LIGHT: Scale = {
  zero: [240, 236, 226],
  below: [[118, 169, 207], [16, 68, 128]],
  above: [[240, 163, 94], [158, 60, 6]],
};
const DARK: Scale = {
  zero: [36, 40, 50],
  below: [[54, 112, 178], [142, 202, 255]],
  above: [[186, 96, 32], [255, 196, 130]],
};

const dark = matchMedia("(prefers-color-scheme: dark)");

/** Calls when light turns to dark or back. */
export function onTheme(redraw: () => void): void {
  dark.addEventListener("change", redraw);
}

/** The colour of a value from -1 to 1. */
export function colourOf(value: number): Rgb {
  const scale = dark.matches ? DARK : LIGHT;
  if (!Number.isFinite(value)) return [128, 128, 128];
  const size = Math.min(1, Math.abs(value));
  const [near, far] = value < 0 ? scale.below : scale.above;
  return size < 0.5 ? mix(scale.zero, near, 2 * size) : mix(near, far, 2 * size - 1);
}

function mix(a: Rgb, b: Rgb, share: number): Rgb {
  return [0, 1, 2].map((i) => Math.round(a[i] + share * (b[i] - a[i]))) as unknown as Rgb;
}

const STEPS = 256; // colours on either side of zero

/** The colours from -1 to 1 as pixels, and that of what was clipped. */
let pixels: { isDark: boolean; table: Uint32Array; mark: number } | undefined;

function pixelTable() {
  if (pixels?.isDark === dark.matches) return pixels;
  const pixel = ([r, g, b]: Rgb) => (255 << 24 | b << 16 | g << 8 | r) >>> 0; // little-endian
  const table = Uint32Array.from(
    { length: 2 * STEPS + 1 },
    (_, i) => pixel(colourOf((i - STEPS) / STEPS)),
  );
  return pixels = { isDark: dark.matches, table, mark: pixel(MARK) };
}

/** Paints numbers row by row, one pixel each; CSS makes the pixels large. */
export function paint(
  canvas: HTMLCanvasElement,
  values: ArrayLike<number>,
  columns: number,
  bound: number,
  marked?: ArrayLike<number>,
): void {
  const rows = Math.max(1, Math.ceil(values.length / columns));
  if (canvas.width !== columns) canvas.width = columns;
  if (canvas.height !== rows) canvas.height = rows;
  const context = canvas.getContext("2d")!;
  const image = context.createImageData(columns, rows);
  const out = new Uint32Array(image.data.buffer);
  const { table, mark } = pixelTable();
  const factor = STEPS / (bound || 1);
  for (let i = 0; i < values.length; i++) {
    const place = Math.round(values[i] * factor); // NaN becomes 0
    out[i] = marked?.[i] ? mark : table[STEPS + Math.max(-STEPS, Math.min(STEPS, place || 0))];
  }
  context.putImageData(image, 0, 0);
}

const THINNEST = 24; // pixels: a map that one can point at

/** Gives a heat map its shape on the page, its longer side so long. */
export function sizeMap(
  canvas: HTMLCanvasElement,
  { rows, columns }: { rows: number; columns: number },
  side: number,
): void {
  const each = side / Math.max(rows, columns);
  canvas.style.width = `${Math.max(THINNEST, each * columns)}px`;
  canvas.style.height = `${Math.max(THINNEST, each * rows)}px`;
}

/** What was clipped. */
const MARK: Rgb = [204, 51, 153];

/** The largest size of some numbers. */
export function largest(...all: ArrayLike<number>[]): number {
  let most = 0;
  for (const values of all) {
    for (let i = 0; i < values.length; i++) {
      const size = Math.abs(values[i]);
      if (size > most && size < Infinity) most = size;
    }
  }
  return most;
}

/** The class that has a label's colour. */
export function labelClass(id: number): string {
  return `label-${id % 8}`;
}
