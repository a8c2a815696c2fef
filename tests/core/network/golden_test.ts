// The expected values come from PyTorch; tests/golden/make.py computes them.
import { type Backend, createModel, type FloatArray, train, type Weights } from "@unroll/core";
import { assertEquals, assertLess } from "@std/assert";
import golden from "#tests/golden/rnn.json" with { type: "json" };
import { networkConfig } from "#core/network/config.ts";
import { fromTorch } from "#core/network/torch_names.ts";
import { CPU_BACKENDS, distance, farthest, passes, withoutFused } from "#tests/support/helpers.ts";

const { hidden } = golden;
const config = networkConfig({ hidden });
const words = golden.weights["rnn.weight_ih_l0"].length / hidden;
const labels = golden.weights["head.bias"].length;

const backends: [string, Backend][] = [
  ...Object.entries(CPU_BACKENDS).map(([name, create]): [string, Backend] => [name, create()]),
  ["plain loops without fused ops", withoutFused(CPU_BACKENDS["plain loops"]())],
];

/** Converts PyTorch's weights or gradients to the names of the equations. */
function ours(theirs: Record<string, number[]>): Weights<FloatArray> {
  // The gradient of PyTorch's second bias is missing: the network here has only one bias.
  return fromTorch(
    config,
    (name) => Float64Array.from(theirs[name] ?? new Array(hidden).fill(0)),
  );
}

const encoded = golden.sentences.map(({ words, label }) => ({
  words: Int32Array.from(words),
  labels: Int32Array.of(label),
}));

for (const [name, backend] of backends) {
  Deno.test(`${name} computes PyTorch's states, logits, losses and gradients`, async () => {
    for (const [i, expected] of golden.sentences.entries()) {
      const actual = await passes(backend, config, ours(golden.weights), [encoded[i]]);
      assertLess(distance(actual.states.subarray(hidden), expected.states), 1e-5);
      assertLess(distance(actual.logits, expected.logits), 1e-5);
      assertLess(distance(actual.losses, [expected.loss]), 1e-5);
      assertLess(farthest(actual.gradients, ours(expected.gradients)), 1e-5);
    }
  });

  Deno.test(`${name} computes PyTorch's gradients of a batch of several lengths`, async () => {
    const { loss, gradients } = await passes(backend, config, ours(golden.weights), encoded);
    assertLess(Math.abs(loss - golden.batch.loss), 1e-5);
    assertLess(farthest(gradients, ours(golden.batch.gradients)), 1e-5);
  });

  Deno.test(`${name} trains to PyTorch's weights over an epoch of SGD`, async () => {
    // Ids are the same as in PyTorch, including that of the unknown word.
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
    const events = await Array.fromAsync(train(backend, model, examples, settings));
    assertEquals(events.filter(({ type }) => type === "epoch").length, 1);
    assertLess(farthest(model.weights, ours(golden.sgd.weights)), 1e-5);
  });
}
