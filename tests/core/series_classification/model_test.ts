/**
 * Series classifiers: creation, training, prediction, files and resuming.
 *
 * @module
 */
import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createCpuBackend } from "@unroll/backend-cpu";
import {
  type Checkpoint,
  createPredictor,
  createSeriesClassifier,
  evaluate,
  fit,
  InputError,
  nearestNeighbor,
  predict,
  Random,
  readCheckpoint,
  readModel,
  recommendSeriesClassifier,
  type Series,
  type SeriesClassificationModel,
  type SeriesClassifierOptions,
  shapesOf,
  train,
  type TrainOptions,
  writeCheckpoint,
  writeModel,
} from "@unroll/core";
import { CPU_BACKENDS } from "#tests/support/helpers.ts";

/** Slow and fast waves of 20 to 30 steps, with a second column of noise. */
function waves(seed: number, count: number): Series[] {
  const random = new Random(seed);
  return Array.from({ length: count }, (_, i) => {
    const length = 20 + Math.floor(11 * random.uniform()), start = 7 * random.uniform();
    const speed = i % 2 ? 0.3 : 0.9;
    const wave = Float64Array.from(
      { length },
      (_, t) => 50 + 10 * Math.sin(start + speed * t) + random.normal(),
    );
    const noise = wave.map(() => random.normal());
    return {
      name: `wave ${i}`,
      columns: ["height", "noise"],
      values: [wave, noise],
      label: i % 2 ? "slow" : "fast",
    };
  });
}

const SERIES = waves(1, 30), TEST = waves(2, 20);
const SMALL: SeriesClassifierOptions = { hidden: 12 };
const TRAINING = {
  epochs: 30,
  batchSize: 8,
  optimizer: { name: "adamw" },
  learningRate: 0.01,
  schedule: { name: "cosine" },
  clip: Infinity,
} as const;

const backend = createCpuBackend();

let made: Promise<SeriesClassificationModel> | undefined;
function trainedModel(): Promise<SeriesClassificationModel> {
  return made ??= (async () => {
    const model = createSeriesClassifier(SERIES, SMALL);
    await fit(backend, model, SERIES, TRAINING);
    return model;
  })();
}

function refused(series: readonly Series[], options: SeriesClassifierOptions, message: string) {
  assertThrows(() => createSeriesClassifier(series, options), InputError, message);
}

Deno.test("a series classifier learns waves of any length, and predicts probabilities", async () => {
  const model = await trainedModel();
  const evaluation = await evaluate(backend, model, TEST);
  assert(evaluation.accuracy >= 0.9, `${evaluation.accuracy}`);
  assertEquals(evaluation.majority, { label: "fast", accuracy: 0.5 });
  assertEquals(evaluation.confusion!.flat().reduce((a, b) => a + b), TEST.length);
  const predictions = await predict(backend, model, TEST);
  const right = predictions.filter(({ label }, i) => label === TEST[i].label).length;
  assertAlmostEquals(evaluation.accuracy, right / TEST.length);
  for (const [i, { name, probabilities, rows }] of predictions.entries()) {
    assertAlmostEquals(probabilities.slow + probabilities.fast, 1, 1e-6);
    assertEquals([name, rows], [TEST[i].name, TEST[i].values[0].length]);
  }
});

Deno.test("predictions of series are the same in a batch and alone", async () => {
  const model = await trainedModel();
  const together = await predict(backend, model, TEST);
  using predictor = createPredictor(backend, model);
  for (const [i, series] of TEST.slice(0, 5).entries()) {
    const [alone] = await predictor.predict([series]);
    assertEquals(alone.label, together[i].label);
    for (const [k, y] of alone.logits.entries()) assertAlmostEquals(y, together[i].logits[k], 1e-5);
  }
});

Deno.test("mistakes have the names of their series, most confident first", async () => {
  const model = await trainedModel();
  const turned = TEST.map((each) => ({ ...each, label: each.label === "slow" ? "fast" : "slow" }));
  const { mistakes, accuracy } = await evaluate(backend, model, turned);
  assert(accuracy <= 0.1);
  assertEquals(mistakes.length, 10);
  assert(mistakes.every(({ text }) => /^wave \d+$/.test(text)));
  assert(
    mistakes.every(({ probability }, i) => i === 0 || probability <= mistakes[i - 1].probability),
  );
});

Deno.test("a label that the model does not have counts as wrong, and is reported", async () => {
  const model = await trainedModel();
  const other = [{ ...TEST[0], label: "standing" }, TEST[1]];
  const { unseen, accuracy, confused } = await evaluate(backend, model, other);
  assertEquals(unseen, [{ label: "standing", count: 1 }]);
  assert(accuracy <= 0.5);
  assertEquals(confused[0].actual, "standing");
});

Deno.test("columns are found by name, in any order", async () => {
  const model = await trainedModel();
  const turned = TEST.map((each) => ({
    ...each,
    columns: [...each.columns].reverse(),
    values: [...each.values].reverse(),
  }));
  assertEquals(await predict(backend, model, turned), await predict(backend, model, TEST));
});

