import {
  buildDataset,
  createPredictor,
  createRegressor,
  evaluate,
  type Example,
  fit,
  fitRidge,
  InputError,
  NUMBER_LOSSES,
  predict,
  readCheckpoint,
  readModel,
  ridgeOfWords,
  train,
  type TrainEvent,
  type TrainOptions,
  writeCheckpoint,
  writeModel,
} from "@unroll/core";
import { createCpuBackend } from "@unroll/backend-cpu";
import { assert, assertAlmostEquals, assertEquals, assertLess, assertRejects } from "@std/assert";
import { assertThrows } from "@std/assert";
import { bitsOf, numberIn, numberOf } from "#core/regression/number.ts";
import { CPU_BACKENDS } from "#tests/support/helpers.ts";

const WORDS: Record<string, number> = { awful: -3, bad: -1, plain: 0, good: 2, great: 5 };

/** Texts whose number is 1000 plus 100 times the sum of their words' values. */
function sums(count: number, shift = 0): Example[] {
  const words = Object.keys(WORDS);
  return Array.from({ length: count }, (_, i) => {
    const drawn = (37 * i + 11 * shift) % 125;
    const some = [1, 5, 25].map((place) => words[Math.floor(drawn / place) % 5]);
    const value = some.reduce((sum, word) => sum + WORDS[word], 0);
    return { text: some.join(" "), label: String(1000 + 100 * value) };
  });
}

const NETWORK = {
  cell: "gru",
  hidden: 8,
  embedding: 6,
  bidirectional: true,
  head: "mean",
} as const;
const TRAINING: TrainOptions = {
  epochs: 30,
  batchSize: 4,
  optimizer: { name: "adam" },
  learningRate: 0.01,
  clip: Infinity,
};

for (const loss of NUMBER_LOSSES) {
  Deno.test(`a regression model learns by the ${loss} loss, and predicts in the unit of its labels`, async () => {
    const backend = createCpuBackend();
    const model = createRegressor(sums(60), { ...NETWORK, loss });
    const { train, test } = await fit(backend, model, sums(60), { ...TRAINING, test: sums(20, 2) });
    assertEquals(Object.keys(train!), ["loss", "mae"]);
    assertEquals(Object.keys(test!), ["loss", "mae", "rmse"]);
    const found = await evaluate(backend, model, sums(20, 2));
    assertAlmostEquals(found.mae, test!.mae, 1e-3);
    assertAlmostEquals(found.rmse, test!.rmse, 1e-3);
    assertAlmostEquals(found.loss, test!.loss, 1e-6);
    assertLess(found.mae, found.baselines.mean.mae / 5);
    assertLess(found.rmse, found.baselines.median.rmse / 5);
    assert(found.r2 > 0.9 && found.r2 <= 1, String(found.r2));
    const [{ value, unknownWords }] = await predict(backend, model, ["great great good indeed"]);
    assert(value > 1500, String(value));
    assertEquals(unknownWords, ["indeed"]);
    assertEquals(backend.live, 0);
    backend.dispose();
  });
}

Deno.test("an evaluation has the largest errors, and the errors of the mean and median baselines", async () => {
  const examples = [1, 2, 3, 10].map((label, i) => ({ text: `w${i}`, label: String(label) }));
  const model = createRegressor(examples, { hidden: 4 });
  assertEquals(model.scale, { mean: 4, deviation: Math.sqrt(12.5), median: 2.5 });
  const { baselines, mistakes, r2 } = await evaluate(createCpuBackend(), model, examples);
  assertEquals(baselines.mean, { value: 4, mae: 3, rmse: Math.sqrt(12.5) });
  assertEquals(baselines.median.mae, 2.5);
  // An untrained network predicts nearly the mean.
  assertAlmostEquals(r2, 0, 0.01);
  assertEquals(mistakes[0].text, "w3");
  assertEquals(mistakes[0].actual, 10);
  assertAlmostEquals(mistakes[0].predicted, 4, 0.1);
});

