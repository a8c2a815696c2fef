/**
 * Texts with any number of labels as a network sees them.
 *
 * @module
 */
import { encodeLabeled } from "../classification/encode.ts";
import type { Example } from "../data/examples.ts";
import type { Sequence } from "../sequence.ts";
import type { EncodeOptions } from "../task.ts";
import type { EncodedSet } from "../training/encoded.ts";
import { labelsIn } from "./labels.ts";
import type { MultiLabelModel } from "./model.ts";

/** Examples as word ids, and the ids of the labels that each has; -1 for one that is unseen. */
export function encodeLabelSets(
  model: MultiLabelModel,
  examples: Sequence<Example>,
  options?: EncodeOptions,
): EncodedSet {
  return encodeLabeled(model, examples, labelsIn(model.separator), options);
}