Deno.test("a model is restored from its file, with PyTorch's names", async () => {
  const model = await trainedModel();
  const bytes = new Blob([writeModel(model)]);
  const read = await readModel(bytes) as SeriesClassificationModel;
  assertEquals(read, model);
  assertEquals(await predict(backend, read, TEST), await predict(backend, model, TEST));
  const text = new TextDecoder().decode(await bytes.arrayBuffer());
  for (const name of ["rnn.weight_ih_l0_reverse", "head.weight"]) {
    assert(text.includes(`"${name}"`));
  }
});

Deno.test("a file with invalid settings is refused with the reason", async () => {
  const model = await trainedModel();
  const { means, deviations } = model.scaling;
  const wrong: [Partial<SeriesClassificationModel>, string][] = [
    [{ columns: ["height", "height"] }, "its columns should be different names"],
    [{ columns: [] }, "its columns should be different names"],
    [{ scaling: { means: means.slice(1), deviations } }, "a mean and a deviation for each column"],
    [{ scaling: { means, deviations: [0, 1, 1, 1] } }, "a mean and a deviation for each column"],
    [{ segment: 0 }, "its segment should be a whole number"],
    [{ noise: -1 }, "its noise should be a number of at least 0"],
    [
      { config: { ...model.config, head: "token" } },
      "the head must be last, mean, max or mean-max",
    ],
    [{ config: { ...model.config, embedding: 2 } }, "has no embedding"],
  ];
  for (const [change, message] of wrong) {
    const changed = { ...model, ...change };
    changed.weights = Object.fromEntries(
      Object.entries(shapesOf(changed)).map(([name, [rows, columns]]) =>
        [name, new Float64Array(rows * columns)] as const
      ),
    );
    const file = new Blob([writeModel(changed)]);
    await assertRejects(() => readModel(file), InputError, message);
  }
});

Deno.test("a model with many columns is restored from its file", async () => {
  const columns = Array.from({ length: 300 }, (_, i) => `column ${i}`);
  const values = columns.map((_, i) => Float64Array.of(i, i + 1 / 3));
  const series = ["a", "b"].map((label) => ({ columns, values, label }));
  const model = createSeriesClassifier(series, { hidden: 2 });
  assertEquals(await readModel(new Blob([writeModel(model)])), model);
});

Deno.test("training resumes from a checkpoint file, bit for bit", async () => {
  const options: TrainOptions<Series> = { ...TRAINING, epochs: 4 };
  const validation = TEST.slice(0, 6);
  const whole = createSeriesClassifier(SERIES, SMALL);
  const files: Uint8Array<ArrayBuffer>[] = [];
  const events = train(backend, whole, SERIES, { ...options, validation, checkpointEvery: 3 });
  for await (const event of events) {
    if (event.type === "checkpoint") files.push(writeCheckpoint(event.checkpoint));
  }
  for (const file of [files[0], files[1], files[3]]) { // within epochs, and at the end of one
    const { checkpoint } = await readCheckpoint(new Blob([file]));
    const resumed = createSeriesClassifier(SERIES, SMALL);
    const resume = checkpoint as Checkpoint<SeriesClassificationModel>;
    await fit(backend, resumed, SERIES, { ...options, validation, resume });
    assertEquals(resumed.weights, whole.weights);
  }
  const { checkpoint: resume } = await readCheckpoint(new Blob([files[1]]));
  const model = createSeriesClassifier(SERIES, SMALL);
  const others = SERIES.map((each, i) => i === 3 ? { ...each, values: TEST[3].values } : each);
  await assertRejects(
    () => fit(backend, model, others, { ...options, validation, resume }),
    InputError,
  );
});

Deno.test("training makes the same weights on any number of threads, bit for bit", async () => {
  const weightsOn = async (name: string) => {
    const model = createSeriesClassifier(SERIES, { hidden: 33, segment: 2 });
    const own = CPU_BACKENDS[name]();
    await fit(own, model, SERIES, { ...TRAINING, epochs: 2, batchSize: 16 });
    await fit(own, model, SERIES, { ...TRAINING, epochs: 2, batchSize: 16 }); // threads have started
    return model.weights;
  };
  const one = await weightsOn("SIMD with FMA");
  assertEquals(await weightsOn("SIMD on two threads"), one);
});

Deno.test("the same seed makes the same weights; noise and stretching change them", async () => {
  const weightsOf = async (options: SeriesClassifierOptions, seed = 1) => {
    const model = createSeriesClassifier(SERIES, { ...SMALL, ...options });
    await fit(backend, model, SERIES, { ...TRAINING, epochs: 2, seed });
    return model.weights;
  };
  const once = await weightsOf({});
  assertEquals(await weightsOf({}), once);
  for (const other of [{ noise: 0 }, { stretch: 0 }, { noise: 0.3 }]) {
    assert(String((await weightsOf(other)).Wxh) !== String(once.Wxh));
  }
});

Deno.test("training, evaluation and prediction free everything on the device", async () => {
  const own = createCpuBackend();
  const model = createSeriesClassifier(SERIES, SMALL);
  await fit(own, model, SERIES, { ...TRAINING, epochs: 1, validation: TEST, test: TEST });
  await evaluate(own, model, TEST);
  await predict(own, model, TEST);
  assertEquals(own.live, 0);
});

