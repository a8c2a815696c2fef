import {
  buildDataset,
  chooseThresholds,
  createMultiLabelClassifier,
  evaluate,
  type Example,
  fit,
  InputError,
  predict,
  readCheckpoint,
  readModel,
  train,
  type TrainOptions,
  writeCheckpoint,
  writeModel,
} from "@unroll/core";
import { createCpuBackend } from "@unroll/backend-cpu";
import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { CPU_BACKENDS } from "#tests/support/helpers.ts";

const TOPICS = { ball: "sport", vote: "politics", film: "art", bank: "money" };

/** Texts with a label for each of their topics, from none to all four. */
function topics(count: number, separator = ";"): Example[] {
  const words = Object.entries(TOPICS);
  return Array.from({ length: count }, (_, i) => {
    const some = words.filter((_, k) => ((i * 7 + 5) >> k) % 2 === 1);
    return {
      text: ["the", ...some.map(([word]) => word), "again"].join(" "),
      label: some.map(([, label]) => label).join(`${separator} `),
    };
  });
}

const NETWORK = { cell: "gru", hidden: 8, embedding: 6, bidirectional: true, head: "max" } as const;
const TRAINING: TrainOptions = {
  epochs: 40,
  batchSize: 4,
  optimizer: { name: "adam" },
  learningRate: 0.02,
  clip: Infinity,
};

Deno.test("a model learns to predict any number of labels", async () => {
  const backend = createCpuBackend();
  const model = createMultiLabelClassifier(topics(40), NETWORK);
  assertEquals(model.labels, ["art", "money", "politics", "sport"]);
  const { train, test } = await fit(backend, model, topics(40), { ...TRAINING, test: topics(16) });
  assertEquals(Object.keys(train!), ["loss", "exact"]);
  assertEquals(Object.keys(test!), ["loss", "exact", "f1"]);
  const found = await evaluate(backend, model, topics(16));
  assertEquals([found.exact, found.micro.f1, found.macroF1], [1, 1, 1]);
  assertEquals([test!.exact, test!.f1, train!.exact], [1, 1, 1]);
  assertAlmostEquals(found.loss, test!.loss, 1e-6);
  assertEquals(found.mistakes, []);
  assert(found.majority.exact < 0.2);
  const predictions = await predict(backend, model, ["vote ball", "the again", "film"]);
  assertEquals(predictions.map(({ labels }) => labels.toSorted()), [
    ["politics", "sport"],
    [],
    ["art"],
  ]);
  const { probabilities, logits } = predictions[0];
  assertEquals(Object.keys(probabilities), model.labels);
  assertAlmostEquals(probabilities.sport, 1 / (1 + Math.exp(-logits[3])), 1e-6);
  assertEquals(backend.live, 0);
  backend.dispose();
});

Deno.test("metrics are for each label, for all labels, and for the most frequent label set", async () => {
  const examples: Example[] = [
    { text: "a", label: "x;y" },
    { text: "b", label: "x;y" },
    { text: "c", label: "x" },
    { text: "d", label: "z" },
  ];
  const model = createMultiLabelClassifier(examples, { hidden: 4, init: "tiny" });
  // Predicts x and y for every text.
  model.weights.by = Float64Array.of(5, 5, -5);
  model.weights.Why = model.weights.Why.map(() => 0);
  const { loss: _, mistakes, ...found } = await evaluate(createCpuBackend(), model, examples);
  assertEquals(found, {
    exact: 0.5,
    micro: { precision: 5 / 8, recall: 5 / 6, f1: 10 / 14 },
    macroF1: (6 / 7 + 4 / 6 + 0) / 3,
    labels: [
      { label: "x", precision: 3 / 4, recall: 1, f1: 6 / 7, support: 3 },
      { label: "y", precision: 2 / 4, recall: 1, f1: 4 / 6, support: 2 },
      { label: "z", precision: NaN, recall: 0, f1: 0, support: 1 },
    ],
    majority: { labels: ["x", "y"], exact: 0.5, f1: 10 / 14 },
    unknownTexts: 0,
  });
  assertEquals(mistakes.map(({ text, actual, predicted }) => ({ text, actual, predicted })), [
    { text: "d", actual: ["z"], predicted: ["x", "y"] },
    { text: "c", actual: ["x"], predicted: ["x", "y"] },
  ]);
});

Deno.test("labels that a model does not have count as missed, and are reported", async () => {
  const examples = [{ text: "a", label: "x;y" }, { text: "b", label: "x" }];
  const model = createMultiLabelClassifier(examples, { hidden: 4 });
  model.weights.by = Float64Array.of(5, -5);
  const test = [{ text: "b", label: "x" }, { text: "b", label: "x;w" }];
  const { exact, micro, unseen } = await evaluate(createCpuBackend(), model, test);
  assertEquals([exact, micro.recall, unseen], [0.5, 2 / 3, [{ label: "w", count: 1 }]]);
  await assertRejects(
    () => fit(createCpuBackend(), model, test, { epochs: 1 }),
    InputError,
    'the label "w" is not one that the model learns',
  );
});

