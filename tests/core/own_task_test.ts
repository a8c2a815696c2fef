/**
 * A custom task, made of public exports only: it counts a letter in a text, so it predicts a number
 * instead of a label, and has its own loss.
 *
 * @module
 */
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { createCpuBackend } from "@unroll/backend-cpu";
import {
  type AnyModel,
  type Checkpoint,
  createPredictor,
  type EncodedExample,
  type EncodedSet,
  evaluate,
  type Example,
  fit,
  InputError,
  type Ops,
  predict,
  Random,
  readCheckpoint,
  readModel,
  type Sets,
  type SettledOptions,
  type Shell,
  type Task,
  type TaskRun,
  type Tensor,
  train,
  type TrainingTask,
  type Uploaded,
  type Weights,
  writeCheckpoint,
  writeModel,
} from "@unroll/core";
import {
  applyGradients,
  backward,
  checksum,
  createBatch,
  forward,
  fromTorch,
  initWeights,
  type Loss,
  networkConfig,
  type Step,
  torchShapes,
  toTorch,
  type Trained,
  type UpdateSettings,
  weightShapes,
} from "@unroll/core/network";

interface CountModel extends AnyModel {
  task: "count";
  /** The letter that is counted. */
  letter: string;
}

/** (y - t)² / 2, with the number of counts that are right after rounding. */
const squaredError: Loss<Tensor> = {
  value(ops, y, t) {
    const error = ops.subtract(y, t);
    return ops.scale(ops.multiply(error, error), 1 / 2);
  },
  gradient: (ops, y, t, rowWeights) => ops.multiplyColumn(ops.subtract(y, t), rowWeights),
  sums: (y, _, targets) => ({
    exact: [...y].filter((value, i) => Math.round(value) === targets[i]).length,
  }),
};

const countTask: Task<CountModel, number, never, { loss: number; exact: number }> = {
  name: "count",
  models: "counting models",
  usage: "this is a counting model; use predict()",
  trainOptions: [],
  shapes: ({ config, vocabulary }) => weightShapes(config, vocabulary.length, 1),
  encode: ({ vocabulary }, examples) =>
    Array.from(examples, ({ text, label }) => ({
      words: idsOf(vocabulary, text),
      labels: Int32Array.of(Number(label)),
    })),
  training,
  predict: async (on, texts) => [
    ...await outputsOf(on, texts.map((text) => idsOf(on.model.vocabulary, text))),
  ],
  evaluate: async (on, examples) => await measured(on, countTask.encode(on.model, examples)),
  file: {
    claims: (task) => task === countTask.name,
    minLabels: 0,
    keys: ["letter"],
    metadata: ({ task, letter }) => ({ task, letter }),
    read: (header, metadata, fail) => ({
      task: "count",
      ...header,
      letter: metadata.text("letter") ?? fail("is damaged: it has no letter"),
    }),
    torchShapes: ({ config, vocabulary }) => torchShapes(config, vocabulary.length, 1),
    toTorch: ({ config }, weights) => toTorch(config, weights),
    fromTorch: ({ config }, data) => fromTorch(config, data),
  },
};
const tasks = [countTask];

function idsOf(vocabulary: readonly string[], text: string): Int32Array {
  return Int32Array.from(text, (letter) => Math.max(0, vocabulary.indexOf(letter)));
}

/** Returns the predicted count for each text, given as letter ids. */
async function outputsOf(
  { ops, model: { config, vocabulary }, weights }: Uploaded<CountModel>,
  words: readonly Int32Array[],
): Promise<ArrayLike<number> & Iterable<number>> {
  const kept = ops.scope(() => {
    const batch = createBatch(ops, config, words, vocabulary.length);
    return [forward(ops, config, weights, batch).logits];
  });
  const [counts] = await ops.read(kept);
  ops.dispose(kept);
  return counts;
}

async function measured(
  on: Uploaded<CountModel>,
  examples: EncodedSet,
): Promise<{ loss: number; exact: number }> {
  const counts = [...await outputsOf(on, Array.from(examples, ({ words }) => words))];
  const errors = counts.map((count, i) => count - examples.at(i)!.labels[0]);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    loss: mean(errors.map((error) => error ** 2 / 2)),
    exact: mean(errors.map((error) => Math.abs(error) < 0.5 ? 1 : 0)),
  };
}

function training(
  model: CountModel,
  { examples, validation, test }: Sets,
  { batchSize }: SettledOptions,
): TrainingTask {
  const measureOf = (ops: Ops, set: EncodedSet) =>
    set.length === 0
      ? undefined
      : (weights: Weights<Tensor>) => measured({ ops, model, weights }, set);
  return {
    checksum: checksum(examples, validation),
    begin: (ops): TaskRun => ({
      epoch(order) {
        const all = [...examples];
        order?.shuffle(all);
        const batches: EncodedExample[][] = [];
        while (all.length > 0) batches.push(all.splice(0, batchSize));
        return {
          sizes: batches.map(({ length }) => length),
          steps: (trained, first, { learningRates: [learningRate], ...settings }) =>
            makeStep(ops, model, trained, batches[first], { ...settings, learningRate }),
        };
      },
      loss: squaredError,
      stepsPerCall: 1,
      validation: measureOf(ops, validation),
      test: measureOf(ops, test),
      carriedState: () => ({}),
      dispose() {},
    }),
  };
}

