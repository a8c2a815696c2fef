import { createCpuBackend } from "@unroll/backend-cpu";
import {
  type Checkpoint,
  createModel,
  InputError,
  type Model,
  type ModelOptions,
  readCheckpoint,
  readModel,
  train,
  type TrainEvent,
  type TrainOptions,
  writeCheckpoint,
  writeModel,
} from "@unroll/core";
import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { randomExamples } from "#tests/support/helpers.ts";

const lengths = Array.from({ length: 23 }, (_, i) => 1 + (i * 7) % 11);
const examples = randomExamples(1, lengths, 9, 3).map(({ words, labels }) => ({
  text: Array.from(words, (id) => `w${id}`).join(" "),
  label: `l${labels[0]}`,
}));
const held = examples.slice(0, 5);

const networks: Record<string, ModelOptions> = {
  "the article's network": { hidden: 6 },
  "a stacked network with dropout and a trained embedding": {
    cell: "lstm",
    hidden: 4,
    layers: 2,
    bidirectional: true,
    dropout: 0.3,
    embedding: 3,
    head: "mean",
  },
  "a layer-normalized LSTM with recurrent dropout": {
    cell: "lnlstm",
    hidden: 4,
    bidirectional: true,
    recurrentDropout: 0.4,
    embedding: 3,
    head: "max",
  },
  "a network with a frozen embedding": { cell: "gru", hidden: 4, embedding: 3, frozen: true },
};

const trainings: Record<string, TrainOptions> = {
  "plain gradient descent": {},
  "sgd with momentum, in batches": { optimizer: { name: "sgd", momentum: 0.9 }, batchSize: 4 },
  "adam with dense steps": {
    optimizer: { name: "adam", dense: true },
    learningRate: 0.01,
    batchSize: 2,
  },
  "adam, with validation, a plateau and label weights": {
    optimizer: { name: "adam", weightDecay: 0.01 },
    learningRate: 0.01,
    batchSize: 5,
    clipNorm: 0.5,
    schedule: { name: "plateau", every: 1, warmUp: 3 },
    labelWeights: "balanced",
    validation: held,
    patience: 3,
  },
};

async function run(model: Model, options: TrainOptions): Promise<TrainEvent[]> {
  const events = await Array.fromAsync(train(createCpuBackend(), model, examples, options));
  return events.filter(({ type }) => type !== "progress");
}

const asFile = (checkpoint: Checkpoint) => new Blob([writeCheckpoint(checkpoint)]);

for (const [network, options] of Object.entries(networks)) {
  for (const [training, settings] of Object.entries(trainings)) {
    Deno.test(`train() resumes from any checkpoint bit for bit: ${network}, ${training}`, async () => {
      const base = { ...settings, epochs: 5 };
      const whole = createModel(examples, options);
      const events = await run(whole, base);

      const watched = createModel(examples, options);
      const all = await run(watched, { ...base, checkpointEvery: 3 });
      assertEquals(all.filter(({ type }) => type !== "checkpoint"), events);
      assertEquals(writeModel(watched), writeModel(whole));

      const checkpoints = all.filter((event) => event.type === "checkpoint");
      assert(checkpoints.length >= 5);
      for (const { checkpoint } of checkpoints) {
        const { checkpoint: resume } = await readCheckpoint(asFile(checkpoint));
        const rest = createModel(examples, options);
        const after = await run(rest, { ...base, resume });
        assertEquals(writeModel(rest), writeModel(whole));
        // The remaining events equal those of the whole run.
        assertEquals(after, events.slice(events.length - after.length));
      }
    });
  }
}

Deno.test("readModel() reads the best model from a checkpoint", async () => {
  const model = createModel(examples, { cell: "gru", hidden: 4 });
  const options = { ...trainings["adam, with validation, a plateau and label weights"], epochs: 8 };
  const events = await run(model, { ...options, checkpointEvery: 100 });
  const last = events.findLast((event) => event.type === "checkpoint")!;
  assert(last.type === "checkpoint");
  assertEquals(await readModel(asFile(last.checkpoint)), model);
});

Deno.test("train() with validation ends with the best weights instead of the last", async () => {
  // Labels that contradict the training set: the validation loss rises as the model learns.
  const next: Record<string, string> = { l0: "l1", l1: "l2", l2: "l0" };
  const validation = held.map(({ text, label }) => ({ text, label: next[label] }));
  const options = { epochs: 12, learningRate: 0.3, batchSize: 4 };
  const model = createModel(examples, { hidden: 6, init: "scaled" });
  const events = await run(model, { ...options, validation, checkpointEvery: 100 });
  const epochs = events.filter((event) => event.type === "epoch");
  const losses = epochs.map(({ validation }) => validation!.loss);
  const best = losses.indexOf(Math.min(...losses));
  assert(best < losses.length - 1, "the last epoch should not be the best for this test");
  assertEquals(epochs.map(({ kept }) => kept).lastIndexOf(true), best);
  const checkpoints = events.filter((event) => event.type === "checkpoint");
  const atBest = checkpoints.findLast(({ checkpoint }) => checkpoint.progress.epoch === best + 2)!;
  assertEquals(model.weights, atBest.checkpoint.model.weights);
  assertNotEquals(model.weights, checkpoints.at(-1)!.checkpoint.model.weights);
});

