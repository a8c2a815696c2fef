/**
 * The built-in sets.
 *
 * @module
 */
import type { Example } from "@unroll/core/texts";
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

const SETS: Record<string, () => DataSet | Promise<DataSet>> = {
  moods: () => sentences,
  memory: memorySet,
  requests: requestsSet,
  names: namesSet,
  writer: () => sentences,
  reverse: reverseSet,
  dates: datesSet,
  tags: async () => (await import("./tags.ts")).tagsSet, // large, and most visits do without
};

/** A built-in set. */
export async function builtInSet(name: string): Promise<DataSet> {
  return await SETS[name]();
}
