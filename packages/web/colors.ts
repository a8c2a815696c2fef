/**
 * Numbers as colors: blue below zero, amber above, distinguishable with any kind of color vision.
 * The colors are those of `styles/colors.css`, where each color has one meaning.
 *
 * @module
 */

type Rgb = readonly [number, number, number];

interface Scale {
  zero: Rgb;
  ink: Rgb;
  below: readonly [near: Rgb, far: Rgb];
  above: readonly [near: Rgb, far: Rgb];
}

const LIGHT: Scale = {
  zero: [240, 236, 226],
  ink: [29, 34, 48],
  below: [[118, 169, 207], [15, 76, 140]],
  above: [[242, 176, 78], [149, 84, 0]],
};
const DARK: Scale = {
  zero: [36, 40, 50],
  ink: [236, 233, 226],
  below: [[54, 112, 178], [142, 202, 255]],
  above: [[179, 116, 26], [255, 210, 122]],
};

const dark = matchMedia("(prefers-color-scheme: dark)");

/** Calls `redraw` when the color scheme changes between light and dark. */
export function onTheme(redraw: () => void): void {
  dark.addEventListener("change", redraw);
}

/** Returns the color of a value from -1 to 1. */
export function colorOf(value: number): Rgb {
  const scale = dark.matches ? DARK : LIGHT;
  if (!Number.isFinite(value)) return [128, 128, 128];
  const size = Math.min(1, Math.abs(value));
  const [near, far] = value < 0 ? scale.below : scale.above;
  return size < 0.5 ? mix(scale.zero, near, 2 * size) : mix(near, far, 2 * size - 1);
}

function mix(a: Rgb, b: Rgb, share: number): Rgb {
  return [0, 1, 2].map((i) => Math.round(a[i] + share * (b[i] - a[i]))) as unknown as Rgb;
}

const STEPS = 256; // colors on either side of zero

/** Pixels: the colors of values from -1 to 1, of sizes from 0 to 1, and of clipped components. */
interface Pixels {
  isDark: boolean;
  signed: Uint32Array;
  sizes: Uint32Array;
  mark: number;
}

let pixels: Pixels | undefined;

function pixelTable(): Pixels {
  if (pixels?.isDark === dark.matches) return pixels;
  const { zero, ink } = dark.matches ? DARK : LIGHT;
  const pixel = ([r, g, b]: Rgb) => (255 << 24 | b << 16 | g << 8 | r) >>> 0; // little-endian
  const table = (color: (value: number) => Rgb) =>
    Uint32Array.from({ length: 2 * STEPS + 1 }, (_, i) => pixel(color((i - STEPS) / STEPS)));
  return pixels = {
    isDark: dark.matches,
    signed: table(colorOf),
    sizes: table((value) => mix(zero, ink, Math.abs(value))),
    mark: pixel(MARK),
  };
}

/** How to paint numbers. */
export interface PaintOptions {
  /** Whether they are sizes, without a sign, painted as shades of ink. */
  isSize?: boolean;
  /** Nonzero for each number that was clipped. */
  marked?: ArrayLike<number>;
}

/** Paints numbers row by row, one pixel each; CSS makes the pixels large. */
export function paint(
  canvas: HTMLCanvasElement,
  values: ArrayLike<number>,
  columns: number,
  bound: number,
  { isSize = false, marked }: PaintOptions = {},
): void {
  const rows = Math.max(1, Math.ceil(values.length / columns));
  if (canvas.width !== columns) canvas.width = columns;
  if (canvas.height !== rows) canvas.height = rows;
  const context = canvas.getContext("2d")!;
  const image = context.createImageData(columns, rows);
  const out = new Uint32Array(image.data.buffer);
  const { signed, sizes, mark } = pixelTable();
  const table = isSize ? sizes : signed;
  const factor = STEPS / (bound || 1);
  for (let i = 0; i < values.length; i++) {
    const place = Math.round(values[i] * factor); // NaN becomes 0
    out[i] = marked?.[i] ? mark : table[STEPS + Math.max(-STEPS, Math.min(STEPS, place || 0))];
  }
  context.putImageData(image, 0, 0);
}

/** The color of clipped components. */
const MARK: Rgb = [204, 51, 153];

/** Returns the largest absolute value among some numbers. */
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

const NONE = /^(o|none)$/i; // how taggers write that a word has no tag
const POSITIVE = /^(pos(itive)?|good|yes|true|\+)$/i, NEGATIVE = /^(neg(ative)?|bad|no|false|-)$/i;

/** Returns the class of a label's color: by a name that means positive or negative, else by its id. */
export function labelClass(id: number, label = ""): string {
  if (POSITIVE.test(label)) return "label-positive";
  if (NONE.test(label)) return "label-none";
  return NEGATIVE.test(label) ? "label-negative" : `label-${id % 8}`;
}
