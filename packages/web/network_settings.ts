/**
 * The network that settings ask for.
 *
 * @module
 */
import type { Init, NetworkConfig } from "@unroll/core/texts";
import { CELLS } from "./cells.ts";
import type { Settings } from "./settings.ts";

/** The options of a model that every task has, and the direction. */
export type NetworkSettings = Omit<NetworkConfig, "frozen" | "head"> & { init: Init; seed: number };

/** Whether a cell has a choice of activation functions. */
export function hasActivations({ cell }: Pick<Settings, "cell">): boolean {
  return CELLS[cell].activations.length > 1;
}

/** The network that the settings ask for. */
export function networkOf(settings: Settings): NetworkSettings {
  const { cell, hidden, layers, bidirectional, embedding, dropout, init, seed } = settings;
  const activation = hasActivations(settings) ? settings.activation : CELLS[cell].activations[0];
  return { cell, activation, hidden, layers, bidirectional, embedding, dropout, init, seed };
}

/** What turns off the command line's dense steps of an embedding, which the page does not make. */
export function sparseFlags({ embedding, optimizer }: Pick<Settings, "embedding" | "optimizer">) {
  return embedding > 0 && optimizer !== "sgd" ? ["--sparse"] : [];
}
