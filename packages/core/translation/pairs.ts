/**
 * Pairs of texts side by side.
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
  /** The places of the targets' symbols, where padding is left out; see {@linkcode packPairs}. */
  places?: Int32Array;
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

/**
 * Pairs without most of the targets' padding: batches are made of sources of like length, and their
 * targets differ. The decoder gives a row for each of the places, and the same numbers in them. Where
 * a backend does not attend sentence by sentence, they stay as they are, in few shapes.
 */
export function packPairs(ops: Ops, pairs: Pairs): Pairs {
  if (!takesAnyShape(ops)) return pairs;
  return { ...pairs, places: packedPlaces(pairs.inputs, pairs.targetSteps) };
}

/** Puts pairs on the device, in the open scope. */
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

/** The right symbol for each row of the decoder, time-major; -1 for padding. */
export function targetIds({ targets, targetSteps, places }: Pairs): Int32Array {
  const ids = new Int32Array(targetSteps * targets.length).fill(-1);
  for (const [i, target] of targets.entries()) {
    for (const [t, id] of target.entries()) ids[t * targets.length + i] = id;
  }
  return places ? places.map((place) => place < 0 ? -1 : ids[place]) : ids;
}

/** Dropout of the encoder and of the decoder, each with numbers of its own at every step. */
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
