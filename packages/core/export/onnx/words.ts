/**
 * Word vectors in a graph: one-hot rows or embedding rows, optionally concatenated with the output
 * of a small network that reads the letters of each word.
 *
 * @module
 */
import type { FloatArray } from "../../backend.ts";
import type { NetworkConfig } from "../../network/config.ts";
import { LETTERS, lettersConfig, lettersWeights, lettersWidth } from "../../network/letters.ts";
import type { Weights } from "../../network/weights.ts";
import type { Builder, Value } from "./builder.ts";
import { NUMBER_TYPES } from "./messages.ts";
import { lastSideBySide, stackLayers } from "./stack.ts";

/** The letters of words in a graph. */
export interface LetterInputs {
  /** The ids of the letters, int64 `[batch, steps, letters]`. */
  letters: Value;
  /** The number of letters in each word, int32 `[batch, steps]`. */
  lengths: Value;
}

/** Transposes ids from `[batch, steps]` to `[steps, batch]`. */
export function timeMajor(graph: Builder, ids: Value, name: string): Value {
  return graph.node("Transpose", [ids], name, { perm: [1, 0] });
}

/**
 * Computes x_1 to x_n, `[steps, batch, width]`, from ids `[steps, batch]`.
 *
 * @param words The size of the vocabulary.
 */
export function wordVectors(
  graph: Builder,
  { embedding, projection }: NetworkConfig,
  weights: Weights<FloatArray>,
  ids: Value,
  words: number,
): Value {
  if (embedding === 0) {
    const values = graph.weight("one_hot.values", [2], () => Float32Array.of(0, 1));
    return graph.node("OneHot", [ids, graph.int(words), values], "one_hot", { axis: -1 });
  }
  const table = graph.weight("embedding.weight", [words, embedding], () => weights.embedding);
  const x = graph.node("Gather", [table, ids], "embedding", { axis: 0 });
  if (!projection) return x;
  const P = graph.weight("projection.weight", [embedding, projection], () => weights.projection);
  return graph.node("MatMul", [x, P], "projection");
}

/** Computes word vectors as {@linkcode wordVectors} does, and appends those of the letters. */
export function spelledWordVectors(
  graph: Builder,
  config: NetworkConfig,
  weights: Weights<FloatArray>,
  ids: Value,
  { words, alphabet, spelled }: { words: number; alphabet: number; spelled: LetterInputs },
): Value {
  const own = graph.within(LETTERS), letters = lettersConfig(config);
  const shape = own.node("Shape", [spelled.letters], "shape");
  const most = own.node("Gather", [shape, own.ints(2)], "most", { axis: 0 });
  const flat = own.node("Concat", [own.ints(-1), most], "flat_shape", { axis: 0 });
  // Each word is a sequence of letters; padding counts as one letter, whose result is ignored.
  const rows = own.node("Reshape", [spelled.letters, flat], "of_words");
  const lengths = own.node("Reshape", [spelled.lengths, own.ints(-1)], "lengths");
  const one = own.node("Cast", [own.ints(1)], "one", { to: NUMBER_TYPES.int32 });
  const x = wordVectors(
    own,
    letters,
    lettersWeights(weights),
    timeMajor(own, rows, "ids"),
    alphabet,
  );
  const [layer] = stackLayers(own, letters, lettersWeights(weights), x, {
    lengths: own.node("Max", [lengths, one], "least_lengths"),
  });
  const last = lastSideBySide(own, letters, layer); // [batch * steps, width]
  const batched = own.node("Shape", [spelled.lengths], "batch_and_steps");
  const back = own.node("Concat", [batched, own.ints(lettersWidth(config))], "back_shape", {
    axis: 0,
  });
  const spelling = own.node("Transpose", [own.node("Reshape", [last, back], "back")], "of_places", {
    perm: [1, 0, 2],
  });
  const known = wordVectors(graph, config, weights, ids, words);
  return graph.node("Concat", [known, spelling], "words_and_letters", { axis: -1 });
}
