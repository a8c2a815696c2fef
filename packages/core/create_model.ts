/**
 * Creates untrained models that label texts, or the words in them.
 *
 * @module
 */
import {
  type ClassificationModel,
  createClassifier,
  type ModelOptions,
} from "./classification/model.ts";
import type { Example } from "./data/examples.ts";
import { type Head, networkConfig } from "./network/config.ts";
import { poolingOf } from "./network/head.ts";
import type { Sequence } from "./sequence.ts";
import { createTagger, type TaggingModel } from "./tagging/model.ts";

/**
 * Creates an untrained model with the vocabulary and the labels of some examples. With the head
 * `token` the model is a tagger, which labels each word; the label of an example is then a list of
 * tags separated by spaces.
 *
 * @throws {InputError} If there are fewer than two labels, or an option is out of range.
 *
 * @example
 * ```ts
 * import { createModel } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const model = createModel([
 *   { text: "i am good", label: "positive" },
 *   { text: "i am bad", label: "negative" },
 * ]);
 * assertEquals(model.vocabulary, ["<unk>", "am", "bad", "good", "i"]);
 * assertEquals(model.labels, ["negative", "positive"]);
 * ```
 */
export function createModel(
  examples: Sequence<Example>,
  options: ModelOptions & { head: "token" },
): TaggingModel;
/** Creates an untrained classifier. */
export function createModel(
  examples: Sequence<Example>,
  options?: ModelOptions & { head?: Exclude<Head, "token"> },
): ClassificationModel;
/** Creates an untrained classifier or tagger, depending on the head. */
export function createModel(
  examples: Sequence<Example>,
  options?: ModelOptions,
): ClassificationModel | TaggingModel;
export function createModel(
  examples: Sequence<Example>,
  options: ModelOptions = {},
): ClassificationModel | TaggingModel {
  const config = networkConfig({ head: options?.head });
  const isTagger = poolingOf(config)?.isPerStep === true;
  return isTagger
    ? createTagger(examples, options)
    : createClassifier(examples, options as Parameters<typeof createClassifier>[1]);
}
