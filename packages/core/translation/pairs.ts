/**
 * Pairs of texts side by side.
 *
 * @module
 */
import type { Ops, Tensor } from "../backend.ts";
import { createBatch } from "../network/batch.ts";
import type { NetworkConfig } from "../network/config.ts";
import { dropoutMasks } from "../network/dropout.ts";
import type { PassOptions } from "../network/stack.ts";
import type { Weights } from "../network/weights.ts";
import { roomFor } from "../training/buckets.ts";
import type { EncodedExample } from "../training/encoded.ts";
import { createAttentionBatches } from "./attention.ts";
import { decoderConfig, type Seq2seqBatch } from "./network.ts";

/** Pairs of a batch, on the host. */
export interface Pairs {
  /** The sources' ids; none for padding. */
  sources: Int32Array[];
  /** How many steps the encoder makes. */
  sourceSteps: number;
  /** How many source symbols there are. */
  symbols: number;
  /** What the decoder reads: the start, and of each target all but the end. */
  inputs: Int32Array[];
  /** What it should give: each target, the end with it. */
  targets: readonly Int32Array[];
  /** How many steps the decoder makes. */
  targetSteps: number;
}

/** Pairs side by side. */
export function arrangePairs(
  examples: readonly EncodedExample[],
  sourceSteps: number,
  symbols: number,
): Pairs {
  const targets = examples.map(({ labels }) => labels);
  const longest = targets.reduce((most, { length }) => Math.max(most, length), 1);
  return {
    sources: examples.map(({ words }) => words),
    sourceSteps,
    symbols,
    inputs: targets.map((labels) => {
      const inputs = labels.slice();
      if (labels.length === 0) return inputs; // padding
      inputs.copyWithin(1, 0);
      inputs[0] = labels[labels.length - 1]; // the end is the start too
      return inputs;
    }),
    targets,
    targetSteps: examples.length > 1 ? roomFor(longest) : longest,
  };
}

/** Puts pairs on the device, in the open scope. */
export function uploadPairs(
  ops: Ops,
  config: NetworkConfig,
  weights: Weights<Tensor>,
  { sources, sourceSteps, symbols, inputs, targetSteps }: Pairs,
): Seq2seqBatch {
  const source = createBatch(ops, config, sources, symbols, sourceSteps);
  const own = decoderConfig(config);
  const target = createBatch(ops, own, inputs, weights.by.shape[1], targetSteps);
  const lengths = sources.map(({ length }) => length);
  const isGrouped = weights.Wc && sources.length > 1;
  return {
    source,
    target,
    groups: isGrouped ? createAttentionBatches(ops, lengths, sourceSteps, targetSteps) : undefined,
  };
}

/** The right symbol at each place of the decoder, time-major; -1 for padding. */
export function targetIds({ targets, targetSteps }: Pairs): Int32Array {
  const ids = new Int32Array(targetSteps * targets.length).fill(-1);
  for (const [i, target] of targets.entries()) {
    for (const [t, id] of target.entries()) ids[t * targets.length + i] = id;
  }
  return ids;
}

/** Dropout of the encoder and of the decoder, each with numbers of its own at every step. */
export function pairMasks(
  ops: Ops,
  config: NetworkConfig,
  size: number,
  [sourceSteps, targetSteps]: readonly [number, number],
  { seed, t }: { seed: number; t: number },
): [encoder: PassOptions["masks"], decoder: PassOptions["masks"]] {
  return [
    dropoutMasks(ops, config, size, sourceSteps, { seed, t: 2 * t }),
    dropoutMasks(ops, decoderConfig(config), size, targetSteps, { seed, t: 2 * t + 1 }),
  ];
}
