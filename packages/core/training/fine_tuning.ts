/**
 * Fine-tuning: how the weights of a network that was trained before are moved, layer by layer.
 *
 * @module
 */
import { requireInteger, requireLeast, requireOptions } from "../checks.ts";
import type { NetworkConfig } from "../network/config.ts";

/** How a network that was trained before goes on, as Howard and Ruder (2018) have it. */
export interface FineTuning {
  /**
   * Discriminative fine-tuning: each layer learns at the rate of the one above it divided by this; the
   * head learns at the whole rate, and the embedding slowest. Default: 1, all alike.
   */
  layerDecay?: number;
  /**
   * Gradual unfreezing: for how many epochs the head is trained alone, and then each layer more, from
   * the top down to the embedding. Default: 0, all from the start.
   */
  unfreezeEvery?: number;
  /**
   * For how many epochs the embedding is left as it is while everything else learns, as where it has
   * begun with word vectors. Default: 0, none.
   */
  thawEmbedding?: number;
}

/** The settings with their defaults; `thawEmbedding` where it is more than 0. */
export type SettledFineTuning = Required<Omit<FineTuning, "thawEmbedding">> & FineTuning;

const OPTIONS = ["layerDecay", "unfreezeEvery", "thawEmbedding"];

/** The settings with their defaults; none where none are given. */
export function settleFineTuning(given: FineTuning | undefined): SettledFineTuning | undefined {
  if (given === undefined) return undefined;
  requireOptions("fineTuning", given, OPTIONS);
  const { layerDecay = 1, unfreezeEvery = 0, thawEmbedding = 0 } = given;
  checkFineTuning({ layerDecay, unfreezeEvery, thawEmbedding });
  return { layerDecay, unfreezeEvery, ...(thawEmbedding > 0 ? { thawEmbedding } : {}) };
}

/** Throws where a setting is out of range. */
export function checkFineTuning(settled: SettledFineTuning): void {
  requireOptions("fineTuning", settled, OPTIONS);
  requireLeast("the layer decay", settled.layerDecay, 1);
  requireInteger("the epochs of an unfreezing", settled.unfreezeEvery, 0);
  requireInteger("the epochs before the embedding thaws", settled.thawEmbedding ?? 0, 0);
}

/** How a weight is moved in an epoch. */
export interface WeightRate {
  /** What its learning rate is multiplied by; 0 for one that is still frozen. */
  factor: number;
  /** The steps that were made before it thawed. */
  frozenSteps: number;
}

/** How each weight is moved, by its name. */
export type RateOf = (name: string) => WeightRate;

/**
 * How each weight is moved in an epoch.
 *
 * @param epoch From 1.
 * @param steps How many an epoch has.
 */
export function weightRates(
  config: Pick<NetworkConfig, "layers">,
  { layerDecay, unfreezeEvery, thawEmbedding = 0 }: SettledFineTuning,
  epoch: number,
  steps: number,
): RateOf {
  return (name) => {
    const depth = depthOf(name, config);
    const frozen = Math.max(depth * unfreezeEvery, name === "embedding" ? thawEmbedding : 0);
    return {
      factor: epoch > frozen ? layerDecay ** -depth : 0,
      frozenSteps: frozen * steps,
    };
  };
}

/** How far a weight is below the head: 0 for its own, and most for the embedding. */
function depthOf(name: string, { layers }: Pick<NetworkConfig, "layers">): number {
  if (name === "Why" || name === "by") return 0;
  const layer = /_l(\d+)(_|$)/.exec(name)?.[1] ?? "0";
  return name === "embedding" ? layers + 1 : layers - Number(layer);
}
