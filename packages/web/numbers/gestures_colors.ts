/**
 * The colors of shapes, the same as the style sheet's label colors.
 *
 * @module
 */

type Rgb = readonly number[];

const LEVELS = 10; // of confidence: few enough for long pieces of one color

/** Returns the color of a shape by its index; without one, the color for undecided. */
export function shapeColor(place?: number): string {
  return `rgb(${rgbOf(place).join(" ")})`;
}

/** Returns the color of the most probable shape, paler if it is less probable. */
export function beliefColor(probabilities: readonly number[]): string {
  const most = Math.max(...probabilities), even = 1 / probabilities.length;
  const sure = Math.round(LEVELS * (most - even) / (1 - even)) / LEVELS;
  const from = rgbOf(), to = rgbOf(probabilities.indexOf(most));
  return `rgb(${from.map((value, i) => Math.round(value + sure * (to[i] - value))).join(" ")})`;
}

function rgbOf(place?: number): Rgb {
  const style = getComputedStyle(document.documentElement);
  const hex = style.getPropertyValue(place === undefined ? "--undecided" : `--l${place % 8}`)
    .trim();
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}
