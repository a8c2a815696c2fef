/**
 * The weights that training starts from.
 *
 * @module
 */
import type { FloatArray, Shape } from "./backend.ts";
import { type Weights, weightShapes } from "./network.ts";
import type { Random } from "./random.ts";

/**
 * How weights start. `"article"`: normally distributed, a thousandth large, biases zero: learns
 * slowly at first, and safely. `"scaled"`: uniform within ±1 / √hidden, as torch.nn.RNN and
 * torch.nn.Linear do: for longer sentences and more of them.
 */
export type Init = "article" | "scaled";

/** Weights for so many words, hidden units and labels. Word 0, the unknown one, gets zeros. */
export function initWeights(
  init: Init,
  words: number,
  hidden: number,
  labels: number,
  random: Random,
): Weights<FloatArray> {
  const shapes = weightShapes(words, hidden, labels);
  const k = 1 / Math.sqrt(hidden);
  const draw = init === "article"
    ? () => random.normal() / 1000
    : () => (2 * random.uniform() - 1) * k;
  const fill = ([rows, columns]: Shape) => new Float64Array(rows * columns).map(draw);
  const bias = (shape: Shape) => init === "article" ? new Float64Array(shape[1]) : fill(shape);
  const weights = {
    Wxh: fill(shapes.Wxh),
    Whh: fill(shapes.Whh),
    bh: bias(shapes.bh),
    Why: fill(shapes.Why),
    by: bias(shapes.by),
  };
  weights.Wxh.fill(0, 0, hidden); // never trained, so it should say nothing of its own
  return weights;
}
