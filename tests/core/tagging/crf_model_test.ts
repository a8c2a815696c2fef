/**
 * Taggers with a conditional random field: training, files, resuming, predictions and evaluation.
 *
 * @module
 */
import { createCpuBackend } from "@unroll/backend-cpu";
import {
  createModel,
  createPredictor,
  evaluate,
  fit,
  InputError,
  type ModelOptions,
  predict,
  readCheckpoint,
  readModel,
  shapesOf,
  type TaggingModel,
  traceGradients,
  traceSteps,
  traceText,
  train,
  type TrainOptions,
  writeCheckpoint,
  writeModel,
} from "@unroll/core";
import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { readHeader } from "#core/files/safetensors.ts";
import { CPU_BACKENDS } from "#tests/support/helpers.ts";

const NAMES = ["ann", "bob", "cid", "dot"], PLACES = ["rome", "oslo", "lima"];

/** Sentences with names of one or two words, and places. */
const EXAMPLES = Array.from({ length: 40 }, (_, i) => {
  const name = NAMES[i % 4], place = PLACES[i % 3];
  return i % 2 === 0
    ? { text: `${name} lee went to ${place}`, label: "B-PER I-PER O O B-LOC" }
    : { text: `in ${place} ${name} sat`, label: "O B-LOC B-PER O" };
});

const NETWORK = {
  cell: "gru",
  hidden: 8,
  embedding: 6,
  bidirectional: true,
  init: "scaled",
  head: "token",
  crf: true,
} as const satisfies ModelOptions;

const TRAINING: TrainOptions = {
  epochs: 3,
  batchSize: 7,
  optimizer: { name: "adam" },
  learningRate: 0.02,
  clipNorm: 1,
};

async function trained(options: TrainOptions = TRAINING): Promise<TaggingModel> {
  const model = createModel(EXAMPLES, NETWORK);
  await fit(createCpuBackend(), model, EXAMPLES, options);
  return model;
}

Deno.test("a tagger with a CRF learns, and its metrics match its predictions", async () => {
  const backend = createCpuBackend();
  const model = await trained({ ...TRAINING, epochs: 20 });
  const evaluation = await evaluate(backend, model, EXAMPLES);
  assertEquals(evaluation.accuracy, 1);
  assertEquals(evaluation.entities?.scheme, "BIO");
  assertEquals(evaluation.entities?.f1, 1);
  assertEquals(evaluation.entities?.types.map(({ type, support }) => [type, support]), [
    ["LOC", 40],
    ["PER", 40],
  ]);
  const [tags] = await predict(backend, model, ["ann lee went to oslo"]);
  assertEquals(tags.map(({ label }) => label).join(" "), "B-PER I-PER O O B-LOC");
  assert(tags.every(({ probability }) => probability > 0.5 && probability <= 1));
});

Deno.test("training evaluates entity F1 together with the validation loss", async () => {
  const model = createModel(EXAMPLES, NETWORK);
  const options = { ...TRAINING, epochs: 20, validation: EXAMPLES.slice(0, 6) };
  const events = await Array.fromAsync(train(createCpuBackend(), model, EXAMPLES, options));
  const epochs = events.filter((event) => event.type === "epoch");
  assertEquals(epochs.at(-1)!.validation!.entityF1, 1);
  assertEquals(epochs.at(-1)!.train.entityF1, undefined);
  const { loss } = await evaluate(createCpuBackend(), model, EXAMPLES.slice(0, 6));
  const kept = epochs.findLast(({ kept }) => kept)!;
  assertAlmostEquals(kept.validation!.loss, loss, 1e-6);
});

Deno.test("the loss of a CRF in training is the mean per word, as in evaluate()", async () => {
  const backend = createCpuBackend({ dtype: "float64" });
  const model = createModel(EXAMPLES, NETWORK);
  const { loss } = await evaluate(backend, model, EXAMPLES);
  const options: TrainOptions = { epochs: 1, batchSize: EXAMPLES.length, learningRate: 0.1 };
  const [event] = (await Array.fromAsync(train(backend, model, EXAMPLES, options)))
    .filter((each) => each.type === "epoch");
  assertAlmostEquals(event.train.loss, loss, 1e-10);
});

Deno.test("a label that the model lacks counts as wrong, also as an entity", async () => {
  const model = await trained({ ...TRAINING, epochs: 20 });
  const unseen = [...EXAMPLES, { text: "in lima ann sat", label: "O B-LOC B-ORG O" }];
  const { loss, accuracy, entities, unseen: labels } = await evaluate(
    createCpuBackend(),
    model,
    unseen,
  );
  assert(Number.isFinite(loss));
  assertEquals(labels, [{ label: "B-ORG", count: 1 }]);
  assertAlmostEquals(accuracy, 1 - 1 / 184);
  assertEquals([entities!.support, entities!.predicted], [82, 82]);
  assertAlmostEquals(entities!.f1, 81 / 82);
});

