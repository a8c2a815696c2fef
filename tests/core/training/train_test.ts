import { createCpuBackend } from "@unroll/backend-cpu";
import {
  type Backend,
  createModel,
  DivergedError,
  type Example,
  InputError,
  type Model,
  predict,
  train,
  type TrainEvent,
  type TrainOptions,
  writeModel,
} from "@unroll/core";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertNotEquals,
  assertRejects,
  assertThrows,
} from "@std/assert";
import sentences from "#cli/sentences.json" with { type: "json" };
import { distance, replacing } from "#tests/support/helpers.ts";

const examples: Example[] = [
  { text: "good", label: "positive" },
  { text: "bad", label: "negative" },
  { text: "not good", label: "negative" },
  { text: "not bad", label: "positive" },
  { text: "very good and not at all bad", label: "positive" },
];

async function run(
  model: Model,
  options: TrainOptions,
  backend: Backend = createCpuBackend(),
): Promise<TrainEvent[]> {
  return await Array.fromAsync(train(backend, model, examples, options));
}

Deno.test("train() learns the built-in sentences with the article's settings", async () => {
  const model = createModel(sentences.train);
  const run = train(createCpuBackend(), model, sentences.train, {
    epochs: 600,
    test: sentences.test,
  });
  let last: TrainEvent | undefined;
  for await (const event of run) if (event.type === "epoch") last = event;
  assert(last?.type === "epoch" && last.test);
  assertEquals([last.epoch, last.train.accuracy, last.test.accuracy], [600, 1, 1]);
});

Deno.test("train() makes the same weights for the same seed, bit for bit", async () => {
  const [a, b, c] = [1, 1, 2].map((seed) => createModel(examples, { hidden: 8, seed }));
  await run(a, { epochs: 20, seed: 1 });
  await run(b, { epochs: 20, seed: 1 });
  await run(c, { epochs: 20, seed: 2 });
  assertEquals(writeModel(a), writeModel(b));
  assertNotEquals(writeModel(a), writeModel(c));
});

Deno.test("train() uses another order for another seed, and the given order without shuffling", async () => {
  const [a, b, c, d] = [1, 2, 1, 2].map(() => createModel(examples, { hidden: 8 }));
  await run(a, { epochs: 5, seed: 1 });
  await run(b, { epochs: 5, seed: 2 });
  assertNotEquals(writeModel(a), writeModel(b));
  await run(c, { epochs: 5, seed: 1, shuffle: false });
  await run(d, { epochs: 5, seed: 2, shuffle: false });
  assertEquals(writeModel(c), writeModel(d));
});

Deno.test("train() reports every epoch, with the metrics of a test set if given", async () => {
  const model = createModel(examples, { hidden: 4 });
  const events = (await run(model, { epochs: 3, test: examples.slice(0, 2) }))
    .filter((event) => event.type === "epoch");
  assertEquals(events.map(({ epoch }) => epoch), [1, 2, 3]);
  for (const { train, test } of events) {
    // With tiny weights, predictions are nearly uniform, so the loss is about ln 2.
    assert(Math.abs(train.loss - Math.LN2) < 0.05 && Math.abs(test!.loss - Math.LN2) < 0.05);
    assert([0, 0.2, 0.4, 0.6, 0.8, 1].includes(train.accuracy));
  }
});

Deno.test("train() frees everything on the device", async () => {
  const backend = createCpuBackend();
  await run(createModel(examples, { hidden: 4 }), { epochs: 2, batchSize: 3 }, backend);
  assertEquals(backend.live, 0);
  for await (const _ of train(backend, createModel(examples), examples)) break;
  assertEquals(backend.live, 0);
});

Deno.test("train() issues all steps of an epoch before its only read", async () => {
  const backend = createCpuBackend();
  let reads = 0;
  const counting = replacing(backend, {
    read(tensors) {
      reads++;
      return backend.read(tensors);
    },
  });
  await run(createModel(examples, { hidden: 4 }), { epochs: 3 }, counting);
  assertEquals(reads, 3);
});

Deno.test("train() accepts a smaller last batch, and a batch larger than all examples", async () => {
  for (const batchSize of [2, 5, 100]) {
    const model = createModel(examples, { hidden: 4, init: "scaled" });
    const events = await run(model, { epochs: 300, batchSize, learningRate: 0.3 });
    const last = events.at(-1)!;
    assert(last.type === "epoch" && last.train.accuracy === 1, `batch size ${batchSize}`);
  }
});

Deno.test("train() uses the mean gradient of a batch", async () => {
  // Without clipping, a step on the mean is the mean of the steps from the same weights.
  const start = createModel(examples, { hidden: 4, init: "scaled" });
  const settings = { epochs: 1, clip: Infinity, learningRate: 0.1, shuffle: false };
  const backend = createCpuBackend({ dtype: "float64" });
  const alone = await Promise.all(examples.map(async (example) => {
    const model = structuredClone(start);
    await Array.fromAsync(train(backend, model, [example], settings));
    return model.weights.Whh;
  }));
  const together = structuredClone(start);
  await run(together, { ...settings, batchSize: examples.length }, backend);
  const mean = alone[0].map((_: number, i: number) =>
    alone.reduce((sum, weights) => sum + weights[i], 0) / alone.length
  );
  assert(distance(together.weights.Whh, mean) < 1e-15);
});

