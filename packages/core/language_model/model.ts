/**
 * A language model before it is trained.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import { type Init, initWeights } from "../init.ts";
import type { Model } from "../model.ts";
import { checkConfig, type NetworkConfig, networkConfig } from "../network_config.ts";
import { Random, STREAMS } from "../random.ts";
import { requireInteger } from "../settings.ts";
import { checkUnit, splitSymbols, type SymbolUnit } from "../text/symbols.ts";
import { UNKNOWN } from "../text/vocabulary.ts";

/** Settings of {@linkcode createLanguageModel}: the network's, and these. */
export interface LanguageModelOptions
  extends Partial<Omit<NetworkConfig, "bidirectional" | "head">> {
  /** What is foretold one by one. Default: `"characters"`, which are Unicode's code points. */
  unit?: SymbolUnit;
  /** How many symbols are known at most, the commonest; others are unknown. Default: all. */
  limit?: number;
  /** How the weights start. Default: `"scaled"`. */
  init?: Init;
  /** The seed of the weights. Default: 1. */
  seed?: number;
}

/**
 * An untrained language model for some texts: after each symbol it foretells the next. Its symbols
 * are theirs, in code-unit order; id 0 stands for the start of a text and for unknown symbols.
 *
 * @throws {InputError} Where the texts have fewer than two symbols, or a setting is out of range.
 *
 * @example
 * ```ts
 * import { createLanguageModel } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const model = createLanguageModel(["abracadabra"], { cell: "gru", hidden: 16 });
 * assertEquals(model.vocabulary, ["<unk>", "a", "b", "c", "d", "r"]);
 * ```
 */
export function createLanguageModel(
  texts: readonly string[],
  options: LanguageModelOptions = {},
): Model {
  const { unit = "characters", limit = Infinity, init = "scaled", seed = 1, ...network } = options;
  checkUnit(unit);
  if (limit !== Infinity) requireInteger("the limit of the vocabulary", limit, 2);
  requireInteger("the seed", seed, 0);
  const config = networkConfig({ cell: "lstm", hidden: 128, ...network, head: "token" });
  checkConfig(config);
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const symbol of splitSymbols(text, unit)) {
      counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
    }
  }
  counts.delete(UNKNOWN);
  const common = [...counts.keys()].sort((a, b) =>
    counts.get(b)! - counts.get(a)! || (a < b ? -1 : 1)
  );
  const vocabulary = [UNKNOWN, ...common.slice(0, limit).sort()];
  if (vocabulary.length < 3) {
    throw new InputError(
      `the text has ${vocabulary.length - 1} different ${unit}; two or more are needed`,
    );
  }
  const random = new Random(seed, STREAMS.weights);
  const size = vocabulary.length;
  const weights = initWeights(init, config, size, size, random);
  const tokenizer = { lowerCase: false, punctuation: "keep" } as const;
  return {
    task: "language-model",
    unit,
    config,
    tokenizer,
    vocabulary,
    labels: vocabulary,
    weights,
  };
}