Deno.test("long series are read in segments, in at most 128 steps", async () => {
  const random = new Random(4);
  const long = Array.from({ length: 4 }, (_, i): Series => ({
    columns: ["x"],
    values: [Float64Array.from({ length: 1000 + i }, () => random.normal() + i % 2)],
    label: `${i % 2}`,
  }));
  const model = createSeriesClassifier(long, SMALL);
  assertEquals([model.segment, model.weights.Wxh.length], [8, 2 * 8 * 3 * 12]);
  await fit(backend, model, long, { ...TRAINING, epochs: 30 });
  assertEquals((await evaluate(backend, model, long)).accuracy, 1);
});

Deno.test("unusable series are refused in one line with their position", async () => {
  const [first, second] = SERIES;
  refused([], {}, "there are no series to learn from");
  refused([first], {}, 'every series has the label "fast"; a classifier needs at least two labels');
  refused(
    [first, { ...second, label: undefined }],
    {},
    'the series "wave 1": the series has no label',
  );
  refused([{ ...first, where: "a.csv:2" }, second], { columns: ["depth"] }, 'there is no "depth"');
  refused(
    [first, { ...second, where: "a.csv:9", columns: ["height", "other"] }],
    {},
    'a.csv:9: the model reads the columns "height", "noise", ' +
      'but there is no "noise" among "height"',
  );
  for (const value of [NaN, Infinity]) {
    const values = second.values.map((each) => each.map((v, t) => t === 4 ? value : v));
    refused([first, { ...second, values }], {}, `the column "height" has ${value} at step 5`);
  }
  const empty = [new Float64Array(0), new Float64Array(0)];
  refused([first, { ...second, values: empty }], {}, "the series has no steps");
  const flat = [first, second].map((each) => ({
    ...each,
    values: [1, 2].map(() => new Float64Array(9)),
  }));
  refused(flat, {}, 'all series are constant, such as "height" at 0');
  refused(SERIES, { head: "token" }, "the head must be last, mean, max or mean-max");
  refused(SERIES, { noise: -1 }, "the noise must be a number of at least 0");
  refused(SERIES, { segment: 0 }, "the segment must be a whole number");
  refused(SERIES, { hiden: 3 } as SeriesClassifierOptions, 'did you mean "hidden"?');
  const model = await trainedModel();
  await assertRejects(
    () => predict(backend, model, [{ ...first, columns: ["a", "b"] }]),
    InputError,
    'there is no "height" among "a", "b"',
  );
  await assertRejects(() => evaluate(backend, model, []), InputError, "no series to evaluate");
});

Deno.test("constant columns and series of one step can be trained on and evaluated", async () => {
  const series = Array.from({ length: 8 }, (_, i): Series => ({
    columns: ["x", "constant"],
    values: [Float64Array.of(i % 2 ? 5 : -5), Float64Array.of(0.1)],
    label: `${i % 2}`,
  }));
  const model = createSeriesClassifier(series, SMALL);
  await fit(backend, model, series, TRAINING);
  assertEquals((await evaluate(backend, model, series)).accuracy, 1);
});

Deno.test("an option that is undefined counts as not given", () => {
  const options = { cell: undefined, head: undefined, hidden: 4, dropout: undefined };
  assertEquals(
    createSeriesClassifier(SERIES, options),
    createSeriesClassifier(SERIES, { hidden: 4 }),
  );
});

Deno.test("label weights apply in training", async () => {
  const model = createSeriesClassifier(SERIES, SMALL);
  const labelWeights = { slow: 0 };
  await fit(backend, model, SERIES, { ...TRAINING, labelWeights, epochs: 10 });
  const labels = (await predict(backend, model, TEST)).map(({ label }) => label);
  assert(labels.every((label) => label === "fast"));
});

Deno.test("nearestNeighbor() compares scaled columns, even of different lengths", () => {
  const one = (label: string, x: number[], y: number[]): Series => ({
    columns: ["x", "y"],
    values: [Float64Array.from(x), Float64Array.from(y)],
    label,
  });
  const known = [
    one("up", [0, 1, 2, 3], [1000, 1000, 1000, 1000]),
    one("down", [3, 2, 1, 0], [1001, 1000, 1000, 1000]),
  ];
  const asked = [one("up", [0, 3], [1000, 1000]), one("up", [3, 0], [1001, 1000])];
  assertEquals(nearestNeighbor(known, asked), { predicted: ["up", "down"], accuracy: 0.5 });
  assertThrows(() => nearestNeighbor([], asked), InputError, "no series");
});

Deno.test("recommendSeriesClassifier() adapts to the number of series", () => {
  const few = recommendSeriesClassifier(SERIES);
  assertEquals([few.validation, few.training.epochs, few.training.schedule], [0, 200, {
    name: "cosine",
  }]);
  const many = new Array<Series>(6000).fill(SERIES[0]);
  const { validation, training } = recommendSeriesClassifier(many);
  assertEquals([validation, training.epochs, training.batchSize], [0.15, 30, 64]);
});
