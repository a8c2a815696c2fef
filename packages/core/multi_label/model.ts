/**
 * Models that give a text any number of labels, before they are trained.
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

/** A model that gives a text any number of labels. */
export interface MultiLabelModel extends AnyModel, Companions {
  /** Its task. */
  task: "multi-label";
  /** How a text becomes words. */
  tokenizer: TokenizerOptions;
  /** What stands between the labels of an example. */
  separator: string;
  /** The probability from which on a text is given a label. */
  threshold: number;
  /** The same of each label, in their order, where they differ. */
  thresholds?: number[];
}

/** Options of a model that gives any number of labels. */
export interface MultiLabelOptions extends ModelOptions {
  /** How states become predictions: those of each text. */
  head?: Exclude<Head, "token">;
  /** What stands between the labels of an example. Default: `";"`. */
  separator?: string;
  /** The probability from which on a text is given a label, above 0 and below 1. Default: 0.5. */
  threshold?: number;
}

/**
 * An untrained model that gives a text any number of labels, each by a probability of its own. The
 * label of an example is a list of labels with a separator between them.
 *
 * @throws {InputError} Where there is no label, or an option is out of range.
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
    throw new InputError(`${place}no example has a label; name the column of the labels`);
  });
  return { task: "multi-label", ...model, labels, separator, threshold, weights };
}

/** The threshold of each label. */
export function thresholdsOf(
  { labels, threshold, thresholds }: Pick<MultiLabelModel, "labels" | "threshold" | "thresholds">,
): number[] {
  return labels.map((_, c) => thresholds?.[c] ?? threshold);
}

/**
 * Throws for what cannot stand between labels.
 *
 * @throws {InputError} With the value.
 */
export function requireSeparator(separator: unknown): asserts separator is string {
  if (typeof separator === "string" && separator.trim() !== "") return;
  throw new InputError(
    `what separates labels must be a text that is not blank, such as ";", got ${shown(separator)}`,
  );
}
