/**
 * The weights that training starts from.
 *
 * @module
 */
import type { FloatArray, Shape } from "../backend.ts";
import { mapWeights, type NetworkConfig, type Weights } from "./config.ts";
import type { Random } from "../random.ts";

/**
 * How weights start. `"article"`: normally distributed, a thousandth large, biases zero: learns
 * slowly at first, and safely. `"scaled"`: uniform within ±1 / √hidden, as PyTorch's recurrent
 * layers do, an LSTM's forget gate open, embeddings normally distributed, a tenth large: for longer
 * sentences and more of them.
 */
export type Init = "article" | "scaled";

const EMBEDDING_SIZE = 0.1; // small beside what training makes of it

/** Weights of these shapes. Word 0 of one-hot words, the unknown one, gets zeros. */
export function initWeights(
  init: Init,
  config: NetworkConfig,
  shapes: Weights<Shape>,
  random: Random,
): Weights<FloatArray> {
  const { hidden, cell, embedding } = config;
  const k = 1 / Math.sqrt(hidden);
  const tiny = () => random.normal() / 1000;
  const uniform = () => (2 * random.uniform() - 1) * k;
  return mapWeights(shapes, ([rows, columns], key): FloatArray => {
    const name = key.slice(key.lastIndexOf(".") + 1); // without encoder or decoder
    const numbers = new Float64Array(rows * columns);
    if (name === "embedding") return numbers.map(() => EMBEDDING_SIZE * random.normal());
    if (init === "article") return name.startsWith("b") ? numbers : zeroUnknown(numbers.map(tiny));
    numbers.forEach((_, i) => numbers[i] = uniform());
    // Open at first, so that gradients pass through time (Jozefowicz et al. 2015).
    if (cell === "lstm" && name.startsWith("bh")) numbers.fill(1, hidden, 2 * hidden);
    return zeroUnknown(numbers);

    function zeroUnknown(numbers: Float64Array<ArrayBuffer>): FloatArray {
      const isFirst = embedding === 0 && (name === "Wxh" || name === "Wxh_reverse");
      return isFirst ? numbers.fill(0, 0, columns) : numbers; // never trained: it says nothing
    }
  });
}
