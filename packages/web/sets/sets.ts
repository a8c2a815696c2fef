/**
 * The built-in sets.
 *
 * @module
 */
import type { Example } from "@unroll/core/texts";
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
  tags: () => ({ train: plainRows(tagsTrain), test: plainRows(tagsTest) }),
};

/** A built-in set. */
export function builtInSet(name: string): DataSet {
  return SETS[name]();
}

/** Rows of a table without quotes: what reads any table would be a tenth of the page's bytes. */
function plainRows(csv: string): Example[] {
  return csv.trim().split("\n").slice(1).map((line) => {
    const [text, label] = line.split(",");
    return { text, label };
  });
}
