/**
 * Models that give a text a number, before they are trained.
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

/** A model that gives a text a number. */
export interface RegressionModel extends AnyModel {
  /** Its task. */
  task: "regression";
  /** How a text becomes words. */
  tokenizer: TokenizerOptions;
  /** The loss that it is trained by. */
  loss: NumberLossName;
  /** What the numbers that it learned are like. */
  scale: NumberScale;
  /**
   * A linear map of the words that has learned the same examples: its baseline. A number for each
   * word, and in the place of unknown ones the constant.
   */
  ridge?: Float32Array<ArrayBuffer>;
}

/** Options of a regression model. */
export interface RegressionOptions extends ModelOptions {
  /** How states become predictions: one for each text. */
  head?: Exclude<Head, "token">;
  /** The loss of the scaled numbers: what it makes least differs. Default: `"huber"`. */
  loss?: NumberLossName;
}

/**
 * An untrained model that gives a text a number: the labels of the examples are numbers. They are
 * scaled by their mean and standard deviation, and predictions are in their own unit again.
 *
 * @throws {InputError} For a label that is no number, where all are the same, and for an option that
 *   is out of range.
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
  numberLossOf(loss); // which checks it
  requirePooled(options);
  let scale: NumberScale | undefined;
  const { weights, ...model } = textModel(examples, options, own, (place) => {
    scale = scaleOf(examples, place);
    return 1;
  });
  return { task: "regression", ...model, labels: [], loss, scale: scale!, weights };
}
