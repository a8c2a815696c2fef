import { createCpuBackend } from "@unroll/backend-cpu";
import { type Backend, type FloatArray, Random, type Weights } from "@unroll/core";
import { assertEquals, assertLess } from "@std/assert";
import golden from "#tests/golden/layer_norm.json" with { type: "json" };
import { HEADS, type NetworkConfig, networkConfig } from "#core/network/config.ts";
import { fromTorch, torchShapes, toTorch } from "#core/network/torch_names.ts";
import type { EncodedExample } from "#core/training/encoded.ts";
import {
  CPU_BACKENDS,
  distance,
  farthest,
  passes,
  type PassesOptions,
  randomExamples,
  randomWeights,
  relativeError,
  withoutFused,
} from "#tests/support/helpers.ts";

const WORDS = 4, LABELS = 3;
// With two units, layer normalization is almost a step function, which finite differences miss.
const HIDDEN = 4, STEP = 2e-4;

const paths: [string, Backend][] = [
  ["the fused ops", createCpuBackend({ dtype: "float64" })],
  ["compositions of primitives", withoutFused(createCpuBackend({ dtype: "float64" }))],
];

const layerNorm = (options: Partial<NetworkConfig> = {}) =>
  networkConfig({ cell: "lnlstm", hidden: HIDDEN, ...options });

for (const [path, backend] of paths) {
  Deno.test(`backward() of lnlstm by ${path} equals finite differences`, async () => {
    const config = layerNorm({ head: "token", embedding: 2 });
    const weights = randomWeights(3, config, WORDS, LABELS);
    const examples = randomExamples(3, [3, 1], WORDS, LABELS, config);
    const { gradients } = await passes(backend, config, weights, examples);
    const loss = async () => (await passes(backend, config, weights, examples)).loss;
    assertLess(await relativeError(weights, gradients, loss, STEP), 1e-6);
  });
}

/** The largest relative error of directional derivatives, along some random directions. */
async function slopeError(
  backend: Backend,
  config: NetworkConfig,
  weights: Weights<FloatArray>,
  examples: EncodedExample[],
  options?: PassesOptions,
): Promise<number> {
  const { gradients } = await passes(backend, config, weights, examples, options);
  const random = new Random(11);
  let largest = 0;
  for (let i = 0; i < 3; i++) {
    const along = Object.fromEntries(
      Object.entries(weights).map(([name, { length }]) =>
        [name, Float64Array.from({ length }, () => random.normal())] as const
      ),
    );
    const at = async (offset: number) => {
      const moved = Object.fromEntries(
        Object.entries(weights).map(([name, values]) =>
          [name, Float64Array.from(values, (value, j) => value + offset * along[name][j])] as const
        ),
      );
      return (await passes(backend, config, moved, examples, options)).loss;
    };
    const by = 2e-5; // small, as a direction moves all weights
    const slope = (8 * (await at(by) - await at(-by)) - (await at(2 * by) - await at(-2 * by))) /
      (12 * by);
    let expected = 0;
    for (const [name, values] of Object.entries(gradients)) {
      for (const [j, value] of values.entries()) expected += value * along[name][j];
    }
    largest = Math.max(largest, Math.abs(slope - expected) / Math.max(1e-3, Math.abs(expected)));
  }
  return largest;
}

