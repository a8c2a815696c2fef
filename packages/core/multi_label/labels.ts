/**
 * Several labels in one field.
 *
 * @module
 */
import type { LabelSplit } from "../classification/encode.ts";

/** Returns the split of a field into its distinct labels, without surrounding white space. */
export function labelsIn(separator: string): LabelSplit {
  return {
    split: (label) => [
      ...new Set(label.split(separator).map((each) => each.trim()).filter((each) => each !== "")),
    ],
  };
}