Deno.test("the ridge baseline learns sums of words, and is evaluated on other examples", () => {
  const words = Object.entries(WORDS);
  const examples = Array.from({ length: 32 }, (_, i): Example => {
    const some = words.filter((_, k) => (i >> k) % 2 === 1);
    const value = some.reduce((sum, [, worth]) => sum + worth, 10);
    return { text: ["the", ...some.map(([word]) => word)].join(" "), label: String(value) };
  });
  const model = createRegressor(examples, NETWORK);
  const { mae, rmse, penalty } = ridgeOfWords(model, examples, examples);
  assertEquals(penalty, 0.3);
  assertLess(mae, 0.15);
  assert(rmse >= mae);
  // With two opposite labels, the intercept is 0.
  const two = [{ text: "up", label: "1" }, { text: "unknown", label: "-1" }];
  const small = createRegressor(two, NETWORK);
  const odd = [{ text: "never seen", label: "0" }];
  assertAlmostEquals(ridgeOfWords(small, two, odd).mae, 0, 1e-9);
});

Deno.test("a model file keeps the ridge baseline, and an evaluation has its errors", async () => {
  const examples = sums(40), model = createRegressor(examples, NETWORK);
  const backend = createCpuBackend();
  assertEquals((await evaluate(backend, model, examples)).ridge, undefined);
  model.ridge = Float32Array.from(fitRidge(model, examples).weights);
  const read = await readModel(new Blob([writeModel(model)])) as typeof model;
  assertEquals(read, model);
  const { mae, rmse } = ridgeOfWords(model, examples, examples);
  const { ridge } = await evaluate(backend, read, examples);
  assertAlmostEquals(ridge!.mae, mae, 1e-3 * mae);
  assertAlmostEquals(ridge!.rmse, rmse, 1e-3 * rmse);
});

Deno.test("numbers may have a decimal point or comma, and other labels are refused", () => {
  const given = ["3", "-2.5", "+.5", "1e3", "2,5", " 7 ", "0,1234", "1,234", "five", "", "NaN"];
  const expected = [3, -2.5, 0.5, 1000, 2.5, 7, 0.1234, NaN, NaN, NaN, NaN];
  assertEquals(given.map(numberOf), expected);
  for (const value of [0, -1.1, 1e300, 5e-324]) assertEquals(numberIn(bitsOf(value)), value);
  const create = (...labels: string[]) => () =>
    createRegressor(labels.map((label, i) => ({ text: "a b", label, where: `a.csv:${i + 2}` })));
  assertThrows(
    create("1", "five"),
    InputError,
    'a.csv:3: the label "five" is not a number; write it like 3.5, or remove the row',
  );
  assertThrows(
    create("1", "1,234"),
    InputError,
    'a.csv:3: the label "1,234" may be 1.234 or 1234; write it without a comma',
  );
  assertThrows(create("1e400", "2"), InputError, "is not a number");
  assertThrows(
    create("2", "2.0"),
    InputError,
    "every example has the number 2; give examples with",
  );
  assertThrows(() => createRegressor([]), InputError, "there are no examples to learn from");
  const some = [{ text: "a", label: "1" }, { text: "b", label: "2" }];
  const loss = "hinge" as "huber";
  assertThrows(() => createRegressor(some, { loss }), InputError, "the loss must be");
  const head = "token" as "last";
  assertThrows(() => createRegressor(some, { head }), InputError, "the head must be last, mean");
});

Deno.test("training and evaluation throw if a label is not a number, and report its position", async () => {
  const model = createRegressor(sums(5), NETWORK), backend = createCpuBackend();
  const odd = [{ text: "good", label: "x", where: "b.csv:7" }];
  await assertRejects(() => fit(backend, model, odd, { epochs: 1 }), InputError, "b.csv:7: the");
  await assertRejects(() => evaluate(backend, model, odd), InputError, 'b.csv:7: the label "x"');
  assertThrows(
    () => createPredictor(backend, model).stream(),
    InputError,
    "regression models need the whole text",
  );
});

