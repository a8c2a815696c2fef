/**
 * Fine-tuning: how the weights of a pretrained network are updated, layer by layer.
 *
 * @module
 */
import { requireInteger, requireLeast, requireOptions } from "../checks.ts";
import type { NetworkConfig } from "../network/config.ts";

/** Fine-tuning options for a pretrained network, after Howard and Ruder (2018). */
export interface FineTuning {
  /**
   * Discriminative fine-tuning: each layer's learning rate is that of the layer above divided by
   * this; the head has the full learning rate, and the embedding the lowest. Default: 1, all equal.
   */
  layerDecay?: number;
  /**
   * Gradual unfreezing: the number of epochs after which each further layer is unfrozen, from the
   * top down to the embedding; at first, only the head is trained. Default: 0, all from the start.
   */
  unfreezeEvery?: number;
  /**
   * The number of epochs for which the embedding stays frozen while everything else is trained, for
   * example because it starts from word vectors. Default: 0.
   */
  thawEmbedding?: number;
}

/** Fine-tuning options with defaults filled in; `thawEmbedding` is present if above 0. */
export type SettledFineTuning = Required<Omit<FineTuning, "thawEmbedding">> & FineTuning;

const OPTIONS = ["layerDecay", "unfreezeEvery", "thawEmbedding"];

/** Fills in the defaults of fine-tuning options; undefined if none are given. */
export function settleFineTuning(given: FineTuning | undefined): SettledFineTuning | undefined {
  if (given === undefined) return undefined;
  requireOptions("fineTuning", given, OPTIONS);
  const { layerDecay = 1, unfreezeEvery = 0, thawEmbedding = 0 } = given;
  checkFineTuning({ layerDecay, unfreezeEvery, thawEmbedding });
  return { layerDecay, unfreezeEvery, ...(thawEmbedding > 0 ? { thawEmbedding } : {}) };
}

/** Throws if an option is out of range. */
export function checkFineTuning(settled: SettledFineTuning): void {
  requireOptions("fineTuning", settled, OPTIONS);
  requireLeast("the layer decay", settled.layerDecay, 1);
  requireInteger("the unfreezing interval (epochs)", settled.unfreezeEvery, 0);
  requireInteger("the epochs before the embedding thaws", settled.thawEmbedding ?? 0, 0);
}

/** How a weight is updated in an epoch. */
export interface WeightRate {
  /** The factor on its learning rate; 0 while it is frozen. */
  factor: number;
  /** The number of steps before it was unfrozen. */
  frozenSteps: number;
}

/** Returns how a weight is updated, by its name. */
export type RateOf = (name: string) => WeightRate;

/**
 * Returns how each weight is updated in an epoch.
 *
 * @param epoch The epoch, from 1.
 * @param steps The number of steps per epoch.
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

/** How far a weight is below the head: 0 for the head's weights, highest for the embedding. */
function depthOf(name: string, { layers }: Pick<NetworkConfig, "layers">): number {
  if (name === "Why" || name === "by") return 0;
  const layer = /_l(\d+)(_|$)/.exec(name)?.[1] ?? "0";
  return name === "embedding" ? layers + 1 : layers - Number(layer);
}
