/**
 * Untrained language models.
 *
 * @module
 */
import type { Example } from "../data/examples.ts";
import { differentLabels, symbolCounts } from "../data/token_counts.ts";
import { placeOf } from "../data/place.ts";
import { InputError } from "../errors.ts";
import { type Init, initWeights } from "../network/init.ts";
import type { AnyModel } from "../model.ts";
import { checkModelOptions } from "../model_options.ts";
import { checkConfig, type NetworkConfig, networkConfig } from "../network/config.ts";
import { checkSizes, weightShapes } from "../network/shapes.ts";
import { Random, STREAMS } from "../random.ts";
import { requireInteger, requireOneOf } from "../checks.ts";
import { quote } from "../printable.ts";
import { EOS, labelMark } from "../text/marks.ts";
import type { Sequence } from "../sequence.ts";
import {
  checkUnit,
  type SymbolForm,
  type SymbolReader,
  symbolsOf,
  type SymbolUnit,
} from "../text/symbols.ts";

/** A model that predicts a text symbol by symbol, so that it can continue one. */
export interface LanguageModel extends AnyModel, SymbolReader {
  /** The name of its task. */
  task: "language-model";
}

/** Options of {@linkcode createLanguageModel}: these and the network's. */
export interface LanguageModelOptions extends
  Partial<
    Omit<NetworkConfig, "bidirectional" | "head" | "frozen" | "projection" | "letters" | "crf">
  > {
  /** The symbols that are predicted. Default: `"characters"`, Unicode code points. */
  unit?: SymbolUnit;
  /** The size of the vocabulary, which keeps the most frequent symbols. Default: all. */
  limit?: number;
  /**
   * Whether to generate texts for labels (one-to-many): each text then starts with its label's mark
   * instead of the start mark. Default: false.
   */
  fromLabel?: boolean;
  /** Whether to learn where texts end. Default: true for more than one text, or with labels. */
  ends?: boolean;
  /** Whether to strip HTML from texts, see `stripHtml`. Default: no. */
  html?: "strip";
  /**
   * The normalization of the texts. `"plain"`, for the unit `"words"`, reads the words that a new
   * classifier reads, in lower case and without punctuation: for pretraining. Default: `"NFC"`.
   */
  normalization?: SymbolForm;
  /** The weight initialization. Default: `"scaled"`. */
  init?: Init;
  /** The random seed of the initial weights. Default: 1. */
  seed?: number;
}

// A language model reads in one direction, and predicts at every time step.
const SETTLED = { head: "token", bidirectional: false, frozen: false } as const;

const OPTIONS = /* @__PURE__ */ Object.keys(
  {
    cell: true,
    activation: true,
    hidden: true,
    layers: true,
    dropout: true,
    recurrentDropout: true,
    embedding: true,
    unit: true,
    limit: true,
    html: true,
    normalization: true,
    fromLabel: true,
    ends: true,
    init: true,
    seed: true,
  } satisfies Record<keyof LanguageModelOptions, true>,
);

/**
 * Creates an untrained language model for some texts: after the start and after each symbol, it
 * predicts the next one. Its vocabulary has the unknown symbol at id 0, then the texts' symbols in
 * code-unit order. Texts and prompts are normalized to NFC, with their typography unchanged.
 *
 * @throws {InputError} If the texts have fewer than two symbols, or an option is out of range.
 *
 * @example
 * ```ts
 * import { createLanguageModel } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const examples = [{ text: "abracadabra" }];
 * const model = createLanguageModel(examples, { cell: "gru", hidden: 16 });
 * assertEquals(model.labels, ["<unk>", "a", "b", "c", "d", "r"]);
 * assertEquals(model.vocabulary, [...model.labels, "<start or end>"]);
 * ```
 */
export function createLanguageModel(
  examples: Sequence<Example>,
  options: LanguageModelOptions = {},
): LanguageModel {
  checkModelOptions("createLanguageModel()", OPTIONS, options, SETTLED);
  const { unit = "characters", limit = Infinity, init = "scaled", seed = 1 } = options;
  const { fromLabel = false, ends = fromLabel || examples.length > 1, html, ...network } = options;
  const { normalization = "NFC" } = options;
  checkUnit(unit);
  requireOneOf("the normalization", normalization, ["NFC", "plain"]);
  if (normalization === "plain" && unit !== "words") {
    throw new InputError(`the normalization "plain" is for the unit "words", got ${quote(unit)}`);
  }
  if (limit !== Infinity) requireInteger("the limit of the vocabulary", limit, 2);
  requireInteger("the seed", seed, 0);
  const config = networkConfig({
    cell: "lstm",
    hidden: 128,
    ...network,
    ...SETTLED,
  });
  checkConfig(config);
  const reader: SymbolReader = { unit, normalization, ...(html && { html }) };
  const symbols = symbolsOf(symbolCounts(examples, reader), limit);
  if (symbols.length < 3) {
    throw new InputError(
      `${placeOf(examples)}the text has ${symbols.length - 1} different ${unit}; ` +
        "a language model needs at least two",
    );
  }
  const names = fromLabel ? differentLabels(examples) : [];
  const vocabulary = [...symbols, EOS, ...names.map(labelMark)];
  const labels = ends ? [...symbols, EOS] : symbols;
  const shapes = weightShapes(config, vocabulary.length, labels.length);
  checkSizes(config, shapes);
  const weights = initWeights(init, config, shapes, new Random(seed, STREAMS.weights));
  return { task: "language-model", ...reader, config, vocabulary, labels, weights };
}
