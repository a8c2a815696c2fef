import { createCpuBackend } from "@unroll/backend-cpu";
import { assertLess } from "@std/assert";
import { mapWeights, networkConfig } from "../../packages/core/network_config.ts";
import { distance, relativeError, withoutFused } from "../helpers.ts";
import { pairPasses, randomPairs, randomPairWeights } from "../pairs.ts";

const paths = {
  "the fused ops": createCpuBackend({ dtype: "float64" }),
  "their composition": withoutFused(createCpuBackend({ dtype: "float64" })),
};
const LENGTHS: [number, number][] = [[1, 1], [4, 2], [3, 5]];

for (const [path, backend] of Object.entries(paths)) {
  for (const cell of ["rnn", "lstm", "gru"] as const) {
    for (const attention of ["dot", "none"] as const) {
      for (const bidirectional of [false, true]) {
        const on = `${attention} attention, ${bidirectional ? "both directions" : "one direction"}`;
        Deno.test(`seq2seqBackward() by ${path} equals finite differences: ${cell}, ${on}`, async () => {
          const variants = [{ layers: 1 }, { layers: 2, embedding: 2 }, {
            layers: 2,
            embedding: 2,
            dropout: 0.3,
          }];
          // The composition is slow, and the last has all there is.
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

Deno.test("sentences in several groups get what each gets alone", async () => {
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
