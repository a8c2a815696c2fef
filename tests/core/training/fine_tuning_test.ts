import {
  type Checkpoint,
  createModel,
  type Example,
  fit,
  InputError,
  train,
  type TrainOptions,
} from "@unroll/core";
import { createCpuBackend } from "@unroll/backend-cpu";
import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { weightRates } from "#core/training/fine_tuning.ts";

const backend = createCpuBackend({ dtype: "float64" });
const examples: Example[] = [
  { text: "so very good", label: "up" },
  { text: "not good", label: "down" },
  { text: "not so bad", label: "up" },
  { text: "bad", label: "down" },
];
const made = () => createModel(examples, { cell: "lstm", hidden: 4, embedding: 3, layers: 2 });

Deno.test("weightRates() unfreezes layers from the top, and decays toward the bottom", () => {
  const tuning = { layerDecay: 2, unfreezeEvery: 3 };
  const at = (epoch: number) => {
    const rateOf = weightRates({ layers: 2 }, tuning, epoch, 10);
    return ["Why", "by", "Whh_l1", "Wxh_l1_reverse", "Whh", "embedding"].map((name) =>
      rateOf(name).factor
    );
  };
  assertEquals(at(1), [1, 1, 0, 0, 0, 0]);
  assertEquals(at(3), [1, 1, 0, 0, 0, 0]);
  assertEquals(at(4), [1, 1, 0.5, 0.5, 0, 0]);
  assertEquals(at(7), [1, 1, 0.5, 0.5, 0.25, 0]);
  assertEquals(at(10), [1, 1, 0.5, 0.5, 0.25, 0.125]);
  assertEquals(weightRates({ layers: 2 }, tuning, 9, 10)("Whh").frozenSteps, 60);
});

for (const name of ["sgd", "adam", "rmsprop"] as const) {
  Deno.test(`with ${name}, frozen layers keep their weights, bit for bit`, async () => {
    const model = made(), before = structuredClone(model.weights);
    const options = { optimizer: { name }, fineTuning: { unfreezeEvery: 2 } } as const;
    await fit(backend, model, examples, { ...options, epochs: 4 });
    for (const [weight, values] of Object.entries(model.weights)) {
      const isThawed = /^Why|^by|_l1/.test(weight);
      (isThawed ? assertNotEquals : assertEquals)(values, before[weight], weight);
    }
  });
}

Deno.test("an embedding is frozen for the given number of epochs, and then trained", async () => {
  const rateOf = (epoch: number) =>
    weightRates({ layers: 1 }, { layerDecay: 1, unfreezeEvery: 0, thawEmbedding: 2 }, epoch, 5);
  assertEquals(rateOf(2)("embedding").factor, 0);
  assertEquals(rateOf(3)("embedding"), { factor: 1, frozenSteps: 10 });
  assertEquals(rateOf(1)("Wxh"), { factor: 1, frozenSteps: 0 });
  const fineTuning = { thawEmbedding: 2 }, optimizer = { name: "adam" } as const;
  const model = made(), before = structuredClone(model.weights);
  await fit(backend, model, examples, { epochs: 2, optimizer, fineTuning });
  assertEquals(model.weights.embedding, before.embedding);
  assertNotEquals(model.weights.Wxh, before.Wxh);
  const whole = made(), checkpoints: Checkpoint[] = [];
  const options = { epochs: 4, optimizer, fineTuning };
  for await (const event of train(backend, whole, examples, { ...options, checkpointEvery: 3 })) {
    if (event.type === "checkpoint") checkpoints.push(structuredClone(event.checkpoint));
  }
  assertNotEquals(whole.weights.embedding, before.embedding);
  for (const resume of [checkpoints[0], checkpoints[4]]) { // before and after it is unfrozen
    const rest = made();
    await fit(backend, rest, examples, { ...options, resume: resume as Checkpoint<typeof rest> });
    assertEquals(rest.weights, whole.weights);
  }
});

Deno.test("a step of plain gradient descent is divided by the layer decay", async () => {
  const moved = async (fineTuning?: TrainOptions["fineTuning"]) => {
    const model = made(), before = structuredClone(model.weights);
    await fit(backend, model, examples, { epochs: 1, batchSize: 4, clip: Infinity, fineTuning });
    return (name: string) => model.weights[name][1] - before[name][1];
  };
  const alike = await moved(), decayed = await moved({ layerDecay: 2 });
  for (const [name, factor] of Object.entries({ by: 1, bh_l1: 2, Whh: 4 })) {
    assert(Math.abs(decayed(name) - alike(name) / factor) < 1e-12, name);
  }
});

Deno.test("neutral settings of fine-tuning do not change the weights", async () => {
  for (const network of [{ cell: "gru", embedding: 3 }, { init: "scaled" }] as const) {
    const trained = async (fineTuning?: TrainOptions["fineTuning"]) => {
      const model = createModel(examples, { hidden: 4, ...network });
      await fit(backend, model, examples, { epochs: 3, fineTuning });
      return model.weights;
    };
    const settings = { layerDecay: 1, unfreezeEvery: 0 };
    const alike = await trained(), tuned = await trained(settings);
    for (const [name, values] of Object.entries(alike)) {
      for (const [i, value] of values.entries()) assert(Math.abs(value - tuned[name][i]) < 1e-12);
    }
  }
});

Deno.test("fine-tuning resumes bit for bit, from within an epoch with frozen layers", async () => {
  const options = {
    epochs: 6,
    batchSize: 1,
    optimizer: { name: "adam" },
    fineTuning: { layerDecay: 2.6, unfreezeEvery: 2 },
  } as const;
  const whole = made();
  const checkpoints: Checkpoint<typeof whole>[] = [];
  for await (const event of train(backend, whole, examples, { ...options, checkpointEvery: 3 })) {
    if (event.type === "checkpoint") checkpoints.push(structuredClone(event.checkpoint));
  }
  for (const resume of [checkpoints[0], checkpoints[3], checkpoints[5]]) {
    const model = made();
    await fit(backend, model, examples, { ...options, resume });
    assertEquals(model.weights, whole.weights);
  }
  const other = { ...options, fineTuning: { layerDecay: 2, unfreezeEvery: 2 } };
  assertThrows(
    () => train(backend, made(), examples, { ...other, resume: checkpoints[0] }),
    InputError,
    "fineTuning.layerDecay is 2, but was 2.6 in the checkpoint",
  );
});

Deno.test("fine-tuning refuses settings out of range", () => {
  const refused = (fineTuning: object, message: string) =>
    assertThrows(() => train(backend, made(), examples, { fineTuning }), InputError, message);
  refused({ layerDecay: 0.5 }, "the layer decay must be a number of at least 1, got 0.5");
  refused(
    { unfreezeEvery: -1 },
    "the unfreezing interval (epochs) must be a whole number of at least 0",
  );
  refused(
    { thawEmbedding: 1.5 },
    "the epochs before the embedding thaws must be a whole number of at least 0, got 1.5",
  );
  refused({ unfreeze: 1 }, 'fineTuning has no option "unfreeze"');
});
