/**
 * Texts with any number of labels as the ids that a network reads.
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

/** Encodes examples as word ids and label ids; -1 for a label that the model does not have. */
export function encodeLabelSets(
  model: MultiLabelModel,
  examples: Sequence<Example>,
  options?: EncodeOptions,
): EncodedSet {
  return encodeLabeled(model, examples, labelsIn(model.separator), options);
}
