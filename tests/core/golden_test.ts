// The numbers come from PyTorch: tests/golden/make.py says how.
import { createCpuBackend } from "@unroll/backend-cpu";
import { type Backend, createModel, type FloatArray, train, type Weights } from "@unroll/core";
import { assert, assertLess } from "@std/assert";
import golden from "../golden/rnn.json" with { type: "json" };
import { WEIGHT_NAMES } from "../../packages/core/network.ts";
import { distance, passes, withoutFused } from "../helpers.ts";

const { hidden } = golden;
const words = golden.weights["rnn.weight_ih_l0"].length / hidden;
const labels = golden.weights["head.bias"].length;

const backends: [string, Backend][] = [
  ["cpu", createCpuBackend()],
  ["cpu in float64", createCpuBackend({ dtype: "float64" })],
  ["cpu without fused ops", withoutFused(createCpuBackend())],
];

/** PyTorch's weights or gradients under the names of the equations. */
function ours(theirs: Record<string, number[]>): Weights<Float64Array<ArrayBuffer>> {
  const transposed = (name: string, rows: number, columns: number) =>
    Float64Array.from(
      { length: rows * columns },
      (_, at) => theirs[name][(at % rows) * columns + Math.floor(at / rows)],
    );
  return {
    Wxh: transposed("rnn.weight_ih_l0", hidden, words),
    Whh: transposed("rnn.weight_hh_l0", hidden, hidden),
    bh: Float64Array.from(theirs["rnn.bias_ih_l0"]),
    Why: transposed("head.weight", labels, hidden),
    by: Float64Array.from(theirs["head.bias"]),
  };
}

function assertClose(actual: Weights<FloatArray>, expected: Weights<FloatArray>): void {
  for (const name of WEIGHT_NAMES) assertLess(distance(actual[name], expected[name]), 1e-5, name);
}

const encoded = golden.sentences.map(({ words, label }) => ({
  words: Int32Array.from(words),
  label,
}));

for (const [name, backend] of backends) {
  Deno.test(`${name} computes PyTorch's states, logits, losses and gradients`, async () => {
    for (const [i, expected] of golden.sentences.entries()) {
      const actual = await passes(backend, ours(golden.weights), hidden, [encoded[i]]);
      assertLess(distance(actual.states.subarray(hidden), expected.states), 1e-5);
      assertLess(distance(actual.logits, expected.logits), 1e-5);
      assertLess(distance(actual.losses, [expected.loss]), 1e-5);
      assertClose(actual.gradients, ours(expected.gradients));
    }
  });

  Deno.test(`${name} computes PyTorch's gradients of a batch of several lengths`, async () => {
    const { losses, gradients } = await passes(backend, ours(golden.weights), hidden, encoded);
    const mean = losses.values().reduce((sum, loss) => sum + loss, 0) / losses.length;
    assertLess(Math.abs(mean - golden.batch.loss), 1e-5);
    assertClose(gradients, ours(golden.batch.gradients));
  });

  Deno.test(`${name} trains to PyTorch's weights over an epoch of SGD`, async () => {
    // Word i of PyTorch's is id i here, the unknown word included: the texts are made of ids.
    const vocabulary = Array.from({ length: words }, (_, id) => id === 0 ? "<unk>" : `w${id}`);
    const examples = golden.sentences.map(({ words, label }) => ({
      text: words.map((id) => `w${id}`).join(" "),
      label: `l${label}`,
    }));
    const model = createModel(examples, { hidden });
    model.vocabulary = vocabulary;
    model.labels = Array.from({ length: labels }, (_, id) => `l${id}`);
    model.weights = ours(golden.weights);
    const { learningRate, clip } = golden.sgd;
    const settings = { epochs: 1, shuffle: false, learningRate, clip };
    const [event] = await Array.fromAsync(train(backend, model, examples, settings));
    assert(event.type === "epoch");
    assertClose(model.weights, ours(golden.sgd.weights));
  });
}
