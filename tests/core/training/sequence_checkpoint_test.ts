import { createCpuBackend } from "@unroll/backend-cpu";
import {
  type Checkpoint,
  createLanguageModel,
  createTranslationModel,
  type Example,
  InputError,
  type Model,
  readCheckpoint,
  train,
  type TrainEvent,
  type TrainOptions,
  writeCheckpoint,
  writeModel,
} from "@unroll/core";
import { assert, assertEquals, assertRejects } from "@std/assert";

const documents = ["the cat sat on the mat", "a dog", "and the dog saw a cat on a mat", "cats"]
  .map((text, i) => ({ text, label: ["cat", "dog"][i % 2] }));
const pairs = Array.from({ length: 17 }, (_, i) => ({
  text: String(37 * i),
  label: String(37 * i + 1),
}));
const adam = { name: "adam", weightDecay: 0.01 } as const;

interface Case {
  examples: Example[];
  create(): Model;
  options: TrainOptions;
  /** The number of states carried in the middle of an epoch. */
  carried: number;
}

const cases: Record<string, Case> = {
  "a language model over streams of several documents, under dropout": {
    examples: documents,
    create: () =>
      createLanguageModel(documents, { cell: "lstm", hidden: 5, layers: 2, dropout: 0.2 }),
    options: { batchSize: 3, timeSteps: 4, optimizer: adam, learningRate: 0.01 },
    carried: 4,
  },
  "a language model that starts from labels, with an embedding and validation": {
    examples: documents,
    create: () =>
      createLanguageModel(documents, {
        cell: "gru",
        hidden: 4,
        layers: 2,
        embedding: 3,
        dropout: 0.3,
        fromLabel: true,
      }),
    options: {
      batchSize: 2,
      timeSteps: 5,
      optimizer: { name: "sgd", momentum: 0.9 },
      clipNorm: 0.5,
      validation: documents.slice(1, 3),
      schedule: { name: "cosine", warmUp: 3 },
    },
    carried: 2,
  },
  "a language model whose documents each fit into one chunk": {
    examples: documents,
    create: () => createLanguageModel(documents, { cell: "rnn", hidden: 5, dropout: 0.2 }),
    options: { batchSize: 2, timeSteps: 40 },
    carried: 1,
  },
  "a translation model with dropout and a teacher-forcing ratio of one half": {
    examples: pairs,
    create: () =>
      createTranslationModel(pairs, {
        cell: "lstm",
        hidden: 4,
        layers: 2,
        embedding: 3,
        bidirectional: true,
        dropout: 0.3,
      }),
    options: {
      batchSize: 4,
      teacherForcing: 0.5,
      optimizer: adam,
      learningRate: 0.01,
      validation: pairs.slice(0, 3),
    },
    carried: 0,
  },
  "a translation model without attention, at batch size 1": {
    examples: pairs.slice(0, 5),
    create: () => createTranslationModel(pairs, { hidden: 4, embedding: 0, attention: "none" }),
    options: { optimizer: { name: "rmsprop" }, learningRate: 0.001 },
    carried: 0,
  },
};

for (const [name, { examples, create, options, carried }] of Object.entries(cases)) {
  Deno.test(`train() resumes from any step bit for bit: ${name}`, async () => {
    const run = async (model: Model, more: TrainOptions): Promise<TrainEvent[]> => {
      const all = { ...options, epochs: 3, ...more };
      const backend = createCpuBackend();
      const events = await Array.fromAsync(train(backend, model, examples, all));
      assertEquals(backend.live, 0);
      return events.filter(({ type }) => type !== "progress");
    };
    const whole = create();
    const events = await run(whole, {});

    const watched = create();
    const told = await run(watched, { checkpointEvery: 1 });
    assertEquals(told.filter(({ type }) => type !== "checkpoint"), events);
    assertEquals(writeModel(watched), writeModel(whole));

    const checkpoints = told.filter((event) => event.type === "checkpoint")
      .map(({ checkpoint }) => checkpoint);
    const inside = checkpoints.filter(({ progress }) => progress.batches > 0);
    assert(inside.length >= 3, "some checkpoints should be in the middle of an epoch");
    for (const each of inside) assertEquals(Object.keys(each.carriedState ?? {}).length, carried);
    for (const given of checkpoints) {
      const bytes = new Blob([writeCheckpoint(given, { note: 1 })]);
      const { checkpoint, notes } = await readCheckpoint(bytes);
      assertEquals([checkpoint, notes], [given, { note: 1 }]);
      for (const resume of [given, checkpoint]) {
        const rest = create();
        const after = await run(rest, { resume });
        assertEquals(writeModel(rest), writeModel(whole));
        // The remaining events equal those of the whole run.
        assertEquals(after, events.slice(events.length - after.length));
      }
    }
  });
}

