/**
 * A language model before it is trained.
 *
 * @module
 */
import type { Example } from "../data/examples.ts";
import { placeOf } from "../data/place.ts";
import { InputError } from "../errors.ts";
import { type Init, initWeights } from "../network/init.ts";
import type { Model } from "../model.ts";
import { checkModelOptions } from "../model_options.ts";
import {
  checkConfig,
  checkSizes,
  type NetworkConfig,
  networkConfig,
  weightShapes,
} from "../network/config.ts";
import { Random, STREAMS } from "../random.ts";
import { requireInteger } from "../checks.ts";
import { EDGE, labelMark } from "../text/marks.ts";
import { buildSymbols, checkUnit, type SymbolUnit } from "../text/symbols.ts";
import { DEFAULT_TOKENIZER } from "../text/tokenizer.ts";

/** Settings of {@linkcode createLanguageModel}: the network's, and these. */
export interface LanguageModelOptions
  extends Partial<Omit<NetworkConfig, "bidirectional" | "head" | "frozen">> {
  /** What is foretold one by one. Default: `"characters"`, which are Unicode's code points. */
  unit?: SymbolUnit;
  /** How many symbols are known at most, the commonest; others are unknown. Default: all. */
  limit?: number;
  /**
   * Whether a text is written for a label (one-to-many): then each begins with its label in the
   * start's place. Default: false.
   */
  fromLabel?: boolean;
  /** Whether the model learns where texts end. Default: true for more than one, or with labels. */
  ends?: boolean;
  /** How the weights start. Default: `"scaled"`. */
  init?: Init;
  /** The seed of the weights. Default: 1. */
  seed?: number;
}

// It reads forward alone, and predicts at every step.
const SETTLED = { head: "token", bidirectional: false, frozen: false } as const;

/**
 * An untrained language model for some texts: after the start and after each symbol it foretells the
 * next. Its symbols are theirs, in code-unit order, after the unknown one at id 0.
 *
 * @throws {InputError} Where the texts have fewer than two symbols, or a setting is out of range.
 *
 * @example
 * ```ts
 * import { createLanguageModel } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const examples = [{ text: "abracadabra", label: "" }];
 * const model = createLanguageModel(examples, { cell: "gru", hidden: 16 });
 * assertEquals(model.labels, ["<unk>", "a", "b", "c", "d", "r"]);
 * assertEquals(model.vocabulary, [...model.labels, "<start or end>"]);
 * ```
 */
export function createLanguageModel(
  examples: readonly Example[],
  options: LanguageModelOptions = {},
): Model {
  checkModelOptions("createLanguageModel()", "language-model", options, SETTLED);
  const { unit = "characters", limit = Infinity, init = "scaled", seed = 1 } = options;
  const { fromLabel = false, ends = fromLabel || examples.length > 1, ...network } = options;
  checkUnit(unit);
  if (limit !== Infinity) requireInteger("the limit of the vocabulary", limit, 2);
  requireInteger("the seed", seed, 0);
  const config = networkConfig({
    cell: "lstm",
    hidden: 128,
    ...network,
    ...SETTLED,
  });
  checkConfig(config);
  const symbols = buildSymbols(examples.map(({ text }) => text), unit, limit);
  if (symbols.length < 3) {
    throw new InputError(
      `${placeOf(examples)}the text has ${symbols.length - 1} different ${unit}; ` +
        "two or more are needed",
    );
  }
  const names = fromLabel ? [...new Set(examples.map(({ label }) => label))].sort() : [];
  const vocabulary = [...symbols, EDGE, ...names.map(labelMark)];
  const labels = ends ? [...symbols, EDGE] : symbols;
  const shapes = weightShapes(config, vocabulary.length, labels.length);
  checkSizes(config, shapes);
  const weights = initWeights(init, config, shapes, new Random(seed, STREAMS.weights));
  const task = "language-model";
  return { task, unit, config, tokenizer: DEFAULT_TOKENIZER, vocabulary, labels, weights };
}
