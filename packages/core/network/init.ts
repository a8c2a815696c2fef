/**
 * Weight initialization.
 *
 * @module
 */
import type { FloatArray, Shape } from "../backend.ts";
import type { Random } from "../random.ts";
import { cellOf } from "./cells/cells.ts";
import type { NetworkConfig } from "./config.ts";
import { isCrfWeight } from "./crf.ts";
import { LETTERS, lettersConfig } from "./letters.ts";
import { orthogonal } from "./orthogonal.ts";
import { mapWeights, type Weights } from "./weights.ts";

/**
 * How weights are initialized. `"tiny"`, as in the article: normally distributed with a standard
 * deviation of 0.001, biases zero; learns slowly at first, but stably. `"scaled"`: uniform within
 * ±1 / √hidden, as in PyTorch's recurrent layers, with an LSTM's forget gate open; for longer and
 * more sentences. `"orthogonal"`: as `"scaled"`, with a random orthogonal matrix for each gate in
 * Whh. Embeddings are always normally distributed, with a standard deviation of 0.1; with letters,
 * 0.3 for words and 1 for letters.
 */
export type Init = "tiny" | "scaled" | "orthogonal";

/** The names of all initializations. */
export const INITS: readonly Init[] = ["tiny", "scaled", "orthogonal"];

const EMBEDDING_SIZE = 0.1; // standard deviation, small compared with trained embeddings
// Standard deviations with letters: of a tagger's words, and of letters as in torch.nn.Embedding.
// Part-of-speech accuracy after 2,000 sentences: 87.4%; 86.5% with letters as small as words.
const BESIDE_LETTERS = 0.3, LETTER_SIZE = 1;

/** Creates initial weights. The row of one-hot word 0, the unknown word, is zero. */
export function initWeights(
  init: Init,
  config: NetworkConfig,
  shapes: Weights<Shape>,
  random: Random,
): Weights<FloatArray> {
  const tiny = () => random.normal() / 1000;
  return mapWeights(shapes, ([rows, columns], key): FloatArray => {
    const { hidden, embedding, cell } = key.startsWith(LETTERS) ? lettersConfig(config) : config;
    const { startBias, starts } = cellOf(cell);
    const k = 1 / Math.sqrt(hidden);
    const uniform = () => (2 * random.uniform() - 1) * k;
    const name = key.slice(key.lastIndexOf(".") + 1); // without encoder or decoder
    const numbers = new Float64Array(rows * columns);
    const start = starts?.[name.replace(/_.*/, "")]; // without layer and direction
    if (start !== undefined) return numbers.fill(start);
    if (isCrfWeight(name)) return numbers; // zeros: any label may follow any other
    if (name === "embedding") {
      const beside = config.letters ? BESIDE_LETTERS : EMBEDDING_SIZE;
      const size = key.startsWith(LETTERS) ? LETTER_SIZE : beside;
      return numbers.map(() => size * random.normal());
    }
    if (init !== "tiny" && name === "projection") { // as in torch.nn.Linear
      return numbers.map(() => (2 * random.uniform() - 1) / Math.sqrt(rows));
    }
    if (init === "tiny") return name.startsWith("b") ? numbers : zeroUnknown(numbers.map(tiny));
    if (init === "orthogonal" && /^Whh(_|$)/.test(name)) return eachGate(rows, columns, random);
    numbers.forEach((_, i) => numbers[i] = uniform());
    if (startBias && /^bh(_|$)/.test(name)) {
      const { gate, value } = startBias;
      numbers.fill(value, gate * hidden, (gate + 1) * hidden);
    }
    return zeroUnknown(numbers);

    function zeroUnknown(numbers: Float64Array<ArrayBuffer>): FloatArray {
      const isFirst = embedding === 0 && (name === "Wxh" || name === "Wxh_reverse");
      return isFirst ? numbers.fill(0, 0, columns) : numbers; // never trained, so it stays neutral
    }
  });
}

/** Creates Whh from an orthogonal matrix for each gate, concatenated. */
function eachGate(rows: number, columns: number, random: Random): FloatArray {
  const numbers = new Float64Array(rows * columns);
  for (let first = 0; first < columns; first += rows) {
    const own = orthogonal(rows, random);
    for (const [k, value] of own.entries()) {
      numbers[(k % rows) * columns + first + Math.floor(k / rows)] = value;
    }
  }
  return numbers;
}
