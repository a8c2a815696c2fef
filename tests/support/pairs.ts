/**
 * Passes of sequence-to-sequence networks, for the tests.
 *
 * @module
 */
import { type Backend, type FloatArray, opsOf, Random, type Weights } from "@unroll/core";
import type { NetworkConfig } from "#core/network/config.ts";
import { dropoutMasks } from "#core/network/dropout.ts";
import { crossEntropyLoss } from "#core/network/loss.ts";
import { mapWeights } from "#core/network/weights.ts";
import type { EncodedExample } from "#core/training/encoded.ts";
import { rowWeightsOf } from "#core/training/row_weights.ts";
import { arrangePairs, type Pairs, targetIds, uploadPairs } from "#core/translation/pairs.ts";
import {
  type Attention,
  decoderConfig,
  seq2seqBackward,
  seq2seqForward,
  seq2seqShapes,
} from "#core/translation/network.ts";

/** A sequence-to-sequence network. */
export interface PairNetwork {
  config: NetworkConfig;
  attention: Attention;
  /** The number of source symbols. */
  sources: number;
  /** The number of target symbols, including the end. */
  targets: number;
}

/** Returns weights that are large enough for every unit to matter. */
export function randomPairWeights(
  seed: number,
  { config, attention, sources, targets }: PairNetwork,
): Weights<FloatArray> {
  const random = new Random(seed);
  return mapWeights(
    seq2seqShapes(config, attention, sources, targets),
    ([rows, columns]): FloatArray =>
      new Float64Array(rows * columns).map(() => 1.6 * random.uniform() - 0.8),
  );
}

/** Returns pairs of the given lengths, without the end symbol, with random symbols. */
export function randomPairs(
  seed: number,
  lengths: [source: number, target: number][],
  { sources, targets }: PairNetwork,
): EncodedExample[] {
  const random = new Random(seed, 2);
  const below = (n: number) => Math.floor(random.uniform() * n);
  return lengths.map(([source, target]) => ({
    words: new Int32Array(source).map(() => below(sources)),
    labels: Int32Array.from(
      { length: target + 1 },
      (_, t) => t === target ? targets - 1 : below(targets - 1),
    ),
  }));
}

/** Computes logits, attention, loss and gradients of a batch. */
export async function pairPasses(
  backend: Backend,
  { config, attention, sources, targets }: PairNetwork,
  weights: Weights<FloatArray>,
  examples: readonly EncodedExample[],
  { dropout }: { dropout?: boolean } = {},
) {
  const ops = opsOf(backend);
  const shapes = seq2seqShapes(config, attention, sources, targets);
  const sourceSteps = Math.max(...examples.map(({ words }) => words.length));
  const pairs = arrangePairs(examples, sourceSteps, sources);
  const ids = targetIds(pairs), rowWeights = rowWeightsOf(ids);
  let names: string[] = [];
  const tensors = ops.scope(() => {
    const w = mapWeights(shapes, (shape, name) => ops.tensor(weights[name], shape));
    const batch = uploadPairs(ops, config, w, pairs);
    const labels = ops.indices(ids, targets);
    const size = examples.length, own = decoderConfig(config);
    const masks = dropout
      ? {
        encoder: dropoutMasks(ops, config, size, sourceSteps, { seed: 7, t: 1 }),
        decoder: dropoutMasks(ops, own, size, pairs.targetSteps, { seed: 7, t: 2 }),
      }
      : {};
    const pass = seq2seqForward(ops, config, w, batch, masks);
    const column = ops.tensor(rowWeights, [ids.length, 1]);
    const { logits, attention: looked } = pass.decoded;
    const dLogits = crossEntropyLoss.gradient(ops, logits, labels, column);
    const result = seq2seqBackward(ops, config, w, batch, pass, dLogits, masks);
    const gradients = mapWeights(
      result.gradients,
      ({ values, rows }, name) =>
        rows ? ops.update(ops.zeros(shapes[name]), values, { keep: 1, add: 1, rows }) : values,
    );
    names = Object.keys(gradients);
    return [
      logits,
      crossEntropyLoss.value(ops, logits, labels),
      ...Object.values(gradients),
      ...looked?.parts.map(({ weights }) => weights) ?? [],
    ];
  });
  const [logits, losses, ...rest] = await ops.read(tensors);
  ops.dispose(tensors);
  const parts = rest.splice(names.length);
  return {
    logits,
    losses,
    looked: attention === "dot" ? inOne(parts, pairs) : undefined,
    loss: rowWeights.reduce((sum, weight, i) => sum + weight * losses[i], 0),
    gradients: Object.fromEntries(names.map((name, i) => [name, rest[i]])),
    pairs,
  };
}

/** Joins all groups' attention into one matrix, `[targetSteps * batch, sourceSteps * batch]`. */
function inOne(parts: FloatArray[], { sources, sourceSteps, targetSteps }: Pairs): Float64Array {
  const batch = sources.length, keys = sourceSteps * batch;
  const all = new Float64Array(targetSteps * batch * keys);
  let first = 0; // sentence of a group
  for (const part of parts) {
    const count = Math.round(Math.sqrt(part.length / (targetSteps * sourceSteps)));
    for (let row = 0; row < count * targetSteps; row++) {
      const i = first + Math.floor(row / targetSteps), t = row % targetSteps;
      for (let column = 0; column < count * sourceSteps; column++) {
        const k = first + Math.floor(column / sourceSteps), j = column % sourceSteps;
        all[(t * batch + i) * keys + j * batch + k] = part[row * count * sourceSteps + column];
      }
    }
    first += count;
  }
  return all;
}
