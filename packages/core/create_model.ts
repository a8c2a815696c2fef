/**
 * Untrained models that label texts, or the words in them.
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
 * An untrained model for some examples: its vocabulary and its labels are theirs. With the head
 * `token` it is a tagger, which labels each word, and the label of an example is a list of tags with
 * spaces between them.
 *
 * @throws {InputError} Where there are fewer than two labels, or an option is out of range.
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
/** An untrained classifier. */
export function createModel(
  examples: Sequence<Example>,
  options?: ModelOptions & { head?: Exclude<Head, "token"> },
): ClassificationModel;
/** An untrained classifier or tagger, as the head says. */
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
