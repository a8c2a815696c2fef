import { createCpuBackend } from "@unroll/backend-cpu";
import {
  type Checkpoint,
  createLanguageModel,
  createModel,
  InputError,
  type Model,
  readCheckpoint,
  readModel,
  train,
  type TrainOptions,
  writeCheckpoint,
} from "@unroll/core";
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";

const examples = Array.from({ length: 7 }, (_, i) => ({
  text: `${"abc"[i % 3]} good day ${i}`,
  label: i % 2 ? "up" : "down",
}));

const options: TrainOptions = {
  epochs: 3,
  batchSize: 2,
  learningRate: 0.01,
  optimizer: { name: "adam" },
  labelWeights: { up: 2 },
  validation: examples.slice(1, 4),
  patience: 5,
};

async function checkpointsOf(model: Model, settings: TrainOptions): Promise<Checkpoint[]> {
  const run = train(createCpuBackend(), model, examples, { ...settings, checkpointEvery: 1 });
  const checkpoints: Checkpoint[] = [];
  for await (const event of run) {
    if (event.type === "checkpoint") checkpoints.push(event.checkpoint);
  }
  return checkpoints;
}

const model = createModel(examples, { hidden: 3 });
const checkpoint = (await checkpointsOf(model, options))
  .find(({ progress }) => progress.epoch === 2 && progress.batches === 2)!;

type Json = Record<string, unknown>;

/** Returns the checkpoint with a field changed or removed. */
function changed(path: string, value: unknown): Checkpoint {
  const { model, best, slots, ...training } = checkpoint;
  const copy: Json = structuredClone(training);
  const names = path.split(".");
  const last = names.pop()!;
  const place = names.reduce((object, name) => object[name] as Json, copy);
  assert(Object.hasOwn(place, last), path);
  if (value === undefined) delete place[last];
  else place[last] = value;
  return { model, best, slots, ...copy } as unknown as Checkpoint;
}

const resumed = (resume: Checkpoint) =>
  train(createCpuBackend(), model, examples, { ...options, resume });

/** Asserts that every way to read a checkpoint refuses it. */
async function assertRefused(given: Checkpoint, why: string): Promise<void> {
  const file = new Blob([writeCheckpoint(given)]);
  await assertRejects(() => readCheckpoint(file, "c"), InputError, `c: is damaged: ${why}`);
  await assertRejects(() => readModel(file, "c"), InputError, `c: is damaged: ${why}`);
  assertThrows(() => resumed(given), InputError, `the checkpoint is damaged: ${why}`);
}

Deno.test("a checkpoint without any one field of its training is refused", async () => {
  const { progress, options } = checkpoint;
  for (const [name, fields] of Object.entries({ progress, options })) {
    for (const field of Object.keys(fields)) {
      const has = name === "options" ? "have" : "has";
      await assertRefused(changed(`${name}.${field}`, undefined), `its ${name} ${has} no ${field}`);
    }
  }
  for (const name of ["optimizer", "schedule"] as const) {
    for (const field of Object.keys(options[name])) {
      const why = `its ${name} has no ${field}`;
      await assertRefused(changed(`options.${name}.${field}`, undefined), why);
    }
  }
  await assertRefused(changed("progress", undefined), "it has no progress");
  await assertRefused(changed("options", undefined), "it has no options");
  await assertRefused(changed("examples", undefined), "the checksum of its examples is undefined");
});

Deno.test("a checkpoint with any field of another type is refused", async () => {
  const { progress, options } = checkpoint;
  for (const [name, fields] of Object.entries({ progress, options })) {
    for (const field of Object.keys(fields)) {
      for (const value of ["5\u001b", [], { toString: 1 }]) {
        if (field === "labelWeights" && value instanceof Array === false) continue; // tested below
        await assertRefused(changed(`${name}.${field}`, value), `its `);
      }
    }
  }
  await assertRefused(
    changed("options.labelWeights", { up: "2" }),
    "its options have labelWeights",
  );
  await assertRefused(changed("options.labelWeights", { up: -2 }), "its options have labelWeights");
  await assertRefused(changed("options.optimizer.betas", 0.9), "its optimizer has betas 0.9");
  await assertRefused(changed("options.optimizer.betas", [0.9]), "its optimizer has betas a list");
});

const impossible: [string, unknown, string][] = [
  ["progress.epoch", -1e9, "its progress has epoch -1000000000 instead of a whole number"],
  ["progress.epoch", 1e300, "its progress has epoch 1e+300 instead of"],
  ["progress.epoch", 1.5, "its progress has epoch 1.5 instead of"],
  ["progress.epoch", 9, "its progress is at epoch 9 of 3"],
  ["progress.epoch", 1, "its progress has 2 batches and 6 steps"],
  ["progress.batches", -1, "its progress has batches -1 instead of"],
  ["progress.batches", 0, "its progress has a loss before its epoch's first batch"],
  ["progress.steps", 2, "its progress has 2 batches and 2 steps"],
  ["progress.sums.accuracy", 1000, "its progress has an accuracy of 1000 in"],
  ["progress.sums.accuracy", -1, "its progress has an accuracy of -1 in"],
  ["progress.sums.accuracy", "1", "its progress has sums"],
  ["progress.weight", -1, "its progress has weight -1 instead of"],
  ["progress.loss", null, "its progress has loss null instead of a finite number"],
  ["progress.bestEpoch", 2, "its progress has its best loss"],
  ["progress.bestLoss", null, "its progress has its best loss, null, in epoch 1"],
  ["progress.gainEpoch", 0, "its progress has its last improvement"],
  ["progress.cuts", 2, "its progress has 2 learning-rate cuts and 0 epochs since, in epoch 2"],
  ["examples", 2 ** 32, "the checksum of its examples is 4294967296"],
  ["options.epochs", 0, "in its options, the number of epochs"],
  ["options.batchSize", 2.5, "in its options, the batch size"],
  ["options.learningRate", 0, "in its options, the learning rate"],
  ["options.patience", -1, "in its options, the patience"],
  ["options.seed", -1, "in its options, the seed"],
  ["options.optimizer.name", "other", "in its options, the optimizer"],
  ["options.optimizer.betas", [0.9, 1], "in its options, beta"],
  ["options.schedule.name", "other", "in its options, the schedule"],
  ["options.schedule.factor", 2, "in its options, the schedule's factor"],
];

