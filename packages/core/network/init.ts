/**
 * The weights that training starts from.
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
 * How weights start. `"tiny"`, as in the article: normally distributed, a thousandth large, biases
 * zero: learns slowly at first, and safely. `"scaled"`: uniform within ±1 / √hidden, as PyTorch's
 * recurrent layers do, an LSTM's forget gate open, embeddings normally distributed, a tenth large:
 * for longer sentences and more of them. `"orthogonal"`: the same, with Whh a random orthogonal matrix
 * for each gate.
 */
export type Init = "tiny" | "scaled" | "orthogonal";

/** All of them. */
export const INITS: readonly Init[] = ["tiny", "scaled", "orthogonal"];

const EMBEDDING_SIZE = 0.1; // small beside what training makes of it
// Of a tagger's words beside letters, and of letters, as torch.nn.Embedding has them: 87.4% of parts
// of speech after 2,000 sentences in place of 86.5 with letters as small as words.
const BESIDE_LETTERS = 0.3, LETTER_SIZE = 1;

/** Weights of these shapes. Word 0 of one-hot words, the unknown one, gets zeros. */
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
    if (isCrfWeight(name)) return numbers; // at first any label may follow any other
    if (name === "embedding") {
      const beside = config.letters ? BESIDE_LETTERS : EMBEDDING_SIZE;
      const size = key.startsWith(LETTERS) ? LETTER_SIZE : beside;
      return numbers.map(() => size * random.normal());
    }
    if (init !== "tiny" && name === "projection") { // as torch.nn.Linear has it
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
      return isFirst ? numbers.fill(0, 0, columns) : numbers; // never trained: it says nothing
    }
  });
}

/** Whh with an orthogonal matrix for each gate: their columns stand side by side. */
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
