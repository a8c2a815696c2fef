/**
 * The recommended settings of each built-in set. The texts are only in the worker's program.
 *
 * @module
 */
import { ARTICLE, type Settings } from "../settings.ts";
import { taskOf } from "../tasks/tasks.ts";

const GATED = { init: "scaled", optimizer: "adam", clip: 0, clipNorm: 1 } as const;

const PAIRS = {
  ...GATED,
  task: "translate",
  cell: "gru",
  hidden: 48,
  embedding: 24,
  bidirectional: true,
  batchSize: 32,
  learningRate: 0.005,
} as const;

/** The built-in sets, with the settings that differ from the article's run. */
export const PRESETS: Record<string, Partial<Settings>> = {
  moods: {},
  memory: {
    ...GATED,
    cell: "lstm",
    hidden: 24,
    embedding: 8,
    batchSize: 8,
    learningRate: 0.01,
    epochs: 60,
  },
  requests: {
    ...GATED,
    cell: "gru",
    hidden: 32,
    embedding: 16,
    batchSize: 8,
    learningRate: 0.005,
    epochs: 60,
  },
  tags: {
    ...GATED,
    task: "tagging",
    cell: "gru",
    hidden: 32,
    embedding: 32,
    bidirectional: true,
    head: "token",
    batchSize: 8,
    learningRate: 0.005,
    epochs: 60,
  },
  names: {
    ...GATED,
    task: "language-model",
    cell: "lstm",
    hidden: 64,
    dropout: 0.3,
    batchSize: 8,
    timeSteps: 16,
    learningRate: 0.003,
    epochs: 40,
  },
  writer: {
    ...GATED,
    task: "generate-from-label",
    unit: "words",
    cell: "gru",
    hidden: 32,
    embedding: 16,
    batchSize: 4,
    timeSteps: 12,
    learningRate: 0.005,
    epochs: 100,
  },
  reverse: { ...PAIRS, epochs: 40 },
  dates: { ...PAIRS, epochs: 60 },
};

/** Returns the names of the built-in sets, grouped by kind of task. */
export function groupedSets(): Map<string, string[]> {
  return Map.groupBy(Object.keys(PRESETS), (set) => taskOf(presetOf(set)).group);
}

/** Returns the settings of a set; for an unknown set, the article's. */
export function presetOf(set: string): Settings {
  return Object.hasOwn(PRESETS, set) ? { ...ARTICLE, ...PRESETS[set], set } : ARTICLE;
}
