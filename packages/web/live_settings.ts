/**
 * The settings that can change during a run.
 *
 * @module
 */
import type { Settings } from "./settings.ts";

/** The names of the settings that can change during a run. */
export const LIVE = ["epochs", "learningRate", "clip", "clipNorm", "dropout"] as const;

/** The settings of {@linkcode LIVE}. */
export type LiveSettings = Pick<Settings, (typeof LIVE)[number]>;

/** Picks the settings that can change during a run. */
export function liveOf(settings: Settings): LiveSettings {
  const { epochs, learningRate, clip, clipNorm, dropout } = settings;
  return { epochs, learningRate, clip, clipNorm, dropout };
}
