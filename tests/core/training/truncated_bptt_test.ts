import { createCpuBackend } from "@unroll/backend-cpu";
import {
  type Backend,
  createModel,
  type FloatArray,
  InputError,
  type NetworkConfig,
  train,
  type TrainOptions,
  type Weights,
} from "@unroll/core";
import { assertEquals, assertGreater, assertLess, assertThrows } from "@std/assert";
import { cellOf } from "#core/network/cells/cells.ts";
import { networkConfig } from "#core/network/config.ts";
import { weightShapes } from "#core/network/shapes.ts";
import { uploadAll } from "#core/network/weights.ts";
import { opsOf } from "#core/ops/checked_ops.ts";
import type { EncodedExample } from "#core/training/encoded.ts";
import { OPTIMIZER_DEFAULTS } from "#core/training/optimizer.ts";
import { trainStep } from "#core/training/step.ts";
import {
  distance,
  farthest,
  passes,
  randomExamples,
  randomWeights,
  relativeError,
  SMOOTH_CELLS,
} from "#tests/support/helpers.ts";

const WORDS = 4, LABELS = 3;
const PLAIN = createCpuBackend({ kernels: "plain", dtype: "float64" });

/** Returns the gradients: what a step subtracts from the weights at a learning rate of 1. */
async function gradientsOf(
  config: NetworkConfig,
  weights: Weights<FloatArray>,
  examples: EncodedExample[],
  window?: number,
): Promise<Weights<FloatArray>> {
  const ops = opsOf(PLAIN);
  const longest = Math.max(...examples.map(({ words }) => words.length));
  const step = trainStep(
    ops,
    config,
    { weights: uploadAll(ops, weightShapes(config, WORDS, LABELS), weights), slots: {} },
    examples,
    longest,
    {
      optimizer: { ...OPTIMIZER_DEFAULTS, name: "sgd" },
      clipping: { value: Infinity, norm: Infinity },
      ...{ learningRate: 1, t: 1, seed: 7, window },
    },
  );
  const names = Object.keys(step.weights);
  const after = await ops.read(Object.values(step.weights));
  ops.dispose([...Object.values(step.weights), step.losses, step.outputs]);
  assertEquals(PLAIN.live, 0);
  return Object.fromEntries(
    names.map((name, k) => [name, after[k].map((value, i) => weights[name][i] - value)]),
  );
}

const NETWORKS = SMOOTH_CELLS.flatMap((cell) =>
  [1, 2].flatMap((layers) =>
    [0, 2].map((embedding) => networkConfig({ cell, layers, embedding, hidden: 2 }))
  )
);

for (const config of NETWORKS) {
  const what = `${config.cell}, ${config.layers} layers, embedding ${config.embedding}`;
  const weights = randomWeights(3, config, WORDS, LABELS);
  const examples = randomExamples(3, [7, 2, 9, 3, 0, 4], WORDS, LABELS);
  examples[4].labels = new Int32Array(0); // padding

  Deno.test(`truncated BPTT of ${what}: a window as long as the texts has no effect`, async () => {
    const whole = await gradientsOf(config, weights, examples);
    for (const window of [9, 10, 100]) {
      assertEquals(await gradientsOf(config, weights, examples, window), whole);
    }
  });

  Deno.test(`truncated BPTT of ${what} equals finite differences from a constant state`, async () => {
    for (const window of [1, 3, 4]) {
      const found = await gradientsOf(config, weights, examples, window);
      // The state before each text's window, computed without chunks.
      const states = Array.from({ length: config.layers }, () => ({ h: [], c: [] } as {
        h: number[];
        c?: number[];
      }));
      for (const { words } of examples) {
        const before = words.slice(0, Math.max(0, words.length - window));
        const example = { words: before, labels: Int32Array.of(0) };
        const { hn, cn } = await passes(PLAIN, config, weights, [example]);
        for (let layer = 0; layer < config.layers; layer++) {
          states[layer].h.push(...hn[layer]);
          if (cellOf(config.cell).hasCellState) states[layer].c!.push(...cn[layer]);
          else delete states[layer].c;
        }
      }
      const windows = examples.map((each) => ({ ...each, words: each.words.slice(-window) }));
      const loss = async () =>
        (await passes(PLAIN, config, weights, windows, { initial: states })).loss;
      assertLess(await relativeError(weights, found, loss), 1e-6, `window ${window}`);
      assertGreater(farthest(found, await gradientsOf(config, weights, examples)), 1e-4);
    }
  });
}

