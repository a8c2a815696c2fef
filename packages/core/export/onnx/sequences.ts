/**
 * Networks that read batches of variable-length sequences: words, or rows of numbers.
 *
 * @module
 */
import type { FloatArray } from "../../backend.ts";
import { type AnyModel, networkWeights } from "../../model.ts";
import type { NetworkConfig } from "../../network/config.ts";
import { poolingOf } from "../../network/head.ts";
import type { Weights } from "../../network/weights.ts";
import { MAX_LETTERS } from "../../text/spellings.ts";
import type { Builder, Value } from "./builder.ts";
import { logitsOfSteps, logitsOfTexts, pooledStates } from "./head.ts";
import { stackLayers } from "./stack.ts";
import { spelledWordVectors, timeMajor, wordVectors } from "./words.ts";

/** The parts of a model that determine how it reads words. */
type WordReader = Pick<AnyModel, "config" | "vocabulary"> & { alphabet?: readonly string[] };

/** Computes the inputs of one network, `[steps, batch, width]`. */
type ReadInputs = (graph: Builder, weights: Weights<FloatArray>) => Value;

/** Adds the graph input `lengths`, the number of time steps of each sequence, int32 `[batch]`. */
export function lengthsInput(graph: Builder, what: string): Value {
  return graph.input({
    name: "lengths",
    type: "int32",
    dims: ["batch"],
    doc: `the number of ${what} in each; padding after them is ignored`,
  });
}

/** Adds token ids `[batch, steps]` as a graph input, and returns a function that embeds them. */
export function wordInput(
  graph: Builder,
  { config, vocabulary, alphabet }: WordReader,
  name: string,
  doc: string,
): ReadInputs {
  const input = graph.input({ name, type: "int64", dims: ["batch", "steps"], doc });
  const ids = timeMajor(graph, input, `${name}_over_time`);
  if (!alphabet) {
    return (graph, weights) => wordVectors(graph, config, weights, ids, vocabulary.length);
  }
  const spelled = {
    letters: graph.input({
      name: "letters",
      type: "int64",
      dims: ["batch", "steps", "letters"],
      doc: "the letters of each word as written, as indices into the metadata's alphabet; for a " +
        `word of more than ${MAX_LETTERS} letters, the first and the last ${MAX_LETTERS / 2}`,
    }),
    lengths: graph.input({
      name: "letter_counts",
      type: "int32",
      dims: ["batch", "steps"],
      doc: "the number of letters in each word; 0 for padding",
    }),
  };
  const sizes = { words: vocabulary.length, alphabet: alphabet.length, spelled };
  return (graph, weights) => spelledWordVectors(graph, config, weights, ids, sizes);
}

/** Adds the words of texts as a graph input, and returns a function that embeds them. */
export function textInput(graph: Builder, model: WordReader): ReadInputs {
  const doc = "the words of each text, as indices into the metadata's vocabulary; 0 is unknown";
  return wordInput(graph, model, "words", doc);
}

/** Computes the logits of a model; for an ensemble, the mean over its networks. */
export function meanLogits(
  graph: Builder,
  model: Pick<AnyModel, "config" | "weights" | "ensemble">,
  read: ReadInputs,
  lengths: Value,
): Value {
  const networks = networkWeights(model), isAlone = networks.length === 1;
  const each = networks.map((weights, k) =>
    networkLogits(isAlone ? graph : graph.within(`${k}.`), model.config, weights, read, lengths)
  );
  return isAlone ? each[0] : graph.node("Mean", each, "mean_logits");
}

function networkLogits(
  graph: Builder,
  config: NetworkConfig,
  weights: Weights<FloatArray>,
  read: ReadInputs,
  lengths: Value,
): Value {
  const layers = stackLayers(graph, config, weights, read(graph, weights), { lengths });
  const pooled = pooledStates(graph, { config, top: layers[config.layers - 1], lengths });
  const logits = poolingOf(config).isPerStep ? logitsOfSteps : logitsOfTexts;
  return logits(graph, weights, pooled);
}