for (const [path, backend] of paths) {
  for (const bidirectional of [false, true]) {
    const ways = bidirectional ? "bidirectional" : "unidirectional";
    Deno.test(`directional derivatives of ${ways} lnlstm by ${path} equal finite differences for every head and input`, async () => {
      for (const layers of [1, 2, 3]) {
        for (const head of HEADS) {
          for (const embedding of [0, 3]) {
            const config = layerNorm({ bidirectional, layers, head, embedding });
            const weights = randomWeights(3, config, WORDS, LABELS);
            const examples = randomExamples(3, [3, 1, 4], WORDS, LABELS, config);
            const error = await slopeError(backend, config, weights, examples);
            assertLess(error, 1e-6, `${layers} layers, ${head}, embedding ${embedding}: ${error}`);
          }
        }
      }
    });
  }

  Deno.test(`the gradient of an initial state of lnlstm by ${path} equals finite differences`, async () => {
    const config = layerNorm({ layers: 2, bidirectional: true });
    const weights = randomWeights(5, config, WORDS, LABELS);
    const examples = randomExamples(5, [2, 3], WORDS, LABELS);
    const states = randomExamples(9, new Array(8).fill(2 * HIDDEN), 1000, 2)
      .map(({ words }) => Float64Array.from(words, (value) => value / 1000 - 0.5));
    const initial = states.slice(4).map((h, i) => ({ h, c: states[i] }));
    const { dh0, dc0 } = await passes(backend, config, weights, examples, { initial });
    const loss = async () => (await passes(backend, config, weights, examples, { initial })).loss;
    const numbers = Object.fromEntries(
      initial.flatMap(({ h, c }, i) => [[`h${i}`, h], [`c${i}`, c]]),
    );
    const gradients = Object.fromEntries(
      initial.flatMap((_, i) => [[`h${i}`, dh0[i]], [`c${i}`, dc0[i]]]),
    );
    assertLess(await relativeError(numbers, gradients, loss, STEP), 1e-6);
  });

  Deno.test(`logits and gradients of lnlstm by ${path} are the same in a batch and alone`, async () => {
    for (const head of HEADS) {
      const config = layerNorm({ layers: 2, bidirectional: true, embedding: 3, head });
      const weights = randomWeights(3, config, WORDS, LABELS);
      const lengths = head === "token" ? [3, 8, 1, 5, 2] : [3, 8, 1, 5, 2, 0];
      const examples = randomExamples(3, lengths, WORDS, LABELS, config);
      const together = await passes(backend, config, weights, examples);
      const sums: Weights<FloatArray> = {};
      const targets = examples.reduce((sum, { labels }) => sum + labels.length, 0);
      for (const [i, example] of examples.entries()) {
        const alone = await passes(backend, config, weights, [example]);
        for (let t = 0; t < example.labels.length; t++) {
          const row = (t * examples.length + i) * LABELS;
          const logits = together.logits.subarray(row, row + LABELS);
          assertLess(distance(logits, alone.logits.subarray(t * LABELS, (t + 1) * LABELS)), 1e-13);
        }
        for (const [name, values] of Object.entries(alone.gradients)) {
          sums[name] ??= new Float64Array(values.length);
          for (const [j, value] of values.entries()) {
            sums[name][j] += value * example.labels.length / targets;
          }
        }
      }
      assertLess(farthest(together.gradients, sums), 1e-13);
    }
  });
}

for (const [name, create] of Object.entries(CPU_BACKENDS)) {
  Deno.test(`${name} computes lnlstm like its composition in float64`, async () => {
    const exact = withoutFused(createCpuBackend({ dtype: "float64" }));
    for (const [hidden, sizes] of [[5, [7, 2, 9]], [12, [4, 4]], [33, [3, 12, 1, 6, 2]]] as const) {
      const config = layerNorm({
        hidden,
        layers: 2,
        bidirectional: true,
        head: "max",
        embedding: 6,
      });
      const weights = randomWeights(3, config, 9, LABELS);
      const examples = randomExamples(3, [...sizes], 9, LABELS, config);
      const expected = await passes(exact, config, weights, examples);
      const actual = await passes(create(), config, weights, examples);
      assertLess(distance(actual.logits, expected.logits), 2e-5);
      assertLess(farthest(actual.gradients, expected.gradients), 1e-4);
    }
  });
}

for (const [name, create] of Object.entries(CPU_BACKENDS)) {
  Deno.test(`${name} computes PyTorch's layer-normalized LSTM, forward and backward`, async () => {
    const { words, embedding, hidden, labels } = golden;
    for (const { layers, bidirectional, ...expected } of golden.cases) {
      const config = layerNorm({ hidden, embedding, layers, bidirectional, head: "token" });
      /** Converts PyTorch's tensors to our names; biases that the network here lacks are 0. */
      const ours = (theirs: Record<string, number[]>) =>
        fromTorch(
          config,
          (tensor) => Float64Array.from(theirs[tensor] ?? new Array(4 * hidden).fill(0)),
        );
      const weights = ours(expected.weights as unknown as Record<string, number[]>);
      const stored = toTorch(config, weights);
      assertEquals(
        Object.fromEntries(Object.entries(stored).map(([tensor, { shape }]) => [tensor, shape])),
        torchShapes(config, words, labels),
      );
      for (const [tensor, values] of Object.entries(expected.weights)) {
        assertEquals([...stored[tensor].data], values, tensor);
      }
      const examples = golden.sentences.map(({ words, tags }) => ({
        words: Int32Array.from(words),
        labels: Int32Array.from(tags),
      }));
      const actual = await passes(create(), config, weights, examples);
      assertLess(Math.abs(actual.loss - expected.loss), 1e-5);
      for (const [i, each] of expected.hn.entries()) assertLess(distance(actual.hn[i], each), 1e-5);
      for (const [i, each] of expected.cn.entries()) assertLess(distance(actual.cn[i], each), 1e-5);
      const gradients = ours(expected.gradients as unknown as Record<string, number[]>);
      // Normalization amplifies rounding errors in rows that hardly vary.
      assertLess(farthest(actual.gradients, gradients), name.includes("float64") ? 1e-6 : 1e-4);
    }
  });
}
