/**
 * Packed batches of pairs, without most of their padding: the same results, bit for bit.
 *
 * @module
 */
import { createCpuBackend } from "@unroll/backend-cpu";
import { opsOf } from "@unroll/core";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { CELL_NAMES } from "#core/network/cells/cells.ts";
import { networkConfig } from "#core/network/config.ts";
import { packedPlaces } from "#core/network/cells/packing.ts";
import { mapWeights } from "#core/network/weights.ts";
import { seq2seqShapes } from "#core/translation/network.ts";
import { arrangePairs, packPairs } from "#core/translation/pairs.ts";
import { pairStep } from "#core/translation/training.ts";
import { type PairNetwork, randomPairs, randomPairWeights } from "#tests/support/pairs.ts";

const SETTINGS = {
  optimizer: {
    name: "adam",
    momentum: 0,
    alpha: 0.99,
    betas: [0.9, 0.999],
    epsilon: 1e-8,
    weightDecay: 0,
  },
  clipping: { value: Infinity, norm: 1 },
  learningRates: [0.01],
  t: 3,
  seed: 5,
} as const;

/** Lengths of sources, which are similar, and of targets, which vary. */
function lengthsOf(batch: number, source: number): [number, number][] {
  return Array.from(
    { length: batch },
    (_, i) => [Math.max(1, source - i % 3), 1 + (7 * i * i) % 23],
  );
}

const networks = CELL_NAMES.flatMap((cell) =>
  [0, 1].map((i): PairNetwork => ({
    config: networkConfig({
      cell,
      hidden: 20,
      layers: 1 + i,
      bidirectional: i === 0,
      embedding: i === 0 ? 6 : 0,
      dropout: 0.2 * i,
      head: "token",
    }),
    attention: cell === "rnn" && i === 1 ? "none" : "dot",
    sources: 9,
    targets: 13,
  }))
);

// Batch sizes and source lengths whose groups end within a vector or a panel, and others.
const SHAPES = [[33, 14], [12, 10], [7, 3], [21, 16], [5, 2], [2, 1]];

for (const network of networks) {
  const { config, attention, sources, targets } = network;
  const name = `${config.cell}, ${config.layers} layers, attention ${attention}`;
  Deno.test(`a step without padding equals one with padding, bit for bit: ${name}`, async () => {
    for (const threads of [1, 2]) {
      const backend = createCpuBackend({ kernels: "simd", threads });
      const ops = opsOf(backend);
      const shapes = seq2seqShapes(config, attention, sources, targets);
      const numbers = randomPairWeights(3, network);
      for (const [batch, source] of SHAPES) {
        const examples = randomPairs(batch, lengthsOf(batch, source), network);
        const nothing = { words: new Int32Array(0), labels: new Int32Array(0) };
        const whole = arrangePairs([...examples, nothing], source, sources);
        const packed = packPairs(ops, whole);
        assert(packed.places!.length < whole.targetSteps * (batch + 1), "packing should omit rows");
        const found = [];
        for (const pairs of [whole, packed]) {
          const weights = mapWeights(shapes, (shape, name) => ops.tensor(numbers[name], shape));
          const slots = Object.fromEntries(
            Object.entries(shapes).flatMap(([name, shape]) =>
              ["m", "v"].map((slot) => [`${slot}.${name}`, ops.zeros(shape)])
            ),
          );
          const step = pairStep(ops, config, { weights, slots }, pairs, SETTINGS);
          const all = [...Object.values(step.weights), ...Object.values(step.slots)];
          const read = await ops.read([...all, step.losses]);
          const losses = [...read.pop()!].filter((_, i) => step.targets[i] >= 0);
          found.push([...read, losses]);
          ops.dispose([...all, step.losses, step.outputs]);
        }
        assertEquals(found[1], found[0], `${threads} threads, ${batch} sources of ${source}`);
      }
      assertEquals(backend.live, 0);
      backend.dispose();
    }
  });
}

Deno.test("packed pairs make the same step on a backend without its own attention, within rounding", async () => {
  const backend = createCpuBackend({ dtype: "float64" });
  const ops = opsOf(backend), [network] = networks;
  const { config, attention, sources, targets } = network;
  const examples = randomPairs(4, lengthsOf(9, 5), network);
  const whole = arrangePairs(examples, 5, sources);
  assertEquals(packPairs(ops, whole), whole, "plain loops should not pack pairs");
  const packed = { ...whole, places: packedPlaces(whole.inputs, whole.targetSteps) };
  const found = [];
  for (const pairs of [whole, packed]) {
    const numbers = randomPairWeights(3, network);
    const shapes = seq2seqShapes(config, attention, sources, targets);
    const weights = mapWeights(shapes, (shape, name) => ops.tensor(numbers[name], shape));
    const settings = { ...SETTINGS, optimizer: { ...SETTINGS.optimizer, name: "sgd" } } as const;
    const step = pairStep(ops, config, { weights, slots: {} }, pairs, settings);
    found.push((await ops.read(Object.values(step.weights))).flatMap((each) => [...each]));
    ops.dispose([...Object.values(step.weights), step.losses, step.outputs]);
  }
  for (const [i, number] of found[0].entries()) assertAlmostEquals(found[1][i], number, 1e-12);
  assertEquals(backend.live, 0);
});

Deno.test("packedPlaces() returns time-major indices padded to whole steps, if that saves enough", () => {
  const sentences = [3, 1, 2].map((length) => new Int32Array(length));
  assertEquals(packedPlaces(sentences, 4), Int32Array.of(0, 1, 2, 3, 5, 6));
  assertEquals(packedPlaces(sentences.slice(0, 2), 3), Int32Array.of(0, 1, 2, 4));
  assertEquals(packedPlaces(sentences.slice(0, 1), 3), undefined);
  assertEquals(packedPlaces([new Int32Array(0)], 1), undefined);
});