Deno.test("train() stops after the current step, with its weights", async () => {
  const many = Array.from({ length: 50_000 }, () => examples).flat();
  const model = createModel(many, { hidden: 8 });
  const before = writeModel(model);
  const stop = new AbortController();
  const events: TrainEvent[] = [];
  for await (const event of train(createCpuBackend(), model, many, { signal: stop.signal })) {
    events.push(event);
    stop.abort();
  }
  const [progress, stopped] = events;
  assert(progress.type === "progress" && stopped.type === "stopped" && events.length === 2);
  assertEquals([stopped.epoch, stopped.done], [1, progress.done]);
  assertGreater(stopped.done, 0);
  assertNotEquals(writeModel(model), before);
});

Deno.test("train() stops before its first step if aborted before", async () => {
  const model = createModel(examples);
  const before = writeModel(model);
  assertEquals(await run(model, { signal: { aborted: true } }), [
    { type: "stopped", reason: "request", epoch: 1, done: 0, best: undefined },
  ]);
  assertEquals(writeModel(model), before);
});

Deno.test("train() throws if training diverges, reports the step, and keeps the last good weights", async () => {
  const model = createModel(examples, { hidden: 4, init: "scaled" });
  await run(model, { epochs: 2 });
  const before = writeModel(model);
  const backend = createCpuBackend();
  await assertRejects(
    () => run(model, { learningRate: 1e38, clip: 1e38, shuffle: false }, backend),
    DivergedError,
    "epoch 1, step 3: the loss became NaN; try a smaller learning rate, 1e+37 instead of 1e+38",
  );
  assertEquals(writeModel(model), before);
  assertEquals(backend.live, 0);
});

Deno.test("train() throws if a weight is infinite, even if every loss was finite", async () => {
  const model = createModel(examples.slice(0, 2), { hidden: 2, init: "scaled" });
  const one = examples.slice(0, 1); // one step, whose loss is from before the update
  await assertRejects(
    () =>
      Array.fromAsync(train(createCpuBackend(), model, one, { learningRate: 1e300, epochs: 1 })),
    DivergedError,
    "epoch 1, step 1: a value of Wxh became Infinity",
  );
  assert(Object.values(model.weights).every((w) => w.every(Number.isFinite)));
});

Deno.test("train() treats an undefined option as not given", async () => {
  const [a, b] = [1, 2].map(() => createModel(examples, { hidden: 4 }));
  await run(a, { epochs: 3 });
  await run(b, { epochs: 3, batchSize: undefined, clip: undefined, seed: undefined });
  assertEquals(writeModel(a), writeModel(b));
});

Deno.test("train() throws if an option or an example is invalid", async () => {
  const model = createModel(examples);
  const refused: [TrainOptions, string][] = [
    [{ epochs: 0 }, "the number of epochs must be a whole number of at least 1, got 0"],
    [{ batchSize: 1.5 }, "the batch size must be a whole number of at least 1, got 1.5"],
    [{ learningRate: -1 }, "the learning rate must be above 0, got -1"],
    [{ clip: NaN }, "the gradient clipping value must be above 0, got NaN"],
    [{ clipNorm: 0 }, "the gradient clipping norm must be above 0, got 0"],
    [
      { optimizer: { name: "lion" as "sgd" } },
      "the optimizer must be one of sgd, rmsprop, adam, adamw",
    ],
    [{ optimizer: { momentum: 1 } }, "the momentum must be at least 0 and below 1, got 1"],
    [{ optimizer: { weightDecay: -1 } }, "the weight decay must be a number of at least 0, got -1"],
    [{ patience: 3 }, "early-stopping patience needs validation examples"],
    [{ labelWeights: { fine: 1 } }, 'the label weights name "fine", which is not a label'],
    [{ labelWeights: { positive: 0, negative: 0 } }, "every label has weight 0"],
    [{ checkpointEvery: 0 }, "the steps between checkpoints must be a whole number of at least 1"],
    [{ seed: -1 }, "the seed must be a whole number of at least 0, got -1"],
    [{ test: [{ text: "good", label: "fine" }] }, 'example 1: the label "fine" is not one'],
    [
      { test: [{ text: "?!", label: "positive", where: "t.csv:2" }] },
      't.csv:2: the text "?!" has no words',
    ],
  ];
  for (const [options, message] of refused) {
    await assertRejects(() => run(model, options), InputError, message);
  }
  assertThrows(() => train(createCpuBackend(), model, []), InputError, "there are no examples");
});

Deno.test("train() with balanced label weights weighs rare labels as much as frequent ones", async () => {
  // The same text, labeled up nine times and down once: only the label weights decide.
  const many = Array.from({ length: 10 }, (_, i) => ({ text: "so", label: i > 0 ? "up" : "down" }));
  const probability = async (labelWeights?: "balanced" | Record<string, number>) => {
    const model = createModel(many, { hidden: 4, init: "scaled" });
    const options = { epochs: 300, batchSize: 10, learningRate: 1, labelWeights };
    await Array.fromAsync(train(createCpuBackend(), model, many, options));
    return (await predict(createCpuBackend(), model, ["so"]))[0].probabilities.down;
  };
  assertAlmostEquals(await probability(), 0.1, 0.01);
  assertAlmostEquals(await probability("balanced"), 0.5, 0.01);
  assertAlmostEquals(await probability({ down: 3 }), 0.25, 0.01); // 3 of 12
});