Deno.test("train() stopped in the middle of an epoch can be resumed", async () => {
  const { examples, create, options } = Object.values(cases)[0];
  const whole = create();
  await Array.fromAsync(train(createCpuBackend(), whole, examples, { ...options, epochs: 2 }));
  for (const steps of [1, 3, 5]) {
    let asked = 0;
    const signal = {
      get aborted() {
        return asked++ >= steps;
      },
    };
    const more = { ...options, epochs: 2, signal, checkpointEvery: 1000 };
    const events = await Array.fromAsync(train(createCpuBackend(), create(), examples, more));
    const last = events.findLast((event) => event.type === "checkpoint")!;
    assert(last.type === "checkpoint" && last.checkpoint.carriedState);
    assertEquals(events.at(-1)!.type, "stopped");
    const rest = create();
    const resumed = { ...options, epochs: 2, resume: last.checkpoint };
    await Array.fromAsync(train(createCpuBackend(), rest, examples, resumed));
    assertEquals(writeModel(rest), writeModel(whole));
  }
});

Deno.test("train() stopped at any moment, also during an evaluation, can be resumed", async () => {
  for (const { examples, create, options } of Object.values(cases)) {
    const validation = examples.slice(1), test = examples.slice(0, 3);
    const all = { ...options, epochs: 2, validation, test };
    const whole = create();
    // Progress events depend on the clock.
    const isLasting = ({ type }: { type: string }) => type !== "progress";
    const events = (await Array.fromAsync(train(createCpuBackend(), whole, examples, all)))
      .filter(isLasting);
    let isOver = false, stops = 0;
    for (let turns = 1; !isOver; turns++) {
      let asked = 0;
      const signal = {
        get aborted() {
          return asked++ >= turns;
        },
      };
      const more = { ...all, signal, checkpointEvery: 1000 };
      const before = await Array.fromAsync(train(createCpuBackend(), create(), examples, more));
      isOver = before.at(-1)!.type !== "stopped";
      const last = before.findLast((event) => event.type === "checkpoint")!;
      assert(last.type === "checkpoint");
      const rest = create();
      const resumed = { ...all, resume: last.checkpoint };
      const after = (await Array.fromAsync(train(createCpuBackend(), rest, examples, resumed)))
        .filter(isLasting);
      assertEquals(writeModel(rest), writeModel(whole));
      assertEquals(after, events.slice(events.length - after.length));
      stops++;
    }
    assert(stops > 5);
  }
});

Deno.test("train() refuses a checkpoint whose hidden states do not match its streams", async () => {
  const { examples, create, options } =
    cases["a language model over streams of several documents, under dropout"];
  const run = { ...options, epochs: 1, checkpointEvery: 1 };
  const backend = createCpuBackend();
  let checkpoint: Checkpoint | undefined;
  for await (const event of train(backend, create(), examples, run)) {
    if (event.type === "checkpoint" && event.checkpoint.carriedState) {
      checkpoint ??= event.checkpoint;
    }
  }
  const { carriedState, ...without } = checkpoint!;
  const longer = Object.fromEntries(
    Object.entries(carriedState!).map((
      [name, data],
    ) => [name, new Float32Array([...data, ...data])]),
  );
  for (const resume of [without, { ...without, carriedState: longer }]) {
    await assertRejects(
      () => Array.fromAsync(train(backend, create(), examples, { ...run, resume })),
      InputError,
      "lacks the states of its streams",
    );
    assertEquals(backend.live, 0);
  }
});
