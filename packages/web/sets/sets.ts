/**
 * The built-in sets.
 *
 * @module
 */
import { type Example, parseExamples } from "@unroll/core/texts";
import tagsTest from "../../../examples/tagging/test.csv" with { type: "text" };
import tagsTrain from "../../../examples/tagging/train.csv" with { type: "text" };
import sentences from "../../cli/sentences.json" with { type: "json" };
import { memorySet } from "./memory.ts";
import { namesSet } from "./names.ts";
import { datesSet, reverseSet } from "./pairs.ts";
import { requestsSet } from "./requests.ts";

/** Training examples, and test examples. */
export interface DataSet {
  /** The examples to train on. */
  train: Example[];
  /** Those to measure with alone; none for the visitor's own data. */
  test: Example[];
}

const SETS: Record<string, () => DataSet> = {
  moods: () => sentences,
  memory: memorySet,
  requests: requestsSet,
  names: namesSet,
  writer: () => sentences,
  reverse: reverseSet,
  dates: datesSet,
  tags: () => ({ train: parseExamples(tagsTrain), test: parseExamples(tagsTest) }),
};

/** A built-in set. */
export function builtInSet(name: string): DataSet {
  return SETS[name]();
}
