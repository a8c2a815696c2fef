// The gradients of regression and multi-label heads, compared with finite differences.
import { createCpuBackend } from "@unroll/backend-cpu";
import type { Backend } from "@unroll/core";
import { assertLess } from "@std/assert";
import { type NumberGoal, numberWork } from "#core/classification/number_training.ts";
import { multiLabelGoal } from "#core/multi_label/training.ts";
import { type Head, HEADS, networkConfig } from "#core/network/config.ts";
import { poolingOf } from "#core/network/head.ts";
import { NUMBER_LOSSES } from "#core/network/losses/losses.ts";
import { weightShapes } from "#core/network/shapes.ts";
import { bitsOf } from "#core/regression/number.ts";
import { regressionGoal } from "#core/regression/training.ts";
import { passOf } from "#core/training/pass.ts";
import {
  randomExamples,
  relativeError,
  SMOOTH_CELLS,
  withoutFused,
} from "#tests/support/helpers.ts";
import { largeWeights, workPasses } from "#tests/support/number_cases.ts";

const WORDS = 4, LABELS = 3, LENGTHS = [3, 1, 4];
const paths: [string, Backend][] = [
  ["the fused ops", createCpuBackend({ dtype: "float64" })],
  ["compositions of primitives", withoutFused(createCpuBackend({ dtype: "float64" }))],
];

const scale = { mean: 2, deviation: 4, median: 2 };
const GOALS: [name: string, goal: NumberGoal, labels: Int32Array[]][] = [
  ...NUMBER_LOSSES.map((loss): [string, NumberGoal, Int32Array[]] => [
    `regression by the ${loss} loss`,
    regressionGoal({ loss, scale }),
    [3, -7, 20].map(bitsOf),
  ]),
  [
    "multi-label classification",
    multiLabelGoal({ labels: ["a", "b", "c"], threshold: 0.5 }),
    [[0, 2], [], [1]].map((ids) => Int32Array.from(ids)),
  ],
];

const POOLED = HEADS.filter((head) => !poolingOf({ head }).isPerStep);

for (const [path, backend] of paths) {
  for (const [what, goal, labels] of GOALS) {
    Deno.test(`the gradient of ${what}, by ${path}, equals finite differences`, async () => {
      const columns = goal.columns === 1 ? 1 : LABELS;
      const error = async (options: { cell: "gru"; head: Head; embedding: number }) => {
        const config = networkConfig({ ...options, hidden: 2, dropout: 0.3, bidirectional: true });
        const examples = randomExamples(3, LENGTHS, WORDS, LABELS)
          .map(({ words }, i) => ({ words, labels: labels[i] }));
        const shapes = weightShapes(config, WORDS, columns), weights = largeWeights(6, shapes);
        const pass = () =>
          workPasses(
            backend,
            shapes,
            weights,
            (ops) =>
              numberWork(examples, goal, passOf(ops, config, examples, 4, { seed: 7, t: 1 })),
          );
        const { gradients } = await pass();
        // A kink of max or of the absolute error must not lie within the step.
        return await relativeError(weights, gradients, async () => (await pass()).loss, 2e-4);
      };
      for (const head of POOLED) {
        for (const embedding of [0, 2]) {
          const found = await error({ cell: "gru", head, embedding });
          assertLess(found, 1e-6, `${head}, embedding ${embedding}: ${found}`);
        }
      }
      for (const cell of SMOOTH_CELLS) {
        const found = await error({ cell: cell as "gru", head: "mean-max", embedding: 2 });
        assertLess(found, 1e-6, `${cell}: ${found}`);
      }
    });
  }
}
