/**
 * Batches of pairs of texts.
 *
 * @module
 */
import type { Ops, Tensor } from "../backend.ts";
import { createBatch } from "../network/batch.ts";
import type { NetworkConfig } from "../network/config.ts";
import { dropoutMasks } from "../network/dropout.ts";
import { createPackedBatch } from "../network/packed_batch.ts";
import { packedPlaces } from "../network/cells/packing.ts";
import type { PassOptions } from "../network/stack.ts";
import type { Weights } from "../network/weights.ts";
import { takesAnyShape } from "../ops/fused.ts";
import { roomFor } from "../training/buckets.ts";
import type { EncodedExample } from "../training/encoded.ts";
import { createAttentionBatches, sentencesTogether } from "./attention.ts";
import { decoderConfig, type Seq2seqBatch } from "./network.ts";

/** A batch of pairs, on the host. */
export interface Pairs {
  /** The sources' ids; empty for padding. */
  sources: Int32Array[];
  /** The number of the encoder's time steps. */
  sourceSteps: number;
  /** The size of the source vocabulary. */
  symbols: number;
  /** The decoder's inputs: the start symbol, then each target without its end symbol. */
  inputs: Int32Array[];
  /** The decoder's targets: each target with its end symbol. */
  targets: readonly Int32Array[];
  /** The number of the decoder's time steps. */
  targetSteps: number;
  /** The rows of the targets' symbols, if padding is left out; see {@linkcode packPairs}. */
  places?: Int32Array;
}

/** Arranges examples as a batch of pairs. */
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
      inputs[0] = labels[labels.length - 1]; // the end symbol also marks the start
      return inputs;
    }),
    targets,
    targetSteps: examples.length > 1 ? roomFor(longest) : longest,
  };
}

/**
 * Leaves out most of the targets' padding: batches have sources of similar length, but their
 * targets' lengths differ. The decoder then computes a row for each place, with the same numbers.
 * Pairs stay unchanged on backends that need few different shapes.
 */
export function packPairs(ops: Ops, pairs: Pairs): Pairs {
  if (!takesAnyShape(ops)) return pairs;
  return { ...pairs, places: packedPlaces(pairs.inputs, pairs.targetSteps) };
}

/** Uploads pairs to the device, in the open scope. */
export function uploadPairs(
  ops: Ops,
  config: NetworkConfig,
  weights: Weights<Tensor>,
  { sources, sourceSteps, symbols, inputs, targetSteps, places }: Pairs,
): Seq2seqBatch {
  const source = createBatch(ops, config, sources, symbols, sourceSteps);
  const own = decoderConfig(config);
  const words = weights.by.shape[1];
  const target = places
    ? createPackedBatch(ops, own, inputs, words, targetSteps, places)
    : createBatch(ops, own, inputs, words, targetSteps);
  const lengths = sources.map(({ length }) => length);
  if (!weights.Wc || lengths.length === 1) return { source, target };
  const together = sentencesTogether(lengths.length, sourceSteps);
  const groups = places
    ? { lengths, sourceSteps, targetSteps, places, together }
    : createAttentionBatches(ops, lengths, sourceSteps, targetSteps);
  return { source, target, groups };
}

/** Returns the target symbol of each decoder row, time-major; -1 for padding. */
export function targetIds({ targets, targetSteps, places }: Pairs): Int32Array {
  const ids = new Int32Array(targetSteps * targets.length).fill(-1);
  for (const [i, target] of targets.entries()) {
    for (const [t, id] of target.entries()) ids[t * targets.length + i] = id;
  }
  return places ? places.map((place) => place < 0 ? -1 : ids[place]) : ids;
}

/** Draws the dropout masks of encoder and decoder, with separate random numbers for each step. */
export function pairMasks(
  ops: Ops,
  config: NetworkConfig,
  size: number,
  [sourceSteps, targetSteps]: readonly [number, number],
  { seed, t }: { seed: number; t: number },
  places?: Int32Array,
): [encoder: PassOptions["masks"], decoder: PassOptions["masks"]] {
  const own = decoderConfig(config);
  const encoder = dropoutMasks(ops, config, size, sourceSteps, { seed, t: 2 * t });
  const decoder = dropoutMasks(ops, own, size, targetSteps, { seed, t: 2 * t + 1 });
  if (!places || !decoder) return [encoder, decoder];
  const rows = ops.indices(places, targetSteps * size);
  return [encoder, decoder.map((mask) => mask && ops.gatherRows(mask, rows))];
}
