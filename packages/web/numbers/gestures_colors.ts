/**
 * The colors of shapes, those that the style sheet gives labels.
 *
 * @module
 */

type Rgb = readonly number[];

const LEVELS = 10; // of confidence: few enough that a stroke has long pieces of one color

/** The color of a shape by its place; without one, the color of what is undecided. */
export function shapeColor(place?: number): string {
  return `rgb(${rgbOf(place).join(" ")})`;
}

/** The color of the likeliest shape, the paler the less likely it is. */
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