for (const [path, value, why] of impossible) {
  Deno.test(`a checkpoint whose ${path} is ${JSON.stringify(value)} is refused`, async () => {
    await assertRefused(changed(path, value), why);
  });
}

Deno.test("train() refuses a checkpoint whose steps do not match its epochs and batches", async () => {
  for (const [field, value] of [["steps", 7], ["batches", 3]] as const) {
    const resume = changed(`progress.${field}`, value);
    await assertRejects(
      () => Array.fromAsync(resumed(resume)),
      InputError,
      "the checkpoint is damaged: its progress has",
    );
  }
});

Deno.test("train() refuses a checkpoint with other sums than those of its task's loss", async () => {
  const { accuracy } = checkpoint.progress.sums;
  for (const sums of [{}, { accurate: accuracy }, { accuracy, other: 1 }]) {
    await assertRejects(
      () => Array.fromAsync(resumed(changed("progress.sums", sums))),
      InputError,
      "the checkpoint is damaged: its progress should have the sums of accuracy",
    );
  }
});

Deno.test("a checkpoint with values that training cannot produce is refused", async () => {
  const squares = { ...checkpoint.slots, "v.Whh": checkpoint.slots["v.Whh"].map(() => -1) };
  const problem = "the mean squares v.Whh have -1 at index 0";
  await assertRefused({ ...checkpoint, slots: squares }, problem);
  const { best: _, ...without } = checkpoint;
  await assertRefused(without, "it has early stopping, but no best weights");
});

Deno.test("train() refuses a checkpoint with missing, too few, or non-finite values", () => {
  const { model, slots, best } = checkpoint;
  const { by, ...few } = model.weights;
  const refused = (change: Partial<Checkpoint>, why: string) =>
    assertThrows(
      () => resumed({ ...checkpoint, ...change }),
      InputError,
      `the checkpoint is damaged: ${why}`,
    );
  refused({ model: { ...model, weights: few } }, "its weights lack by");
  refused(
    { model: { ...model, weights: { ...few, by: by.map(() => NaN) } } },
    "its weights have NaN",
  );
  refused({ best: { ...best, by: by.slice(1) } }, "its best weights have 1 numbers in by instead");
  refused({ slots: {} }, "its slots lack m.Wxh");
  refused({ slots: { ...slots, "m.by": [0, 0] as unknown as typeof by } }, "its slots lack m.by");
  for (const other of [{}, [], { ...checkpoint, model: undefined }]) {
    const resume = other as unknown as Checkpoint;
    assertThrows(() => resumed(resume), InputError, "the checkpoint is damaged: it has no model");
  }
});

Deno.test("train() refuses a language model's checkpoint with missing or non-finite states", async () => {
  const model = createLanguageModel(examples, { hidden: 2 });
  const settings: TrainOptions = { epochs: 1, timeSteps: 4, batchSize: 2 };
  const inside = (await checkpointsOf(model, settings)).find(({ carriedState }) => carriedState)!;
  const { h_l0, c_l0 } = inside.carriedState!;
  const changes: [Checkpoint["carriedState"], string][] = [
    [{ h_l0 }, "its carried states lack c_l0"],
    [{ h_l0, c_l0: c_l0.slice(2) }, "its carried states have 2 numbers in c_l0 instead of 4"],
    [{ h_l0: h_l0.slice(1), c_l0 }, "its carried states have 3 numbers in h_l0 instead of 4"],
    [
      { h_l0: h_l0.map(() => Infinity), c_l0 },
      "its carried states have Infinity in h_l0 at index 0",
    ],
  ];
  for (const [carriedState, why] of changes) {
    const resume = { ...inside, carriedState };
    assertThrows(
      () => train(createCpuBackend(), model, examples, { ...settings, resume }),
      InputError,
      `the checkpoint is damaged: ${why}`,
    );
  }
});

Deno.test("writeCheckpoint() refuses notes that readCheckpoint() could not read", () => {
  let deep: unknown = 1;
  for (let depth = 0; depth < 200; depth++) deep = [deep];
  for (const notes of [deep, Array(2 ** 21).fill(0)]) {
    assertThrows(
      () => writeCheckpoint(checkpoint, notes),
      InputError,
      "a checkpoint stores at most",
    );
  }
  assertEquals(writeCheckpoint(checkpoint, Array(1000).fill([])).length > 0, true);
});
