import { createCpuBackend } from "@unroll/backend-cpu";
import { assertLess } from "@std/assert";
import { networkConfig } from "../../packages/core/network_config.ts";
import { relativeError, withoutFused } from "../helpers.ts";
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
          for (const [seed, more] of variants.entries()) {
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
