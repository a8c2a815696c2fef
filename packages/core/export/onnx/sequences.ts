/**
 * Networks that read batches of sequences of any lengths: of words, or of rows of numbers.
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

/** What of a model settles how it reads words. */
type WordReader = Pick<AnyModel, "config" | "vocabulary"> & { alphabet?: readonly string[] };

/** Makes the inputs `[steps, batch, width]` of one network. */
type ReadInputs = (graph: Builder, weights: Weights<FloatArray>) => Value;

/** How many steps each sequence has, as an input. */
export function lengthsInput(graph: Builder, what: string): Value {
  return graph.input({
    name: "lengths",
    type: "int32",
    dims: ["batch"],
    doc: `how many ${what} each has; those behind them are padding, and mean nothing`,
  });
}

/** Ids as an input, `[batch, steps]`, and what makes vectors of them. */
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
      doc: "the letters of each word as it is written, places in the metadata's alphabet; of a " +
        `longer word than ${MAX_LETTERS} the first and the last ${MAX_LETTERS / 2}`,
    }),
    lengths: graph.input({
      name: "letter_counts",
      type: "int32",
      dims: ["batch", "steps"],
      doc: "how many letters each word has; 0 for padding",
    }),
  };
  const sizes = { words: vocabulary.length, alphabet: alphabet.length, spelled };
  return (graph, weights) => spelledWordVectors(graph, config, weights, ids, sizes);
}

/** Words as an input. */
export function textInput(graph: Builder, model: WordReader): ReadInputs {
  const doc = "the words of texts, places in the metadata's vocabulary; 0 for unknown ones";
  return wordInput(graph, model, "words", doc);
}

/** The logits of all networks of a model, of several their mean. */
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
