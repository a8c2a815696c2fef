/**
 * The settings that suit each built-in set. The texts stand in the worker's program alone.
 *
 * @module
 */
import { ARTICLE, type Settings } from "../settings.ts";

const GATED = { init: "scaled", optimizer: "adam", clip: 0, clipNorm: 1 } as const;

/** The built-in sets, and what differs from the article's run for them. */
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
    cell: "gru",
    hidden: 32,
    embedding: 32,
    bidirectional: true,
    head: "token",
    batchSize: 8,
    learningRate: 0.005,
    epochs: 60,
  },
};

/** The settings of a set; of one that is not there, the article's. */
export function presetOf(set: string): Settings {
  return Object.hasOwn(PRESETS, set) ? { ...ARTICLE, ...PRESETS[set], set } : ARTICLE;
}