function makeStep(
  ops: Ops,
  { config, vocabulary }: CountModel,
  trained: Trained<Tensor>,
  examples: readonly EncodedExample[],
  settings: UpdateSettings,
): Step {
  const targets = Int32Array.from(examples, ({ labels }) => labels[0]);
  const step = { targets, count: 1 } as Step;
  ops.scope(() => {
    const batch = createBatch(ops, config, examples.map(({ words }) => words), vocabulary.length);
    const pass = forward(ops, config, trained.weights, batch);
    const column = ops.tensor(targets, [targets.length, 1]);
    const mean = ops.tensor(targets.map(() => 1), [targets.length, 1]);
    const dOutputs = squaredError.gradient(
      ops,
      pass.logits,
      column,
      ops.scale(mean, 1 / targets.length),
    );
    const { gradients } = backward(ops, config, trained.weights, batch, pass, dOutputs);
    step.outputs = pass.logits;
    step.losses = squaredError.value(ops, pass.logits, column);
    Object.assign(step, applyGradients(ops, trained, gradients, settings));
    return [
      step.losses,
      step.outputs,
      ...Object.values(step.weights),
      ...Object.values(step.slots),
    ];
  });
  return step;
}

function createCountModel(letter: string): CountModel {
  const vocabulary = ["<unk>", "a", "b", "c"];
  const config = networkConfig({ cell: "gru", hidden: 12 });
  const shapes = weightShapes(config, vocabulary.length, 1);
  const weights = initWeights("scaled", config, shapes, new Random(1));
  return { task: "count", config, vocabulary, labels: [], letter, weights };
}

/** Returns texts of a, b and c, labeled with the number of a's. */
function texts(seed: number, count: number): Example[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => {
    const length = 1 + Math.floor(random.uniform() * 7);
    const text = Array.from({ length }, () => "abc"[Math.floor(random.uniform() * 3)]).join("");
    return { text, label: String(text.split("a").length - 1) };
  });
}

const EXAMPLES = texts(1, 120), VALIDATION = texts(2, 30);
const OPTIONS = {
  epochs: 25,
  batchSize: 6,
  optimizer: { name: "adam" },
  learningRate: 0.01,
  validation: VALIDATION,
  tasks,
} as const;

const backend = createCpuBackend();

/** A trained model, created once. */
let made: Promise<CountModel> | undefined;
function trainedModel(): Promise<CountModel> {
  return made ??= (async () => {
    const model = createCountModel("a");
    const { epochs, train, validation } = await fit(backend, model, EXAMPLES, OPTIONS);
    assertEquals(epochs, OPTIONS.epochs);
    assert(train!.exact > 0.95, `${train!.exact} of the texts`);
    assert(validation!.loss < 0.05, `a validation loss of ${validation!.loss}`);
    return model;
  })();
}

Deno.test("a custom task learns to count, and predicts", async () => {
  const model = await trainedModel();
  const counts = await predict(backend, model, ["bcb", "abca", "aaaa"], { tasks }) as number[];
  assertEquals(counts.map(Math.round), [0, 2, 4]);
  using predictor = createPredictor(backend, model, { tasks });
  assertEquals(await predictor.predict(["bcb", "abca", "aaaa"]), counts);
});

Deno.test("a custom task evaluates with its own metric", async () => {
  const model = await trainedModel();
  const { loss, exact } = await evaluate(backend, model, VALIDATION, { tasks }) as {
    loss: number;
    exact: number;
  };
  const counts = await predict(backend, model, VALIDATION.map(({ text }) => text), {
    tasks,
  }) as number[];
  const squares = counts.map((count, i) => (count - Number(VALIDATION[i].label)) ** 2 / 2);
  assertAlmostEquals(loss, squares.reduce((a, b) => a + b) / squares.length, 1e-9);
  assert(exact > 0.9);
});

Deno.test("a model of a custom task is restored from its file, with PyTorch's names", async () => {
  const model = await trainedModel();
  const bytes = new Blob([writeModel(model, { tasks })]);
  const read = await readModel(bytes, "count.safetensors", { tasks }) as AnyModel;
  assertEquals(read, model);
  const text = new TextDecoder().decode(await bytes.arrayBuffer());
  for (const name of ["rnn.weight_hh_l0", "head.weight"]) assert(text.includes(`"${name}"`));
  const ask = (model: AnyModel) => predict(backend, model, ["abab"], { tasks });
  assertEquals(await ask(read), await ask(model));
});

Deno.test("a file of a custom task is refused without the task", async () => {
  const bytes = new Blob([writeModel(await trainedModel(), { tasks })]);
  await assertRejects(() => readModel(bytes), InputError, 'task "count", which is not known');
});

Deno.test("a model of a custom task is refused without the task", async () => {
  const model = await trainedModel();
  await assertRejects(() => predict(backend, model, ["a"]), InputError, 'no task "count"');
});

Deno.test("a custom task resumes from a checkpoint file, bit for bit", async () => {
  const options = { ...OPTIONS, epochs: 3, checkpointEvery: 7 };
  const whole = createCountModel("a");
  const files: Uint8Array<ArrayBuffer>[] = [];
  for await (const event of train(backend, whole, EXAMPLES, options)) {
    if (event.type !== "checkpoint") continue;
    files.push(writeCheckpoint(event.checkpoint, undefined, { tasks }));
  }
  for (const file of [files[0], files[3]]) { // within the first epoch, and later
    const { checkpoint } = await readCheckpoint(new Blob([file]), "checkpoint", { tasks });
    const resumed = createCountModel("a");
    const resume = checkpoint as Checkpoint;
    await fit(backend, resumed, EXAMPLES, { ...options, resume });
    assertEquals(resumed.weights, whole.weights);
  }
});

Deno.test("a custom task frees everything on the device", async () => {
  const model: Shell<CountModel> & AnyModel = await trainedModel();
  const own = createCpuBackend();
  await fit(own, { ...model }, EXAMPLES.slice(0, 12), { ...OPTIONS, epochs: 1 });
  await evaluate(own, model, VALIDATION, { tasks });
  assertEquals(own.live, 0);
});