Deno.test("truncated BPTT with dropout starts each window from the state before it", async () => {
  const config = networkConfig({ cell: "gru", layers: 2, embedding: 3, hidden: 3, dropout: 0.5 });
  const weights = randomWeights(3, config, WORDS, LABELS);
  const examples = randomExamples(3, [9, 5], WORDS, LABELS);
  const whole = await gradientsOf(config, weights, examples);
  assertEquals(await gradientsOf(config, weights, examples, 9), whole);
  const once = await gradientsOf(config, weights, examples, 4);
  assertEquals(await gradientsOf(config, weights, examples, 4), once);
  assertGreater(farthest(once, whole), 1e-4);
});

const TEXTS = Array.from({ length: 12 }, (_, i) => ({
  text: `${"so ".repeat(i)}${i % 3 ? "good" : "bad"} ${"and so on ".repeat(i % 4)}`,
  label: i % 3 ? "up" : "down",
}));

async function trained(
  backend: Backend,
  options: TrainOptions,
  network: Partial<NetworkConfig> = {},
) {
  const model = createModel(TEXTS, {
    cell: "lstm",
    hidden: 8,
    layers: 2,
    embedding: 6,
    ...network,
  });
  await Array.fromAsync(train(backend, model, TEXTS, { epochs: 3, ...options }));
  return model.weights;
}

Deno.test("train() with timeSteps of the longest text equals train() without", async () => {
  for (const batchSize of [1, 4]) {
    const whole = await trained(createCpuBackend(), { batchSize });
    assertEquals(await trained(createCpuBackend(), { batchSize, timeSteps: 21 }), whole);
    assertGreater(
      farthest(await trained(createCpuBackend(), { batchSize, timeSteps: 3 }), whole),
      1e-6,
    );
  }
});

Deno.test("train() with timeSteps is the same with and without the article's fast path", async () => {
  const article = { cell: "rnn", layers: 1, embedding: 0 } as const;
  const whole = await trained(createCpuBackend(), {}, article);
  assertEquals(await trained(createCpuBackend(), { timeSteps: 21 }, article), whole);
  const short = await trained(createCpuBackend(), { timeSteps: 4 }, article);
  const plain = createCpuBackend({ kernels: "plain" });
  assertLess(farthest(await trained(plain, { timeSteps: 4 }, article), short), 1e-5);
});

Deno.test("train() with timeSteps resumes bit for bit, also on threads", async () => {
  const options = { batchSize: 4, timeSteps: 3, optimizer: { name: "adam" } } as const;
  const network = { dropout: 0.2 };
  const once = await trained(createCpuBackend(), options, network);
  const threads = createCpuBackend({ threads: 2 });
  assertEquals(distance(once.by, (await trained(threads, options, network)).by), 0);
  threads.dispose();
  const model = createModel(TEXTS, {
    cell: "lstm",
    hidden: 8,
    layers: 2,
    embedding: 6,
    dropout: 0.2,
  });
  const backend = createCpuBackend();
  for await (
    const event of train(backend, model, TEXTS, { ...options, epochs: 3, checkpointEvery: 4 })
  ) {
    if (event.type !== "checkpoint") continue;
    const resume = structuredClone(event.checkpoint);
    const again = structuredClone(resume.model);
    await Array.fromAsync(train(backend, again, TEXTS, { ...options, epochs: 3, resume }));
    assertEquals(again.weights, once);
    assertThrows(
      () => train(backend, again, TEXTS, { ...options, epochs: 3, timeSteps: 4, resume }),
      InputError,
      "timeSteps is 4, but was 3 in the checkpoint",
    );
    break;
  }
});

Deno.test("train() accepts timeSteps only if gradients start at a text's end", () => {
  for (const network of [{ head: "max" }, { head: "mean" }, { bidirectional: true }] as const) {
    const model = createModel(TEXTS, network);
    assertThrows(
      () => train(PLAIN, model, TEXTS, { timeSteps: 3 }),
      InputError,
      "for others, limit the words of a text by the tokenizer's maxLength (--max-length)",
    );
  }
  const tagger = createModel([{ text: "a b", label: "A B" }], { head: "token" });
  assertThrows(
    () => train(PLAIN, tagger, [{ text: "a b", label: "A B" }], { timeSteps: 3 }),
    InputError,
    'the option "timeSteps" is for classification models and language models',
  );
});

Deno.test("a window longer than the texts has no effect, and a shorter one reads them in chunks", async () => {
  const config = networkConfig({ cell: "gru", hidden: 2 });
  const weights = randomWeights(3, config, WORDS, LABELS);
  const examples = randomExamples(3, [1100, 30, 1300], WORDS, LABELS);
  const whole = await gradientsOf(config, weights, examples);
  assertEquals(await gradientsOf(config, weights, examples, 1300), whole);
  const { gradients } = await passes(PLAIN, config, weights, examples);
  assertLess(farthest(whole, gradients), 1e-12);
  // Gradients through more than 200 words vanish within rounding.
  assertLess(farthest(await gradientsOf(config, weights, examples, 200), whole), 1e-9);
});
