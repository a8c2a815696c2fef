/**
 * The network that the settings describe.
 *
 * @module
 */
import type { Init, NetworkConfig } from "@unroll/core/texts";
import { CELLS } from "./cells.ts";
import type { Settings } from "./settings.ts";

/** The model options that every task has, and whether it is bidirectional. */
export type NetworkSettings = Omit<NetworkConfig, "frozen" | "head"> & { init: Init; seed: number };

/** Returns whether a cell has a choice of activation functions. */
export function hasActivations({ cell }: Pick<Settings, "cell">): boolean {
  return CELLS[cell].activations.length > 1;
}

/** Returns the network options that the settings describe. */
export function networkOf(settings: Settings): NetworkSettings {
  const { cell, hidden, layers, bidirectional, embedding, dropout, init, seed } = settings;
  const activation = hasActivations(settings) ? settings.activation : CELLS[cell].activations[0];
  return { cell, activation, hidden, layers, bidirectional, embedding, dropout, init, seed };
}

/** Returns `--sparse` where it is needed: the page never makes dense updates of an embedding. */
export function sparseFlags({ embedding, optimizer }: Pick<Settings, "embedding" | "optimizer">) {
  return embedding > 0 && optimizer !== "sgd" ? ["--sparse"] : [];
}