Deno.test("labels are split at the separator, and predicted if they reach the threshold", async () => {
  const examples = [{ text: "a", label: "x | y" }, { text: "b", label: "x|x" }];
  const options = { hidden: 4, separator: "|", threshold: 0.9 };
  const model = createMultiLabelClassifier(examples, options);
  assertEquals(model.labels, ["x", "y"]);
  model.weights.Why = model.weights.Why.map(() => 0);
  model.weights.by = Float64Array.of(2.3, 2.1); // probabilities of 0.909 and 0.891
  const [{ labels }] = await predict(createCpuBackend(), model, ["a"]);
  assertEquals(labels, ["x"]);
  assertEquals((await evaluate(createCpuBackend(), model, examples)).exact, 0.5);
  const again = await readModel(new Blob([writeModel(model)]));
  assertEquals<object>({ ...again, weights: 0 }, { ...model, weights: 0 });
});

Deno.test("options of a multi-label model are checked", () => {
  const create = (options: Parameters<typeof createMultiLabelClassifier>[1]) => () =>
    createMultiLabelClassifier(topics(4), options);
  assertThrows(create({ separator: " " }), InputError, "the label separator must be a text");
  assertThrows(create({ threshold: 1 }), InputError, "the threshold must be above 0 and below 1");
  assertThrows(
    create({ head: "token" as "max" }),
    InputError,
    "the head must be last, mean, max",
  );
  assertThrows(
    () => createMultiLabelClassifier([{ text: "a", label: "" }]),
    InputError,
    "no example has a label",
  );
});

Deno.test("a packed dataset trains to the same weights as its examples, on any number of threads", async () => {
  const plain = createMultiLabelClassifier(topics(30, "|"), { ...NETWORK, separator: "|" });
  const builder = buildDataset(plain);
  for (const example of topics(30, "|")) assertEquals(builder.add(example), undefined);
  const dataset = builder.build();
  const options = { ...TRAINING, epochs: 2 };
  await fit(createCpuBackend(), plain, topics(30, "|"), options);
  for (const name of ["SIMD with FMA", "SIMD on three threads"]) {
    const packed = createMultiLabelClassifier(dataset, { ...NETWORK, separator: "|" });
    const backend = CPU_BACKENDS[name]();
    await fit(backend, packed, dataset, options);
    assertEquals(writeModel(packed), writeModel(plain));
    backend.dispose();
  }
  assertEquals(
    await evaluate(createCpuBackend(), plain, dataset),
    await evaluate(createCpuBackend(), plain, topics(30, "|")),
  );
  const other = createMultiLabelClassifier(topics(30), NETWORK);
  await assertRejects(
    () => evaluate(createCpuBackend(), other, dataset),
    InputError,
    "the dataset was read with settings other than",
  );
});

Deno.test("training resumes from any checkpoint bit for bit", async () => {
  const options = { ...TRAINING, epochs: 3, validation: topics(9), patience: 2 };
  const create = () => createMultiLabelClassifier(topics(22), { ...NETWORK, dropout: 0.3 });
  const run = async (model: ReturnType<typeof create>, more: TrainOptions) =>
    await Array.fromAsync(train(createCpuBackend(), model, topics(22), { ...options, ...more }));
  const whole = create();
  await run(whole, {});
  const checkpoints = (await run(create(), { checkpointEvery: 2 }))
    .filter((event) => event.type === "checkpoint");
  assert(checkpoints.length > 5);
  for (const { checkpoint } of checkpoints) {
    const { checkpoint: resume } = await readCheckpoint(new Blob([writeCheckpoint(checkpoint)]));
    const rest = create();
    await run(rest, { resume });
    assertEquals(writeModel(rest), writeModel(whole));
  }
});

Deno.test("chooseThresholds() raises the F1 of labels, and the thresholds are saved", async () => {
  const backend = createCpuBackend();
  const model = createMultiLabelClassifier(topics(60), NETWORK);
  await fit(backend, model, topics(60), { ...TRAINING, epochs: 4, learningRate: 0.005 });
  const before = await evaluate(backend, model, topics(60));
  const chosen = await chooseThresholds(backend, model, topics(60));
  assert(chosen.length > 0);
  const after = await evaluate(backend, model, topics(60));
  assert(after.macroF1 > before.macroF1);
  for (const { label, threshold, f1, before: was } of chosen) {
    const at = model.labels.indexOf(label);
    assertEquals(model.thresholds![at], threshold);
    assertAlmostEquals(after.labels[at].f1, f1, 1e-9);
    assertAlmostEquals(before.labels[at].f1, was, 1e-9);
    assert(f1 > was && threshold >= 0.02 && threshold <= 0.98);
  }
  const [{ labels, probabilities }] = await predict(backend, model, ["vote ball"]);
  const given = model.labels.filter((label, c) => probabilities[label] >= model.thresholds![c]);
  assertEquals(labels.toSorted(), given);
  assertEquals(await readModel(new Blob([writeModel(model)])), model);
  assertEquals(await chooseThresholds(backend, model, topics(12)), []); // too few examples
  backend.dispose();
});

Deno.test("label weights apply where a label is present, and raise the recall of rare labels", async () => {
  const backend = createCpuBackend();
  const rare = topics(60).map(({ text, label }, i) => ({ text, label: i % 6 ? "" : label }));
  const recall = async (labelWeights?: TrainOptions["labelWeights"]) => {
    const model = createMultiLabelClassifier(rare, NETWORK);
    await fit(backend, model, rare, { ...TRAINING, epochs: 3, labelWeights });
    return (await evaluate(backend, model, rare)).micro.recall;
  };
  const plain = await recall(), balanced = await recall("balanced");
  assert(balanced > plain, `${balanced}, ${plain}`);
  assert(await recall({ art: 20, money: 20, politics: 20, sport: 20 }) > plain);
  await assertRejects(() => recall({ sports: 2 }), InputError, '"sports", which is not a label');
  backend.dispose();
});
