/**
 * Times how the cost of a step grows with its size: about linearly with the words of a sentence,
 * and about fourfold for twice the hidden size, as hidden-by-hidden weights do.
 *
 * @module
 */
import { DEFAULT, startOurs } from "./ours.ts";
import { median, takeTurns } from "./turns.ts";
import type { Sizes } from "./workloads.ts";

/** A workload at several sizes, each twice the previous one. */
export interface Scaling {
  /** The title. */
  title: string;
  /** The sizes. */
  sizes: number[];
  /** The workload. */
  workload: string;
  /** The size that grows. */
  what: keyof Sizes;
}

/** The scalings by name. */
export const SCALINGS: Record<string, Scaling> = {
  words: {
    title: "Classifier, a training step, by words in a sentence",
    sizes: [64, 128],
    workload: "classifier",
    what: "timeSteps",
  },
  hidden: {
    title: "Characters, 1 layer, a training step, by hidden size",
    sizes: [128, 256, 512, 1024],
    workload: "characters-512x1",
    what: "hidden",
  },
};

/** Times each size in turns with the default backend; returns medians and ratios of neighbors. */
export async function growth({ title, sizes, workload, what }: Scaling) {
  const programs = [];
  for (const size of sizes) {
    const program = await startOurs(workload, DEFAULT, { [what]: size });
    if (typeof program === "string") throw new Error(program);
    programs.push(program);
  }
  const results = await takeTurns(programs);
  const points = results.map(({ ms }, i) => ({ size: sizes[i], median: median(ms) }));
  const ratios = points.slice(1).map((point, i) => point.median / points[i].median);
  return { title, points, ratios };
}
