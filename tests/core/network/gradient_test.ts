import { createCpuBackend } from "@unroll/backend-cpu";
import type { Backend, FloatArray, NetworkConfig, Weights } from "@unroll/core";
import { assert, assertEquals, assertLess } from "@std/assert";
import { cellOf } from "#core/network/cells/cells.ts";
import { HEADS, networkConfig } from "#core/network/config.ts";
import type { EncodedExample } from "#core/training/encoded.ts";
import {
  distance,
  farthest,
  passes,
  type PassesOptions,
  randomExamples,
  randomWeights,
  relativeError,
  SMOOTH_CELLS,
  withoutFused,
} from "#tests/support/helpers.ts";

const WORDS = 4, HIDDEN = 3, LABELS = 3;
const LENGTHS = [1, 2, 3, 4, 5, 6, 7, 8];
const ARTICLE = networkConfig({ hidden: HIDDEN });

const paths: [string, Backend][] = [
  ["the fused ops", createCpuBackend({ dtype: "float64" })],
  ["compositions of primitives", withoutFused(createCpuBackend({ dtype: "float64" }))],
];

async function weightError(
  backend: Backend,
  config: NetworkConfig,
  weights: Weights<FloatArray>,
  examples: EncodedExample[],
  options?: PassesOptions,
): Promise<number> {
  const { gradients } = await passes(backend, config, weights, examples, options);
  const loss = async () => (await passes(backend, config, weights, examples, options)).loss;
  // A kink of relu or of max must not lie within the step.
  const step = config.activation === "relu" ? 2e-4 : /max/.test(config.head) ? 5e-4 : 1e-3;
  return await relativeError(weights, gradients, loss, step);
}

for (const [path, backend] of paths) {
  for (const length of LENGTHS) {
    Deno.test(`backward() by ${path} equals finite differences, length ${length}`, async () => {
      for (const batch of [1, 2, 3, 4, 5]) {
        for (const seed of [1, 2, 3]) {
          const weights = randomWeights(seed, ARTICLE, WORDS, LABELS);
          const examples = randomExamples(seed, new Array(batch).fill(length), WORDS, LABELS);
          const error = await weightError(backend, ARTICLE, weights, examples);
          assertLess(error, 1e-6, `batch ${batch}, seed ${seed}: ${error}`);
        }
      }
    });
  }

  Deno.test(`backward() by ${path} equals finite differences, mixed lengths`, async () => {
    for (const lengths of [[8, 1], [1, 8, 3], [2, 7, 1, 4], [5, 3, 8, 1, 6]]) {
      const weights = randomWeights(7, ARTICLE, WORDS, LABELS);
      const examples = randomExamples(7, lengths, WORDS, LABELS);
      const error = await weightError(backend, ARTICLE, weights, examples);
      assertLess(error, 1e-6, `lengths ${lengths}: ${error}`);
    }
  });
}

/** All smooth cells with all their activations; layer_norm_test.ts has the others. */
const NETWORKS = SMOOTH_CELLS.flatMap((cell) =>
  cellOf(cell).activations.map((activation) => ({ cell, activation }))
);

