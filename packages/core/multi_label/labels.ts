/**
 * Several labels in one field.
 *
 * @module
 */
import type { LabelSplit } from "../classification/encode.ts";

/** The labels of an example: each once, without the blanks around it. */
export function labelsIn(separator: string): LabelSplit {
  return {
    split: (label) => [
      ...new Set(label.split(separator).map((each) => each.trim()).filter((each) => each !== "")),
    ],
  };
}
