import { createCpuBackend } from "@unroll/backend-cpu";
import type { Backend, FloatArray } from "@unroll/core";
import { assert, assertEquals, assertLess } from "@std/assert";
import type { EncodedExample } from "../../packages/core/model.ts";
import { WEIGHT_NAMES, type Weights } from "../../packages/core/network.ts";
import { distance, passes, randomExamples, randomWeights, withoutFused } from "../helpers.ts";

const WORDS = 4, HIDDEN = 3, LABELS = 3;
const LENGTHS = [1, 2, 3, 4, 5, 6, 7, 8];

const paths: [string, Backend][] = [
  ["the fused ops", createCpuBackend({ dtype: "float64" })],
  ["their composition", withoutFused(createCpuBackend({ dtype: "float64" }))],
];

/**
 * The largest relative error of the gradients against five-point central differences, whose own
 * error at this step is near 1e-13: gradients below 1e-6 count as that large.
 */
async function relativeError(
  backend: Backend,
  weights: Weights<FloatArray>,
  examples: EncodedExample[],
): Promise<number> {
  const step = 1e-3;
  const meanLoss = async () => {
    const { losses } = await passes(backend, weights, HIDDEN, examples);
    return losses.values().reduce((sum, loss) => sum + loss, 0) / losses.length;
  };
  const { gradients } = await passes(backend, weights, HIDDEN, examples);
  let largest = 0;
  for (const name of WEIGHT_NAMES) {
    for (const [i, value] of weights[name].entries()) {
      const at = async (offset: number) => {
        weights[name][i] = value + offset * step;
        return await meanLoss();
      };
      const slope = (8 * (await at(1) - await at(-1)) - (await at(2) - await at(-2))) / (12 * step);
      weights[name][i] = value;
      const size = Math.max(Math.abs(slope), Math.abs(gradients[name][i]), 1e-6);
      largest = Math.max(largest, Math.abs(gradients[name][i] - slope) / size);
    }
  }
  return largest;
}

for (const [path, backend] of paths) {
  for (const length of LENGTHS) {
    Deno.test(`backward() by ${path} equals finite differences, length ${length}`, async () => {
      for (const batch of [1, 2, 3, 4, 5]) {
        for (const seed of [1, 2, 3]) {
          const weights = randomWeights(seed, WORDS, HIDDEN, LABELS);
          const lengths = new Array(batch).fill(length);
          const error = await relativeError(
            backend,
            weights,
            randomExamples(seed, lengths, WORDS, LABELS),
          );
          assertLess(error, 1e-6, `batch ${batch}, seed ${seed}: ${error}`);
        }
      }
    });
  }

  Deno.test(`backward() by ${path} equals finite differences, lengths mixed`, async () => {
    for (const lengths of [[8, 1], [1, 8, 3], [2, 7, 1, 4], [5, 3, 8, 1, 6]]) {
      const weights = randomWeights(7, WORDS, HIDDEN, LABELS);
      const error = await relativeError(
        backend,
        weights,
        randomExamples(7, lengths, WORDS, LABELS),
      );
      assertLess(error, 1e-6, `lengths ${lengths}: ${error}`);
    }
  });

  Deno.test(`a sentence gets by ${path} in a batch what it gets alone`, async () => {
    const weights = randomWeights(3, WORDS, HIDDEN, LABELS);
    const examples = randomExamples(3, [3, 8, 1, 5, 2, 0], WORDS, LABELS);
    const together = await passes(backend, weights, HIDDEN, examples);
    const sums = Object.fromEntries(WEIGHT_NAMES.map((name) => [name, weights[name].map(() => 0)]));
    for (const [i, example] of examples.entries()) {
      const alone = await passes(backend, weights, HIDDEN, [example]);
      const logits = together.logits.subarray(i * LABELS, (i + 1) * LABELS);
      assertLess(distance(logits, alone.logits), 1e-14);
      assertLess(distance([together.losses[i]], alone.losses), 1e-14);
      for (let t = 0; t <= example.words.length; t++) {
        const row = (t * examples.length + i) * HIDDEN;
        const state = together.states.subarray(row, row + HIDDEN);
        assertLess(distance(state, alone.states.subarray(t * HIDDEN, (t + 1) * HIDDEN)), 1e-14);
      }
      for (const name of WEIGHT_NAMES) {
        for (const [j, value] of alone.gradients[name].entries()) sums[name][j] += value;
      }
    }
    for (const name of WEIGHT_NAMES) {
      const mean = sums[name].map((sum: number) => sum / examples.length);
      assertLess(distance(together.gradients[name], mean), 1e-14, name);
    }
  });
}

Deno.test("the two paths give the same numbers", async () => {
  const weights = randomWeights(5, WORDS, HIDDEN, LABELS);
  const examples = randomExamples(5, [4, 2, 7], WORDS, LABELS);
  const [fused, composed] = await Promise.all(
    paths.map(([, backend]) => passes(backend, weights, HIDDEN, examples)),
  );
  for (const name of WEIGHT_NAMES) {
    assertLess(distance(fused.gradients[name], composed.gradients[name]), 1e-14);
  }
});

Deno.test("a word that no sentence has gets no gradient", async () => {
  const weights = randomWeights(1, WORDS, HIDDEN, LABELS);
  const examples = [
    { words: Int32Array.of(1, 2, 1), label: 0 },
    { words: Int32Array.of(2), label: 1 }, // padded, and the padding is no word
  ];
  const { gradients } = await passes(paths[0][1], weights, HIDDEN, examples);
  assertEquals([...gradients.Wxh.subarray(0, HIDDEN)], [0, 0, 0]);
  assertEquals([...gradients.Wxh.subarray(3 * HIDDEN)], [0, 0, 0]);
  assert(gradients.Wxh.subarray(HIDDEN, 2 * HIDDEN).every((value: number) => value !== 0));
});