for (const cell of NETWORKS) {
  for (const bidirectional of [false, true]) {
    for (const layers of [1, 2, 3]) {
      const config = networkConfig({ ...cell, bidirectional, layers, hidden: 2 });
      const what = `${config.cell}${config.activation === "relu" ? " with relu" : ""}, ` +
        `${bidirectional ? "bidirectional, " : ""}depth ${layers}`;
      Deno.test(`backward() of ${what} equals finite differences for every head and input`, async () => {
        for (const head of HEADS) {
          for (const embedding of [0, 2]) {
            for (const [path, backend] of paths.slice(0, layers === 1 ? 2 : 1)) {
              const full = { ...config, head, embedding };
              const weights = randomWeights(3, full, WORDS, LABELS);
              const examples = randomExamples(3, [3, 1, 4], WORDS, LABELS, full);
              const error = await weightError(backend, full, weights, examples);
              assertLess(error, 1e-6, `${head}, embedding ${embedding}, by ${path}: ${error}`);
            }
          }
        }
      });
    }
  }

  for (const [path, backend] of paths) {
    const { cell: name, activation } = cell;
    Deno.test(`the gradient of an initial state of ${name} (${activation}) by ${path} equals finite differences`, async () => {
      for (const bidirectional of [false, true]) {
        const config = networkConfig({ ...cell, hidden: 2, layers: 2, bidirectional });
        const weights = randomWeights(5, config, WORDS, LABELS);
        const examples = randomExamples(5, [2, 3], WORDS, LABELS);
        const cells = bidirectional ? 4 : 2;
        const states = randomExamples(9, new Array(2 * cells).fill(4), 1000, 2)
          .map(({ words }) => Float64Array.from(words, (value) => value / 1000 - 0.5));
        const initial = states.slice(cells).map((h, i) => ({
          h,
          c: cellOf(name).hasCellState ? states[i] : undefined,
        }));
        const options = { initial };
        const { dh0, dc0 } = await passes(backend, config, weights, examples, options);
        const loss = async () => (await passes(backend, config, weights, examples, options)).loss;
        const numbers = Object.fromEntries(
          initial.flatMap(({ h, c }, i) => c ? [[`h${i}`, h], [`c${i}`, c]] : [[`h${i}`, h]]),
        );
        const gradients = Object.fromEntries(
          initial.flatMap((_, i) => [[`h${i}`, dh0[i]], [`c${i}`, dc0[i]]]),
        );
        const step = activation === "relu" ? 2e-4 : 1e-3;
        assertLess(await relativeError(numbers, gradients, loss, step), 1e-6);
      }
    });

    Deno.test(`logits and gradients of ${name} (${activation}) by ${path} are the same in a batch and alone`, async () => {
      for (const head of HEADS) {
        const config = networkConfig({
          ...cell,
          hidden: HIDDEN,
          layers: 2,
          bidirectional: true,
          embedding: 3,
          head,
        });
        const weights = randomWeights(3, config, WORDS, LABELS);
        const lengths = head === "token" ? [3, 8, 1, 5, 2] : [3, 8, 1, 5, 2, 0];
        const examples = randomExamples(3, lengths, WORDS, LABELS, config);
        const together = await passes(backend, config, weights, examples);
        const sums: Weights<number[]> = {};
        const targets = examples.reduce((sum, { labels }) => sum + labels.length, 0);
        for (const [i, example] of examples.entries()) {
          const alone = await passes(backend, config, weights, [example]);
          for (let t = 0; t < example.labels.length; t++) {
            const row = (t * examples.length + i) * LABELS;
            const logits = together.logits.subarray(row, row + LABELS);
            const expected = alone.logits.subarray(t * LABELS, (t + 1) * LABELS);
            assertLess(distance(logits, expected), 1e-14);
          }
          for (const [name, values] of Object.entries(alone.gradients)) {
            sums[name] ??= new Array(values.length).fill(0);
            for (const [j, value] of values.entries()) {
              sums[name][j] += value * example.labels.length / targets;
            }
          }
        }
        for (const [name, sum] of Object.entries(sums)) {
          assertLess(distance(together.gradients[name], sum), 1e-14, `${head}, ${name}`);
        }
      }
    });
  }
}

Deno.test("both paths compute the same gradients", async () => {
  for (const cell of NETWORKS) {
    const config = networkConfig({ ...cell, hidden: HIDDEN });
    const weights = randomWeights(5, config, WORDS, LABELS);
    const examples = randomExamples(5, [4, 2, 7], WORDS, LABELS);
    const [fused, composed] = await Promise.all(
      paths.map(([, backend]) => passes(backend, config, weights, examples)),
    );
    assertLess(farthest(fused.gradients, composed.gradients), 1e-14);
  }
});

Deno.test("backward() with label weights equals finite differences", async () => {
  const config = networkConfig({ cell: "gru", hidden: 2 });
  const weights = randomWeights(4, config, WORDS, LABELS);
  const examples = randomExamples(4, [3, 1, 2, 5], WORDS, LABELS);
  const options = { labelWeights: [0.5, 1, 3] };
  assertLess(await weightError(paths[0][1], config, weights, examples, options), 1e-6);
});

Deno.test("backward() with dropout equals finite differences", async () => {
  for (const head of HEADS) {
    for (const embedding of [0, 3]) {
      const network = { cell: "lstm", hidden: 2, layers: 2, bidirectional: true } as const;
      const config = networkConfig({ ...network, head, embedding, dropout: 0.4 });
      const weights = randomWeights(6, config, WORDS, LABELS);
      const examples = randomExamples(6, [3, 1, 4], WORDS, LABELS, config);
      const options = { dropout: true };
      const error = await weightError(paths[0][1], config, weights, examples, options);
      assertLess(error, 1e-6, `${head}, embedding ${embedding}: ${error}`);
      const [under, without] = await Promise.all(
        [options, {}].map((each) => passes(paths[0][1], config, weights, examples, each)),
      );
      assert(under.loss !== without.loss);
    }
  }
});

Deno.test("a word that is in no sentence gets no gradient", async () => {
  const weights = randomWeights(1, ARTICLE, WORDS, LABELS);
  const examples = [
    { words: Int32Array.of(1, 2, 1), labels: Int32Array.of(0) },
    { words: Int32Array.of(2), labels: Int32Array.of(1) }, // padded; padding is not a word
  ];
  const { gradients } = await passes(paths[0][1], ARTICLE, weights, examples);
  assertEquals([...gradients.Wxh.subarray(0, HIDDEN)], [0, 0, 0]);
  assertEquals([...gradients.Wxh.subarray(3 * HIDDEN)], [0, 0, 0]);
  assert(gradients.Wxh.subarray(HIDDEN, 2 * HIDDEN).every((value: number) => value !== 0));
});
