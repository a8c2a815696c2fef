/**
 * Untrained multi-label models.
 *
 * @module
 */
import { shown } from "../checks.ts";
import type { Companions } from "../classification/combine.ts";
import { type ModelOptions, textModel } from "../classification/model.ts";
import { requirePooled } from "../classification/text_model.ts";
import type { Example } from "../data/examples.ts";
import { differentLabels } from "../data/token_counts.ts";
import { InputError } from "../errors.ts";
import type { AnyModel } from "../model.ts";
import type { Head } from "../network/config.ts";
import type { Sequence } from "../sequence.ts";
import { NEW_TOKENIZER, type TokenizerOptions } from "../text/tokenizer.ts";
import { labelsIn } from "./labels.ts";

/** A model that predicts any number of labels for a text. */
export interface MultiLabelModel extends AnyModel, Companions {
  /** The name of its task. */
  task: "multi-label";
  /** How a text is split into words. */
  tokenizer: TokenizerOptions;
  /** The separator between the labels of an example. */
  separator: string;
  /** The decision threshold: a label is predicted if its probability is at least this. */
  threshold: number;
  /** The decision threshold of each label, in the order of the labels, if they differ. */
  thresholds?: number[];
}

/** Options of a multi-label model. */
export interface MultiLabelOptions extends ModelOptions {
  /** How the states of a text are pooled. */
  head?: Exclude<Head, "token">;
  /** The separator between the labels of an example. Default: `";"`. */
  separator?: string;
  /** The decision threshold of probabilities, above 0 and below 1. Default: 0.5. */
  threshold?: number;
}

/**
 * Creates an untrained model that predicts any number of labels for a text, with independent
 * probabilities. The label of an example is a list of labels with a separator between them.
 *
 * @throws {InputError} If there are no labels, or an option is out of range.
 *
 * @example
 * ```ts
 * import { createMultiLabelClassifier, fit, predict } from "@unroll/core";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assertEquals } from "@std/assert";
 *
 * const examples = [
 *   { text: "cheap and good", label: "price;quality" },
 *   { text: "cheap", label: "price" },
 *   { text: "good", label: "quality" },
 * ];
 * const model = createMultiLabelClassifier(examples, { cell: "gru", head: "max" });
 * assertEquals(model.labels, ["price", "quality"]);
 * const backend = createCpuBackend();
 * await fit(backend, model, examples, { epochs: 100, optimizer: { name: "adam" } });
 * const [{ labels }] = await predict(backend, model, ["good and cheap"]);
 * assertEquals(labels.sort(), ["price", "quality"]);
 * ```
 */
export function createMultiLabelClassifier(
  examples: Sequence<Example>,
  options: MultiLabelOptions = {},
): MultiLabelModel {
  const { separator = ";", threshold = 0.5 } = options;
  requireSeparator(separator);
  if (!(threshold > 0 && threshold < 1)) {
    throw new InputError(`the threshold must be above 0 and below 1, got ${shown(threshold)}`);
  }
  requirePooled(options);
  const own = {
    name: "createMultiLabelClassifier()",
    tokenizer: NEW_TOKENIZER,
    options: ["separator", "threshold"],
  };
  let labels: string[] = [];
  const { weights, ...model } = textModel(examples, options, own, (place) => {
    if (examples.length === 0) throw new InputError("there are no examples to learn from");
    labels = differentLabels(examples, labelsIn(separator).split);
    if (labels.length > 0) return labels.length;
    throw new InputError(`${place}no example has a label; name the label column`);
  });
  return { task: "multi-label", ...model, labels, separator, threshold, weights };
}

/** Returns the decision threshold of each label. */
export function thresholdsOf(
  { labels, threshold, thresholds }: Pick<MultiLabelModel, "labels" | "threshold" | "thresholds">,
): number[] {
  return labels.map((_, c) => thresholds?.[c] ?? threshold);
}

/**
 * Throws if the separator is not a string, or is blank.
 *
 * @throws {InputError} If so; the message has the value.
 */
export function requireSeparator(separator: unknown): asserts separator is string {
  if (typeof separator === "string" && separator.trim() !== "") return;
  throw new InputError(
    `the label separator must be a text that is not blank, such as ";", got ${shown(separator)}`,
  );
}