Deno.test("train() stops early if the validation loss does not improve for the patience", async () => {
  const model = createModel(examples, { hidden: 6, init: "scaled" });
  const options = { epochs: 500, learningRate: 2, batchSize: 4, validation: held, patience: 2 };
  const events = await run(model, options);
  const stopped = events.at(-1)!;
  assert(stopped.type === "stopped" && stopped.reason === "patience");
  const losses = events.filter((event) => event.type === "epoch").map((e) => e.validation!.loss);
  // Two epochs without another improvement of 0.001; the best may be among them.
  let gain = 0;
  losses.forEach((loss, i) => gain = i > 0 && loss < losses[gain] - 0.001 ? i : gain);
  assertEquals(stopped.epoch, gain + 1 + 2);
  assertEquals(losses.indexOf(Math.min(...losses)) + 1, stopped.best);
  const { epoch } = events.findLast((event) => event.type === "epoch")!;
  assertEquals(epoch, stopped.epoch);
});

Deno.test("train() refuses to resume with other examples or settings, but accepts more epochs", async () => {
  const model = createModel(examples, { hidden: 4 });
  const events = await run(model, { epochs: 1, checkpointEvery: 100 });
  const last = events.findLast((event) => event.type === "checkpoint")!;
  assert(last.type === "checkpoint");
  const { checkpoint: resume } = last;
  assertThrows(
    () => train(createCpuBackend(), model, examples.slice(1), { epochs: 1, resume }),
    InputError,
    "the examples are not those of the checkpoint",
  );
  assertThrows(
    () => train(createCpuBackend(), model, examples, { epochs: 1, batchSize: 2, resume }),
    InputError,
    "batchSize is 2, but was 1 in the checkpoint",
  );
  const more = await run(model, { epochs: 2, resume });
  assertEquals(more.map((event) => event.type === "epoch" && event.epoch), [2]);
  assertEquals(await run(model, { epochs: 1, resume }), []);
});

Deno.test("train() refuses to resume from another network's checkpoint, and reports the difference", async () => {
  const network = { cell: "rnn", hidden: 4, embedding: 2 } as const;
  const model = createModel(examples, network);
  const events = await run(model, { epochs: 1, checkpointEvery: 100 });
  const last = events.findLast((event) => event.type === "checkpoint")!;
  assert(last.type === "checkpoint");
  const { checkpoint: resume } = last;
  const refused = (other: Model, why: string) =>
    assertThrows(
      () => train(createCpuBackend(), other, examples, { epochs: 2, resume }),
      InputError,
      `${why} in the checkpoint; use the same value, or start over`,
    );
  const made = (options: ModelOptions) => createModel(examples, { ...network, ...options });
  refused(made({ activation: "relu" }), 'activation is "relu", but was "tanh"');
  refused(made({ hidden: 9 }), "hidden is 9, but was 4");
  refused(made({ dropout: 0.1 }), "dropout is 0.1, but was 0");
  refused(made({ head: "mean" }), 'head is "mean", but was "last"');
  const tokenizer = { lowerCase: false, punctuation: "drop" } as const;
  refused(made({ tokenizer }), "tokenizer.lowerCase is false, but was true");
  const changed = model.vocabulary.with(2, "\u001b[31m" + "x".repeat(100));
  const shown = `"\\u001b[31m${"x".repeat(35)}…"`;
  refused({ ...model, vocabulary: changed }, `vocabulary[2] is ${shown}, but was "w1"`);
  const labels = [...model.labels, "more"];
  refused({ ...model, labels }, 'labels[3] is "more", but was undefined');
  // Another order of keys, or an explicit default, is not a difference.
  const config = Object.fromEntries(Object.entries(model.config).reverse()) as typeof model.config;
  const same: Model = { ...model, config, task: "classification" };
  assertEquals((await run(same, { epochs: 2, resume })).length, 1);
});

Deno.test("train() resumes whatever the order of the label weights", async () => {
  const model = createModel(examples, { hidden: 4 });
  const labelWeights = { l0: 1, l1: 2, l2: 0.5 };
  const events = await run(model, { epochs: 1, checkpointEvery: 100, labelWeights });
  const last = events.findLast((event) => event.type === "checkpoint")!;
  assert(last.type === "checkpoint");
  const { checkpoint: resume } = last;
  const other = { l2: 0.5, l1: 2, l0: 1 };
  assertEquals((await run(model, { epochs: 2, labelWeights: other, resume })).length, 1);
  assertThrows(
    () => train(createCpuBackend(), model, examples, { labelWeights: { ...other, l1: 3 }, resume }),
    InputError,
    'labelWeights["l1"] is 3, but was 2 in the checkpoint',
  );
});

Deno.test("readCheckpoint() refuses a model, a truncated file, and a corrupt one", async () => {
  const model = createModel(examples, { hidden: 2 });
  await assertRejects(
    () => readCheckpoint(new Blob([writeModel(model)]), "m"),
    InputError,
    "m: is a model, not a checkpoint to resume from",
  );
  const events = await run(model, {
    epochs: 1,
    optimizer: { name: "adam" },
    checkpointEvery: 100,
  });
  const last = events.findLast((event) => event.type === "checkpoint")!;
  assert(last.type === "checkpoint");
  const bytes = writeCheckpoint(last.checkpoint);
  for (let end = 0; end < bytes.length; end += 13) {
    await assertRejects(() => readCheckpoint(new Blob([bytes.subarray(0, end)])), InputError);
  }
  const name = new TextDecoder("latin1").decode(bytes).indexOf('"crc32":"') + 1;
  for (let at = 0; at < bytes.length; at += 29) {
    if (at >= name && at < name + 5) continue; // a change of its name removes the checksum
    const changed = bytes.slice();
    changed[at] ^= 1 << at % 8;
    await assertRejects(() => readCheckpoint(new Blob([changed])), InputError);
  }
});
