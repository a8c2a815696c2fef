/**
 * The settings that a run may be given while it goes on.
 *
 * @module
 */
import type { Settings } from "./settings.ts";

/** What a run may be given while it goes on. */
export const LIVE = ["epochs", "learningRate", "clip", "clipNorm", "dropout"] as const;

/** The settings of {@linkcode LIVE}. */
export type LiveSettings = Pick<Settings, (typeof LIVE)[number]>;

/** Those of the settings that a run may be given while it goes on. */
export function liveOf(settings: Settings): LiveSettings {
  const { epochs, learningRate, clip, clipNorm, dropout } = settings;
  return { epochs, learningRate, clip, clipNorm, dropout };
}