Deno.test("a CRF's model file has the names of pytorch-crf, and is restored", async () => {
  const model = await trained();
  const blob = new Blob([writeModel(model)]);
  assertEquals(await readModel(blob), model);
  assertEquals(model.config.crf, true);
  const { entries } = await readHeader(blob, "model", new Map([["config", 1000]]));
  const shapes = ["crf.start_transitions", "crf.end_transitions", "crf.transitions"]
    .map((name) => [...entries.get(name)!.shape]);
  assertEquals(shapes, [[5], [5], [5, 5]].map((shape) => shape.map(() => model.labels.length)));
  const plain = createModel(EXAMPLES, { ...NETWORK, crf: false });
  assertEquals("crf" in plain.config, false);
  const { startTransitions: _, endTransitions: _e, transitions: _t, ...rest } =
    createModel(EXAMPLES, NETWORK).weights;
  assertEquals(plain.weights, rest);
});

for (const letters of [0, 5]) {
  const network = { ...NETWORK, letters };
  const what = letters > 0 ? "with letters " : "";
  Deno.test(`training of a CRF ${what}resumes from any checkpoint bit for bit`, async () => {
    const options = { ...TRAINING, validation: EXAMPLES.slice(0, 5), patience: 3 };
    const whole = createModel(EXAMPLES, network);
    const all = await Array.fromAsync(
      train(createCpuBackend(), whole, EXAMPLES, { ...options, checkpointEvery: 4 }),
    );
    const checkpoints = all.filter((event) => event.type === "checkpoint");
    assert(checkpoints.length >= 4);
    for (const { checkpoint } of checkpoints) {
      const { checkpoint: resume } = await readCheckpoint(new Blob([writeCheckpoint(checkpoint)]));
      const rest = createModel(EXAMPLES, network);
      await fit(createCpuBackend(), rest, EXAMPLES, { ...options, resume });
      assertEquals(writeModel(rest), writeModel(whole));
    }
  });
}

Deno.test("a CRF has the same weights on any number of threads, and nearly the same on any kernels", async () => {
  const found: Record<string, TaggingModel> = {};
  for (const [name, create] of Object.entries(CPU_BACKENDS)) {
    const model = createModel(EXAMPLES, { ...NETWORK, letters: 5 });
    await fit(create(), model, EXAMPLES, TRAINING);
    assertEquals(create().live, 0);
    found[name] = model;
  }
  const { "SIMD with FMA": one, "SIMD on two threads": two, "SIMD on three threads": three } =
    found;
  assertEquals(two.weights, one.weights);
  assertEquals(three.weights, one.weights);
  for (const [name, { weights }] of Object.entries(found)) {
    for (const [weight, numbers] of Object.entries(weights)) {
      for (const [i, value] of numbers.entries()) {
        assertAlmostEquals(value, one.weights[weight][i], 2e-3, `${name}: ${weight}`);
      }
    }
  }
});

Deno.test("a CRF is refused where it does not apply, with a suggestion", async () => {
  const texts = [{ text: "good", label: "up" }, { text: "bad", label: "down" }];
  assertThrows(
    () => createModel(texts, { head: "max", crf: true }),
    InputError,
    "a CRF (crf: true, --crf) is for the head token, which labels each word, got max",
  );
  assertThrows(
    () => createModel(EXAMPLES, { head: "token", crf: "yes" as unknown as boolean }),
    InputError,
    "crf must be true or false",
  );
  const model = createModel(EXAMPLES, NETWORK);
  await assertRejects(
    () => fit(createCpuBackend(), model, EXAMPLES, { ...TRAINING, labelWeights: "balanced" }),
    InputError,
    "train without the CRF (crf: false, --no-crf)",
  );
  const oneWay = createModel(EXAMPLES, { ...NETWORK, bidirectional: false });
  using predictor = createPredictor(createCpuBackend(), oneWay);
  assertThrows(() => predictor.stream(), InputError, "cannot be streamed");
});

Deno.test("inspection shows marginals, and the gradients of a CRF", async () => {
  const backend = createCpuBackend({ dtype: "float64" });
  const model = await trained({ ...TRAINING, epochs: 20 });
  const { text, label } = EXAMPLES[0];
  const [tags] = await predict(backend, model, [text]);
  const { predictions } = await traceText(backend, model, text);
  const { probabilities } = await traceSteps(backend, model, text);
  for (const [t, { label, probability }] of tags.entries()) {
    assertEquals(predictions[t].label, label);
    assertAlmostEquals(predictions[t].probability, probability, 1e-9);
    assertAlmostEquals(probabilities[t][model.labels.indexOf(label)], probability, 1e-9);
  }
  const { weights, loss } = await traceGradients(backend, model, EXAMPLES[0]);
  assertEquals(Object.keys(weights).toSorted(), Object.keys(shapesOf(model)).toSorted());
  assertAlmostEquals(loss, (await evaluate(backend, model, [{ text, label }])).loss, 1e-9);
});

Deno.test("a text of one word, and texts without words, are tagged", async () => {
  const model = await trained();
  const answers = await predict(createCpuBackend(), model, ["rome", "", "in rome"]);
  assertEquals(answers.map(({ length }) => length), [1, 0, 2]);
});