Deno.test("a packed dataset trains to the same weights as its examples", async () => {
  const plain = createRegressor(sums(40), NETWORK);
  const builder = buildDataset(plain);
  for (const example of sums(40)) assertEquals(builder.add(example), undefined);
  assertEquals(
    builder.add({ text: "good", label: "x" }),
    'the label "x" is not a number; write it like 3.5, or remove the row',
  );
  const dataset = builder.build();
  const packed = createRegressor(dataset, NETWORK);
  const options = { ...TRAINING, epochs: 2 };
  await fit(createCpuBackend(), plain, sums(40), options);
  await fit(createCpuBackend(), packed, dataset, options);
  assertEquals(writeModel(packed), writeModel(plain));
  const [a, b] = await Promise.all(
    [dataset, sums(40)].map((set) => evaluate(createCpuBackend(), plain, set)),
  );
  assertEquals(a, b);
});

Deno.test("training resumes from any checkpoint bit for bit", async () => {
  const options = { ...TRAINING, epochs: 3, dropout: 0.3, validation: sums(9, 1), patience: 2 };
  const { dropout, ...training } = options;
  const create = () => createRegressor(sums(22), { ...NETWORK, dropout });
  const run = async (model: ReturnType<typeof create>, more: TrainOptions) => {
    const events = await Array.fromAsync(
      train(createCpuBackend(), model, sums(22), { ...training, ...more }),
    );
    return events.filter(({ type }) => type !== "progress") as TrainEvent[];
  };
  const whole = create();
  const events = await run(whole, {});
  const checkpoints = (await run(create(), { checkpointEvery: 2 }))
    .filter((event) => event.type === "checkpoint");
  assert(checkpoints.length > 5);
  for (const { checkpoint } of checkpoints) {
    const { checkpoint: resume } = await readCheckpoint(new Blob([writeCheckpoint(checkpoint)]));
    const rest = create();
    const after = await run(rest, { resume });
    assertEquals(writeModel(rest), writeModel(whole));
    assertEquals(after, events.slice(events.length - after.length));
    const other = sums(22).map(({ text, label }) => ({
      text,
      label: String(2000 - Number(label)),
    }));
    await assertRejects(
      () => fit(createCpuBackend(), create(), other, { ...training, resume }),
      InputError,
    );
  }
});

Deno.test("training makes the same weights on any number of threads", async () => {
  const weights = [];
  for (const name of ["SIMD with FMA", "SIMD on two threads", "SIMD on three threads"]) {
    const backend = CPU_BACKENDS[name]();
    const model = createRegressor(sums(30), NETWORK);
    await fit(backend, model, sums(30), { ...TRAINING, epochs: 2 });
    weights.push(writeModel(model));
    backend.dispose();
  }
  assertEquals(weights[1], weights[0]);
  assertEquals(weights[2], weights[0]);
});

Deno.test("a model is restored from its file, and a damaged one is refused", async () => {
  const model = createRegressor(sums(10), { ...NETWORK, loss: "absolute" });
  const bytes = writeModel(model);
  const again = await readModel(new Blob([bytes]));
  assertEquals(writeModel(again), bytes);
  assertEquals<object>({ ...again, weights: 0 }, { ...model, weights: 0 });
  const size = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const text = new TextDecoder().decode(bytes.subarray(8, 8 + size));
  const changed = async (from: string, to: string) => {
    const { __metadata__, ...entries } = JSON.parse(text.replace(from, to));
    delete __metadata__.crc32;
    const header = new TextEncoder().encode(JSON.stringify({ __metadata__, ...entries }));
    const length = new BigUint64Array([BigInt(header.length)]);
    return await readModel(new Blob([length, header, bytes.slice(8 + size)]));
  };
  await changed("nothing", "nothing");
  await assertRejects(
    () => changed('"absolute"', '"cosine"'),
    InputError,
    'unknown loss, "cosine"',
  );
  await assertRejects(() => changed('deviation\\"', 'deviance\\"'), InputError, "its scale should");
});
