/**
 * Untrained models that predict a number for a text.
 *
 * @module
 */
import { type ModelOptions, textModel } from "../classification/model.ts";
import type { Example } from "../data/examples.ts";
import type { AnyModel } from "../model.ts";
import type { Head } from "../network/config.ts";
import { requirePooled } from "../classification/text_model.ts";
import { type NumberLossName, numberLossOf } from "../network/losses/losses.ts";
import type { Sequence } from "../sequence.ts";
import { NEW_TOKENIZER, type TokenizerOptions } from "../text/tokenizer.ts";
import { type NumberScale, scaleOf } from "./scale.ts";

/** A model that predicts a number for a text. */
export interface RegressionModel extends AnyModel {
  /** The name of its task. */
  task: "regression";
  /** How a text is split into words. */
  tokenizer: TokenizerOptions;
  /** The training loss. */
  loss: NumberLossName;
  /** The scale of the training examples' numbers. */
  scale: NumberScale;
  /**
   * The baseline: a linear map of the words, fitted to the same examples by ridge regression. A
   * weight for each word of the vocabulary; at id 0, the unknown word's, the constant.
   */
  ridge?: Float32Array<ArrayBuffer>;
}

/** Options of a regression model. */
export interface RegressionOptions extends ModelOptions {
  /** How the states of a text are pooled into one prediction. */
  head?: Exclude<Head, "token">;
  /** The loss, of scaled numbers. Default: `"huber"`. */
  loss?: NumberLossName;
}

/**
 * Creates an untrained model that predicts a number for a text. The labels of the examples are the
 * numbers. The network learns them scaled by their mean and standard deviation; predictions are in
 * the original unit.
 *
 * @throws {InputError} If a label is not a number, all are equal, or an option is out of range.
 *
 * @example
 * ```ts
 * import { createRegressor, fit, predict } from "@unroll/core";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const examples = [
 *   { text: "one", label: "1" },
 *   { text: "two", label: "2" },
 *   { text: "four", label: "4" },
 * ];
 * const model = createRegressor(examples, { cell: "gru", hidden: 8 });
 * assertEquals(model.scale.median, 2);
 * const backend = createCpuBackend();
 * const options = { epochs: 100, optimizer: { name: "adam" } } as const;
 * await fit(backend, model, examples, options);
 * const [{ value }] = await predict(backend, model, ["four"]);
 * assertAlmostEquals(value, 4, 0.1);
 * ```
 */
export function createRegressor(
  examples: Sequence<Example>,
  options: RegressionOptions = {},
): RegressionModel {
  const { loss = "huber" } = options;
  const own = { name: "createRegressor()", tokenizer: NEW_TOKENIZER, options: ["loss"] };
  numberLossOf(loss); // throws if the loss is unknown
  requirePooled(options);
  let scale: NumberScale | undefined;
  const { weights, ...model } = textModel(examples, options, own, (place) => {
    scale = scaleOf(examples, place);
    return 1;
  });
  return { task: "regression", ...model, labels: [], loss, scale: scale!, weights };
}
