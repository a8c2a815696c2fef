/**
 * Untrained translation models.
 *
 * @module
 */
import type { Example } from "../data/examples.ts";
import { symbolCounts } from "../data/token_counts.ts";
import { InputError } from "../errors.ts";
import { type Init, initWeights } from "../network/init.ts";
import type { AnyModel } from "../model.ts";
import { checkModelOptions } from "../model_options.ts";
import { checkConfig, type NetworkConfig, networkConfig } from "../network/config.ts";
import { checkSizes } from "../network/shapes.ts";
import { Random, STREAMS } from "../random.ts";
import { requireInteger, requireOneOf } from "../checks.ts";
import { EOS } from "../text/marks.ts";
import type { Sequence } from "../sequence.ts";
import { checkUnit, type SymbolReader, symbolsOf, type SymbolUnit } from "../text/symbols.ts";
import { type Attention, seq2seqShapes } from "./network.ts";

/** A model that translates a text into another one. */
export interface TranslationModel extends AnyModel, SymbolReader {
  /** The name of its task. */
  task: "translate";
  /** Whether the decoder attends to the source. */
  attention: Attention;
}

/** Options of {@linkcode createTranslationModel}: these and the network's. */
export interface TranslationModelOptions
  extends Partial<Omit<NetworkConfig, "head" | "frozen" | "projection" | "letters" | "crf">> {
  /** How the decoder attends to the source. Default: `"dot"`. */
  attention?: Attention;
  /** The symbols that both texts are split into. Default: `"characters"`, Unicode code points. */
  unit?: SymbolUnit;
  /** The size of each vocabulary, which keeps the most frequent symbols. Default: all. */
  limit?: number;
  /** Whether to strip HTML from sources and targets, see `stripHtml`. Default: no. */
  html?: "strip";
  /** The weight initialization. Default: `"scaled"`. */
  init?: Init;
  /** The random seed of the initial weights. Default: 1. */
  seed?: number;
}

// The decoder predicts at every time step.
const SETTLED = { head: "token", frozen: false } as const;

const OPTIONS = /* @__PURE__ */ Object.keys(
  {
    cell: true,
    activation: true,
    hidden: true,
    layers: true,
    bidirectional: true,
    dropout: true,
    recurrentDropout: true,
    embedding: true,
    attention: true,
    unit: true,
    limit: true,
    html: true,
    init: true,
    seed: true,
  } satisfies Record<keyof TranslationModelOptions, true>,
);

/**
 * Creates an untrained model that translates the text of each example into its label. Source and
 * target have separate vocabularies; with `bidirectional` the encoder reads in both directions.
 * Both texts are normalized to NFC, and otherwise unchanged.
 *
 * @throws {InputError} If there are no examples, or an option is out of range.
 *
 * @example
 * ```ts
 * import { createTranslationModel } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const model = createTranslationModel([{ text: "1+2", label: "3" }], { hidden: 16 });
 * assertEquals(model.vocabulary, ["<unk>", "+", "1", "2"]);
 * assertEquals(model.labels, ["<unk>", "3", "<start or end>"]);
 * ```
 */
export function createTranslationModel(
  examples: Sequence<Example>,
  options: TranslationModelOptions = {},
): TranslationModel {
  checkModelOptions("createTranslationModel()", OPTIONS, options, SETTLED);
  const { attention = "dot", unit = "characters", limit = Infinity, init = "scaled" } = options;
  const { seed = 1, html } = options;
  checkUnit(unit);
  requireOneOf("the attention", attention, ["dot", "none"]);
  if (limit !== Infinity) requireInteger("the limit of the vocabulary", limit, 1);
  requireInteger("the seed", seed, 0);
  if (examples.length === 0) throw new InputError("there are no examples to learn from");
  const defaults = { cell: "gru", hidden: 128, embedding: 32 } as const;
  const config = networkConfig({ ...defaults, ...options, ...SETTLED });
  checkConfig(config);
  const reader: SymbolReader = { unit, normalization: "NFC", ...(html && { html }) };
  const vocabulary = symbolsOf(symbolCounts(examples, reader), limit);
  const labels = [...symbolsOf(symbolCounts(examples, reader, "labels"), limit), EOS];
  const shapes = seq2seqShapes(config, attention, vocabulary.length, labels.length);
  checkSizes(config, shapes);
  const weights = initWeights(init, config, shapes, new Random(seed, STREAMS.weights));
  return {
    task: "translate",
    ...reader,
    attention,
    config,
    vocabulary,
    labels,
    weights,
  };
}
