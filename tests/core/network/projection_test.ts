import { createCpuBackend } from "@unroll/backend-cpu";
import {
  type Backend,
  createModel,
  type Example,
  explain,
  fit,
  InputError,
  opsOf,
  predict,
  readModel,
  type TrainOptions,
  writeModel,
} from "@unroll/core";
import { assert, assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import { longForward } from "#core/network/checkpointing.ts";
import { HEADS, type NetworkConfig, networkConfig } from "#core/network/config.ts";
import { crossEntropyLoss } from "#core/network/loss.ts";
import { weightShapes } from "#core/network/shapes.ts";
import { mapWeights, uploadAll } from "#core/network/weights.ts";
import {
  distance,
  passes,
  randomExamples,
  randomWeights,
  relativeError,
  withoutFused,
} from "#tests/support/helpers.ts";
import { spellingsOf } from "#tests/support/letter_cases.ts";

const WORDS = 5, LABELS = 3, LETTERS = 4;
const float64 = createCpuBackend({ dtype: "float64" });
const PATHS: [string, Backend][] = [
  ["the fused ops", float64],
  ["compositions of primitives", withoutFused(float64)],
];
const base = { cell: "gru", hidden: 2, embedding: 4, projection: 3 } as const;

for (const [path, backend] of PATHS) {
  Deno.test(`backward() through a projection by ${path} equals finite differences`, async () => {
    for (const head of HEADS) {
      for (const frozen of [false, true]) {
        const dropout = head === "mean" ? 0.4 : 0;
        const config = networkConfig({ ...base, head, frozen, dropout, bidirectional: true });
        const weights = randomWeights(3, config, WORDS, LABELS);
        const examples = randomExamples(3, [3, 1, 5], WORDS, LABELS, { head });
        await assertGradients(backend, config, weights, examples);
      }
    }
  });

  Deno.test(`backward() through a projection with letters by ${path} equals finite differences`, async () => {
    const all = [[1, [1, 2]], [0, [3]], [4, [2, 0, 1]], [1, [3, 3]]] as const;
    const spelled = all.map(([word, letters]) => ({ word, letters }));
    const spellings = spellingsOf(spelled, WORDS, LETTERS);
    for (const frozen of [false, true]) {
      const config = networkConfig({ ...base, head: "token", letters: 1, frozen });
      const weights = randomWeights(4, config, WORDS, LABELS, LETTERS);
      const examples = randomExamples(4, [3, 1, 4], all.length, LABELS, config)
        .map((example) => ({ ...example, spellings }));
      await assertGradients(backend, config, weights, examples);
    }
  });
}

async function assertGradients(
  backend: Backend,
  config: NetworkConfig,
  weights: ReturnType<typeof randomWeights>,
  examples: ReturnType<typeof randomExamples>,
) {
  const options = { dropout: config.dropout > 0 };
  const { gradients } = await passes(backend, config, weights, examples, options);
  const loss = async () => (await passes(backend, config, weights, examples, options)).loss;
  const { embedding, ...others } = weights;
  const trained = config.frozen ? others : { embedding, ...others };
  assertEquals(Object.keys(gradients).sort(), Object.keys(trained).sort());
  const error = await relativeError(trained, gradients, loss, 5e-4);
  assertLess(error, 1e-6, JSON.stringify(config));
}

Deno.test("a projected embedding e P equals the embedding with rows e P", async () => {
  const config = networkConfig({ ...base, head: "max" });
  const weights = randomWeights(5, config, WORDS, LABELS);
  const examples = randomExamples(5, [4, 2, 6], WORDS, LABELS);
  const { embedding, projection, ...rest } = weights;
  const product = new Float64Array(WORDS * 3);
  for (let word = 0; word < WORDS; word++) {
    for (let j = 0; j < 3; j++) {
      for (let k = 0; k < 4; k++) {
        product[word * 3 + j] += embedding[word * 4 + k] * projection[k * 3 + j];
      }
    }
  }
  const plain = networkConfig({ ...base, embedding: 3, projection: 0, head: "max" });
  const [a, b] = [
    await passes(float64, config, weights, examples),
    await passes(float64, plain, { embedding: product, ...rest }, examples),
  ];
  assertLess(distance(a.logits, b.logits), 1e-12);
  assertLess(distance(a.gradients.Wxh, b.gradients.Wxh), 1e-12);
});

Deno.test("checkpointed gradients of a projection equal those of whole sentences", async () => {
  for (const frozen of [false, true]) {
    const config = networkConfig({ ...base, head: "mean", bidirectional: true, frozen });
    const weights = randomWeights(2, config, WORDS, LABELS);
    const examples = randomExamples(4, [11, 1, 8, 5], WORDS, LABELS);
    const whole = await passes(float64, config, weights, examples);
    const ops = opsOf(float64), shapes = weightShapes(config, WORDS, LABELS);
    let names: string[] = [];
    const made = ops.scope(() => {
      const w = uploadAll(ops, shapes, weights);
      const pass = longForward(ops, config, w, examples.map(({ words }) => words), 4);
      const targets = ops.indices(examples.map(({ labels }) => labels[0]), LABELS);
      const rows = ops.tensor(examples.map(() => 1 / examples.length), [examples.length, 1]);
      const gradients = mapWeights(
        pass.backward(crossEntropyLoss.gradient(ops, pass.logits, targets, rows)),
        ({ values, rows }, name) =>
          rows ? ops.update(ops.zeros(shapes[name]), values, { keep: 1, add: 1, rows }) : values,
      );
      names = Object.keys(gradients);
      return Object.values(gradients);
    });
    const found = await ops.read(made);
    ops.dispose(made);
    assertEquals([...names].sort(), Object.keys(whole.gradients).sort());
    for (const [name, values] of Object.entries(whole.gradients)) {
      assertLess(distance(found[names.indexOf(name)], values), 1e-12, name);
    }
  }
  assertEquals(float64.live, 0);
});

const examples: Example[] = [
  { text: "good and fine", label: "up" },
  { text: "bad and poor", label: "down" },
  { text: "fine", label: "up" },
  { text: "so poor", label: "down" },
];
const vectors = {
  dimensions: 4,
  vectors: new Map(
    ["good", "fine", "bad", "great"].map((word, i) => [word, Float32Array.of(i, 1, -i, 0.5)]),
  ),
  kept: ["great"],
};
const options: TrainOptions = { epochs: 8, batchSize: 2, optimizer: { name: "adam" } };

Deno.test("word vectors are projected to another size, trained or frozen", async () => {
  for (const frozen of [true, false]) {
    const model = createModel(examples, {
      ...{ cell: "gru", hidden: 3, vectors, projection: 2, frozen, init: "scaled" },
    });
    const before = structuredClone(model.weights);
    assertEquals([model.config.embedding, model.config.projection], [4, 2]);
    assertEquals([before.projection.length, before.Wxh.length], [8, 18]);
    await fit(createCpuBackend(), model, examples, options);
    assert(distance(model.weights.projection, before.projection) > 0);
    assertEquals(distance(model.weights.embedding, before.embedding) > 1e-6, !frozen); // rounded to float32
    const read = await readModel(new Blob([writeModel(model)]));
    assertEquals(read, model);
    const [prediction] = await predict(createCpuBackend(), model, ["great and good"]);
    assertEquals(prediction.unknownWords, []);
  }
});

Deno.test("a network with a projection trains to the same weights on any number of threads", async () => {
  const make = () => createModel(examples, { cell: "lstm", hidden: 3, vectors, projection: 2 });
  const [one, two] = [make(), make()];
  await fit(createCpuBackend(), one, examples, options);
  const threads = createCpuBackend({ threads: 2 });
  await fit(threads, two, examples, options);
  threads.dispose();
  assertEquals(one.weights, two.weights);
});

Deno.test("with a projection, contributions sum to the score minus the baseline", async () => {
  const model = createModel(examples, {
    ...{ cell: "gru", hidden: 3, vectors, projection: 2, frozen: true, init: "scaled" },
  });
  const backend = createCpuBackend({ dtype: "float64" });
  const [{ attributions: [{ shares, score, baseline }] }] = await explain(backend, model, [
    "good and fine",
  ]);
  const sum = shares.reduce((sum, share) => sum + share, 0);
  assertAlmostEquals(sum, score - baseline, 0.01);
});

Deno.test("createModel() throws if a projection lacks an embedding, or vectors have another size", () => {
  const refused = (given: Partial<Parameters<typeof createModel>[1]>, message: string) =>
    assertThrows(() => createModel(examples, { ...given } as object), InputError, message);
  refused({ projection: 3 }, "a projection needs an embedding size of at least 1, got 0");
  refused({ embedding: 2, projection: 1.5 }, "the projection size must be a whole number");
  refused(
    { vectors, embedding: 3 },
    "the embedding size must be that of the word vectors, 4, got 3; for another size give a projection",
  );
});
