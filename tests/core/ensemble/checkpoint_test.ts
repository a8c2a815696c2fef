import {
  type Checkpoint,
  createModel,
  type Example,
  InputError,
  readCheckpoint,
  readModel,
  trainEnsemble,
  type TrainEvent,
  type TrainOptions,
  writeCheckpoint,
  writeModel,
} from "@unroll/core";
import { createCpuBackend } from "@unroll/backend-cpu";
import { assert, assertEquals, assertThrows } from "@std/assert";

const words = ["good", "bad", "not", "very", "so", "fine", "poor"];
const all: Example[] = Array.from({ length: 48 }, (_, i) => ({
  text: [...words.filter((_, k) => ((i * 5) >> k) % 2 === 1), "it"].join(" "),
  label: i % 3 === 0 ? "up" : "down",
}));
const examples = all.slice(0, 36), validation = all.slice(36);
const create = (seed: number) =>
  createModel(all, { cell: "gru", hidden: 4, embedding: 3, dropout: 0.3, seed });
const options: TrainOptions = {
  epochs: 8,
  batchSize: 8,
  optimizer: { name: "adam" },
  learningRate: 0.02,
  patience: 2,
  seed: 3,
};
const validated: TrainOptions = { ...options, validation };
const refitted: TrainOptions = { ...validated, refit: true };
const ENSEMBLE = { networks: 3, create };

const RUNS: Record<string, TrainOptions> = {
  "without validation": { ...options, patience: undefined, epochs: 3 },
  "with validation": validated,
  "with a refit": refitted,
};

for (const [name, run] of Object.entries(RUNS)) {
  Deno.test(`an ensemble ${name} resumes bit for bit from each of its checkpoints`, async () => {
    const backend = createCpuBackend();
    const whole = create(3), checkpoints: Checkpoint[] = [], events: TrainEvent[] = [];
    const given = { ...run, ...ENSEMBLE, checkpointEvery: 3 };
    let chosenWith: unknown;
    for await (const event of trainEnsemble(backend, whole, examples, given)) {
      if (event.type === "refit" && !event.isPart) chosenWith = writeModel(whole);
      if (event.type === "checkpoint") checkpoints.push(event.checkpoint);
      else if (event.type !== "progress") events.push(event);
    }
    assertEquals(whole.ensemble?.length, 2);
    const networks = checkpoints.map(({ model }) => model.ensemble?.length ?? 0);
    assertEquals([...new Set(networks)], [0, 1, 2]);
    for (const [i, checkpoint] of checkpoints.entries()) {
      const bytes = writeCheckpoint(checkpoint);
      const { checkpoint: resume } = await readCheckpoint(new Blob([bytes]));
      assertEquals(resume, checkpoint);
      assertEquals((await readModel(new Blob([bytes]))).ensemble?.length ?? 0, networks[i]);
      const rest = create(3), after: TrainEvent[] = [];
      for await (
        const event of trainEnsemble(backend, rest, examples, { ...run, ...ENSEMBLE, resume })
      ) {
        if (event.type === "refit" && !event.isPart) assertEquals(writeModel(rest), chosenWith);
        if (event.type !== "progress") after.push(event);
      }
      assertEquals(writeModel(rest), writeModel(whole));
      // The event of the unfinished network is emitted again.
      assertEquals(after.shift()?.type, "network");
      assertEquals(after, after.length === 0 ? [] : events.slice(-after.length));
    }
    assertEquals(backend.live, 0);
  });
}

Deno.test("a stopped ensemble keeps its finished networks", async () => {
  const whole = create(3);
  const run = { ...RUNS["without validation"], ...ENSEMBLE };
  for await (const _ of trainEnsemble(createCpuBackend(), whole, examples, run));
  for (const [at, kept] of [[1, 1], [2, 1], [3, 2]]) {
    const model = create(3), signal = { aborted: false };
    let checkpoint: Checkpoint | undefined, network = 0;
    const given = { ...run, signal, checkpointEvery: 1000 };
    for await (const event of trainEnsemble(createCpuBackend(), model, examples, given)) {
      if (event.type === "network") network = event.network;
      if (event.type === "epoch" && network === at) signal.aborted = true;
      if (event.type === "checkpoint") checkpoint = event.checkpoint;
    }
    assertEquals((model.ensemble?.length ?? 0) + 1, kept);
    const rest = create(3);
    for await (
      const _ of trainEnsemble(createCpuBackend(), rest, examples, { ...run, resume: checkpoint })
    );
    assertEquals(writeModel(rest), writeModel(whole));
  }
});

Deno.test("an ensemble whose iterator ends early keeps its finished networks", async () => {
  const model = create(3), backend = createCpuBackend();
  let second = false;
  for await (
    const event of trainEnsemble(backend, model, examples, {
      ...options,
      patience: undefined,
      ...ENSEMBLE,
    })
  ) {
    second ||= event.type === "network" && event.network === 2;
    if (second && event.type === "epoch") break;
  }
  assertEquals(model.ensemble, undefined);
  const first = create(3);
  for await (
    const _ of trainEnsemble(createCpuBackend(), first, examples, {
      ...options,
      patience: undefined,
      ...ENSEMBLE,
      networks: 1,
    })
  );
  assertEquals(writeModel(model), writeModel(first));
  assertEquals(backend.live, 0);
});

Deno.test("a checkpoint of another ensemble is refused", async () => {
  let last: Checkpoint | undefined;
  for await (
    const event of trainEnsemble(createCpuBackend(), create(3), examples, {
      ...refitted,
      ...ENSEMBLE,
      checkpointEvery: 1,
    })
  ) {
    if (event.type === "network" && event.network === 3) break;
    if (event.type === "checkpoint") last = event.checkpoint;
  }
  assert(last);
  const refused = (given: object, checkpoint = last!) =>
    assertThrows(
      () =>
        trainEnsemble(createCpuBackend(), create(3), examples, {
          ...refitted,
          ...ENSEMBLE,
          resume: checkpoint,
          ...given,
        }),
      InputError,
    ).message;
  assertEquals(
    refused({ networks: 1 }),
    "the checkpoint is from an ensemble of more than 1 networks; use the same number",
  );
  assertEquals(
    refused({ epochs: 9 }),
    "in the checkpoint, each network of the ensemble has at most 8 epochs, got 9; use the same number, or start over",
  );
  assertEquals(
    refused({ seed: 4 }),
    "seed is 5, but was 4 in the checkpoint; use the same value, or start over",
  );
  assertEquals(
    refused({}, { ...last, early: [] }),
    "the checkpoint is damaged: it has pre-refit weights of 0 networks instead of 2",
  );
});
