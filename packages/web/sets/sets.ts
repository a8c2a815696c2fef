/**
 * The built-in sets.
 *
 * @module
 */
import type { Example } from "@unroll/core/texts";
import sentences from "../../cli/sentences.json" with { type: "json" };

/** A data set. */
export interface DataSet {
  /** The examples to train on. */
  train: Example[];
  /** The test examples; empty for the visitor's own data. */
  test: Example[];
}

const later = () => import("./later_sets.ts");

const SETS: Record<string, () => DataSet | Promise<DataSet>> = {
  moods: () => sentences,
  memory: async () => (await later()).memorySet(),
  requests: async () => (await later()).requestsSet(),
  names: async () => (await later()).namesSet(),
  writer: () => sentences,
  reverse: async () => (await later()).reverseSet(),
  dates: async () => (await later()).datesSet(),
  tags: async () => (await later()).tagsSet,
};

/** Returns a built-in set. */
export async function builtInSet(name: string): Promise<DataSet> {
  return await SETS[name]();
}
