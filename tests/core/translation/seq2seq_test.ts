import { createCpuBackend } from "@unroll/backend-cpu";
import { opsOf } from "@unroll/core";
import { assert, assertEquals, assertLess } from "@std/assert";
import { networkConfig } from "#core/network/config.ts";
import { mapWeights } from "#core/network/weights.ts";
import { OPTIMIZER_DEFAULTS } from "#core/training/optimizer.ts";
import { seq2seqShapes } from "#core/translation/network.ts";
import { arrangePairs, pairMasks } from "#core/translation/pairs.ts";
import { pairStep } from "#core/translation/training.ts";
import { distance, relativeError, SMOOTH_CELLS, withoutFused } from "#tests/support/helpers.ts";
import { pairPasses, randomPairs, randomPairWeights } from "#tests/support/pairs.ts";

const paths = {
  "the fused ops": createCpuBackend({ dtype: "float64" }),
  "compositions of primitives": withoutFused(createCpuBackend({ dtype: "float64" })),
};
const LENGTHS: [number, number][] = [[1, 1], [4, 2], [3, 5]];

for (const [path, backend] of Object.entries(paths)) {
  for (const cell of SMOOTH_CELLS) {
    for (const attention of ["dot", "none"] as const) {
      for (const bidirectional of [false, true]) {
        const on = `${attention} attention, ${bidirectional ? "bidirectional" : "unidirectional"}`;
        Deno.test(`seq2seqBackward() by ${path} equals finite differences: ${cell}, ${on}`, async () => {
          const variants = [{ layers: 1 }, { layers: 2, embedding: 2 }, {
            layers: 2,
            embedding: 2,
            dropout: 0.3,
          }];
          // Compositions are slow, and the last variant covers everything.
          const some = path === "the fused ops" ? variants : variants.slice(-1);
          for (const [seed, more] of some.entries()) {
            const config = networkConfig({
              cell,
              hidden: 3,
              bidirectional,
              head: "token",
              ...more,
            });
            const network = { config, attention, sources: 4, targets: 4 };
            const weights = randomPairWeights(seed, network);
            const pairs = randomPairs(seed, LENGTHS, network);
            const options = { dropout: config.dropout > 0 };
            const run = () => pairPasses(backend, network, weights, pairs, options);
            const { gradients } = await run();
            const error = await relativeError(weights, gradients, async () => (await run()).loss);
            assertLess(error, 1e-6, `${JSON.stringify(more)}: ${error}`);
          }
        });
      }
    }
  }
}

Deno.test("gradients of sentences in several attention groups equal those of each alone", async () => {
  const backend = createCpuBackend({ dtype: "float64" });
  const config = networkConfig({ cell: "gru", hidden: 4, bidirectional: true, head: "token" });
  const network = { config, attention: "dot", sources: 5, targets: 4 } as const;
  const weights = randomPairWeights(1, network);
  const lengths: [number, number][] = [[90, 3], [70, 2], [100, 3], [1, 1], [95, 2]];
  const examples = randomPairs(1, lengths, network);
  const all = await pairPasses(backend, network, weights, examples);
  const symbols = lengths.reduce((sum, [, target]) => sum + target + 1, 0);
  const sums = mapWeights(weights, (numbers) => new Float64Array(numbers.length));
  for (const example of examples) {
    const alone = await pairPasses(backend, network, weights, [example]);
    for (const [name, gradient] of Object.entries(alone.gradients)) {
      for (const [i, g] of gradient.entries()) sums[name][i] += g * example.labels.length / symbols;
    }
  }
  for (const [name, gradient] of Object.entries(all.gradients)) {
    assertLess(distance(gradient, sums[name]), 1e-12, name);
  }
});

Deno.test("dropout masks differ at every step, and between encoder and decoder", async () => {
  const backend = createCpuBackend({ dtype: "float64" }), ops = opsOf(backend);
  const config = networkConfig({
    cell: "gru",
    hidden: 8,
    embedding: 8,
    dropout: 0.5,
    head: "token",
  });
  const network = { config, attention: "none", sources: 5, targets: 5 } as const;
  const weights = randomPairWeights(1, network);
  const shapes = seq2seqShapes(config, "none", 5, 5);
  const examples = randomPairs(1, [[4, 3], [4, 3]], network);
  const losses: number[][] = [];
  for (const t of [1, 2, 1]) {
    const trained = {
      weights: mapWeights(shapes, (s, name) => ops.tensor(weights[name], s)),
      slots: {},
    };
    const step = pairStep(ops, config, trained, arrangePairs(examples, 4, 5), {
      optimizer: { ...OPTIMIZER_DEFAULTS, name: "sgd" },
      clipping: { value: Infinity, norm: Infinity },
      learningRates: [0.1],
      t,
      seed: 3,
    });
    losses.push([...(await ops.read([step.losses]))[0]]);
    ops.dispose([step.losses, step.outputs, ...Object.values(step.weights)]);
  }
  assertEquals(losses[0], losses[2]);
  assert(losses[0].every((loss, i) => loss !== losses[1][i]));
  assertEquals(ops.live, 0);
  // Encoder and decoder masks have the same shape here: the same draws would make them equal.
  const [encoder, decoder] = pairMasks(ops, config, 2, [4, 4], { seed: 3, t: 1 });
  const values = await ops.read([encoder![0]!, decoder![0]!]);
  assert(distance(values[0], values[1]) > 0);
});
