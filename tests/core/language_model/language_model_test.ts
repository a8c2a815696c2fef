import { createCpuBackend } from "@unroll/backend-cpu";
import {
  type Backend,
  createLanguageModel,
  evaluate,
  type FloatArray,
  generate,
  InputError,
  opsOf,
  Random,
  splitSymbols,
  train,
} from "@unroll/core";
import { assert, assertEquals, assertLess, assertRejects, assertThrows } from "@std/assert";
import { encodeDocuments } from "#core/language_model/encode.ts";
import { draw } from "#core/language_model/generate.ts";
import { measureDocuments } from "#core/language_model/measure.ts";
import { cutStreams } from "#core/language_model/streams.ts";
import { languageModel } from "#core/language_model/task.ts";
import { CELL_NAMES } from "#core/network/cells/cells.ts";
import { networkConfig } from "#core/network/config.ts";
import { weightShapes } from "#core/network/shapes.ts";
import { tensorsOf, zeroStates } from "#core/network/states.ts";
import { mapWeights } from "#core/network/weights.ts";
import { uploadModel } from "#core/task.ts";
import { OPTIMIZER_DEFAULTS } from "#core/training/optimizer.ts";
import { trainStep } from "#core/training/step.ts";
import {
  distance,
  passes,
  randomExamples,
  randomWeights,
  relativeError,
  replacing,
  SMOOTH_CELLS,
} from "#tests/support/helpers.ts";

const TEXT = "the quick brown fox jumps over the lazy dog and back again. ".repeat(20);

Deno.test("cutStreams() contains every symbol of every document once, in order", () => {
  const documents = [7, 20, 1, 13].map((length, d) => {
    const words = Int32Array.from({ length }, (_, i) => 100 * d + i);
    return { words, labels: words };
  });
  for (const batchSize of [1, 2, 3, 50]) {
    const batches = [...cutStreams(documents, batchSize, 4)];
    const streams = batches[0].examples.map((_, stream) =>
      batches.flatMap(({ examples }) => [...examples[stream].words])
    );
    assertEquals(streams.flat(), documents.flatMap(({ words }) => [...words]));
    for (const { examples, resetState } of batches) {
      for (const [i, { words }] of examples.entries()) {
        if (words.length > 0 && words[0] % 100 === 0) {
          assert(resetState[i], "a document should start with a reset state");
        }
      }
    }
  }
});

for (const cell of CELL_NAMES) {
  Deno.test(`${cell}: with the state carried between chunks, the loss equals that of the whole document`, async () => {
    const backend = createCpuBackend({ dtype: "float64" });
    const ops = opsOf(backend);
    const model = createLanguageModel([{ text: TEXT }], { cell, hidden: 9, layers: 2 });
    const documents = encodeDocuments(model, [{ text: TEXT.slice(0, 150) }]);
    const whole = await passes(backend, model.config, model.weights, [...documents]);
    const { weights } = uploadModel(ops, languageModel, model);
    const { loss } = await measureDocuments(ops, model.config, weights, documents);
    // Three streams of one chunk each: the second and third start with a reset state.
    assertLess(Math.abs(loss - whole.loss), 0.05);
    const short = encodeDocuments(model, [{ text: TEXT.slice(0, 60) }]);
    const one = await measureDocuments(ops, model.config, weights, short);
    const all = await passes(backend, model.config, model.weights, [...short]);
    assertLess(Math.abs(one.loss - all.loss), 1e-12);
    ops.dispose(Object.values(weights));
    assertEquals(ops.live, 0);
  });
}

Deno.test("a language model learns a text, and continues a prompt from it", async () => {
  const backend = createCpuBackend();
  const model = createLanguageModel([{ text: TEXT }], {
    cell: "gru",
    hidden: 48,
    embedding: 16,
  });
  const options = {
    epochs: 40,
    batchSize: 4,
    timeSteps: 16,
    learningRate: 0.01,
    optimizer: { name: "adam" },
    clipNorm: 1,
    test: [{ text: TEXT.slice(0, 240) }],
  } as const;
  let loss = NaN;
  for await (const event of train(backend, model, [{ text: TEXT }], options)) {
    if (event.type === "epoch") loss = event.test!.loss;
  }
  assertLess(loss, 0.1);
  const settings = { prompt: "the quick ", length: 20, temperature: 0 };
  const made = await Array.fromAsync(generate(backend, model, settings));
  assertEquals(made.join(""), "brown fox jumps over");
  assertEquals(backend.live, 0);
});

Deno.test("generate() returns the same text for the same seed, and another text for another seed", async () => {
  const backend = createCpuBackend();
  const model = createLanguageModel([{ text: TEXT }], { hidden: 8 });
  const text = async (seed: number) =>
    (await Array.fromAsync(generate(backend, model, { seed, length: 60 }))).join("");
  assertEquals(await text(1), await text(1));
  assert(await text(1) !== await text(2));
});

Deno.test("generate() throws if a prompt has unknown symbols", async () => {
  const model = createLanguageModel([{ text: "abc" }], { hidden: 4 });
  await assertRejects(
    () => Array.fromAsync(generate(createCpuBackend(), model, { prompt: "abé" })),
    InputError,
    'the prompt has characters that the model has not seen: "é"',
  );
});

Deno.test("draw() follows the distribution, by a chi-squared test", () => {
  const logits = Float64Array.of(9, 1, 0, -1, 2, 0.5); // the first is that of the unknown symbol
  for (const temperature of [0.5, 1, 2]) {
    const powers = [...logits.subarray(1)].map((y) => Math.exp(y / temperature));
    const total = powers.reduce((a, b) => a + b);
    const random = new Random(3), counts = powers.map(() => 0), draws = 20_000;
    const sampler = { temperature, topK: Infinity, topP: 1 };
    for (let i = 0; i < draws; i++) counts[draw(logits, sampler, random) - 1]++;
    const expected = powers.map((power) => draws * power / total);
    const chi = counts.reduce((sum, n, i) => sum + (n - expected[i]) ** 2 / expected[i], 0);
    assertLess(chi, 18.47); // 99.9% of four degrees of freedom
  }
});

Deno.test("draw() samples only from the top k, or from the nucleus", () => {
  const logits = Float64Array.of(9, 1, 0, -1, 2, 0.5), random = new Random(1);
  const drawn = (sampler: Parameters<typeof draw>[1]) =>
    [...new Set(Array.from({ length: 2000 }, () => draw(logits, sampler, random)))].sort();
  assertEquals(drawn({ temperature: 1, topK: 2, topP: 1 }), [1, 4]);
  assertEquals(drawn({ temperature: 1, topK: Infinity, topP: 0.5 }), [4]);
  assertEquals(drawn({ temperature: 0, topK: Infinity, topP: 1 }), [4]);
});

Deno.test("splitSymbols() splits into characters, graphemes and words", () => {
  assertEquals(
    splitSymbols("a\r\n😀é", "characters"),
    ["a", "\n", "😀", "e", "\u0301"].slice(0, 3)
      .concat(Array.from("é")),
  );
  assertEquals(splitSymbols("👨‍👩‍👧 x", "graphemes"), ["👨‍👩‍👧", " ", "x"]);
  assertEquals(splitSymbols("", "words"), []);
  assertThrows(
    () => createLanguageModel([{ text: "aaa" }]),
    InputError,
    "1 different characters",
  );
});

for (const cell of SMOOTH_CELLS) {
  Deno.test(`${cell}: gradients of a chunk stop at its start, by finite differences`, async () => {
    const backend = createCpuBackend({ dtype: "float64" });
    const ops = opsOf(backend);
    const config = networkConfig({ cell, hidden: 3, layers: 2, embedding: 2, head: "token" });
    const symbols = 4, timeSteps = 3, streams = 2;
    const weights = randomWeights(1, config, symbols, symbols);
    const documents = randomExamples(1, [6, 6], symbols, symbols, config);
    const [first, second] = [0, timeSteps].map((at) =>
      documents.map(({ words, labels }) => ({
        words: words.subarray(at, at + timeSteps),
        labels: labels.subarray(at, at + timeSteps),
      }))
    );
    const step = (
      examples: typeof first,
      learningRate: number,
      states: ReturnType<typeof zeroStates>,
      reset: boolean,
    ) => {
      const shapes = weightShapes(config, symbols, symbols);
      const before = mapWeights(shapes, (shape, name) => ops.tensor(weights[name], shape));
      return trainStep(ops, config, { weights: before, slots: {} }, examples, timeSteps, {
        optimizer: { ...OPTIMIZER_DEFAULTS, name: "sgd" },
        clipping: { value: Infinity, norm: Infinity },
        learningRate,
        t: 1,
        seed: 1,
        carriedState: { states, resetState: [reset, reset] },
      });
    };
    // A learning rate of 0 keeps the weights, and one of 1 subtracts the gradient.
    const { carriedState } = step(first, 0, zeroStates(ops, config, streams), true);
    const { weights: after } = step(second, 1, carriedState!, false);
    const names = Object.keys(after);
    const values = await ops.read(names.map((name) => after[name]));
    const gradients = Object.fromEntries(
      names.map((name, i) => [name, weights[name].map((w: number, k: number) => w - values[i][k])]),
    );
    const numbers = await ops.read(tensorsOf(carriedState!));
    const parts = numbers.length / config.layers;
    const initial = Array.from({ length: config.layers }, (_, layer) => ({
      h: numbers[layer * parts],
      c: parts > 1 ? numbers[layer * parts + 1] : undefined,
    }));
    const fixed = () => passes(backend, config, weights, second, { initial });
    // Differences of weights near 1 lose a few digits.
    const error = await relativeError(weights, gradients, async () => (await fixed()).loss);
    assertLess(error, 1e-6);
    const through = await passes(backend, config, weights, documents);
    const beginning = await passes(backend, config, weights, first);
    const whole = mapWeights(
      through.gradients,
      (g, name): FloatArray =>
        Float64Array.from(g, (value, i) => 2 * value - beginning.gradients[name][i]),
    );
    // For a cell without Whh, compare the input weights.
    const recurrent = "Whh" in whole ? "Whh" : "Wxh";
    assert(
      distance(whole[recurrent], gradients[recurrent]) > 1e-3,
      "gradients through the first chunk should differ",
    );
  });
}

/** Wraps a backend to record the ops between reads, with the shapes of arguments and results. */
function watched(backend: Backend): { backend: Backend; between: string[][] } {
  const between: string[][] = [[]];
  const shapesOf = (value: unknown): string => {
    if (Array.isArray(value)) return value.map(shapesOf).join(" ");
    const { shape, length } = (value ?? {}) as { shape?: number[]; length?: number };
    if (shape) return shape.join("x");
    if (length !== undefined) return String(length);
    return value && typeof value === "object" ? Object.values(value).map(shapesOf).join(" ") : "";
  };
  const proxy = new Proxy(backend, {
    get(target, name: keyof Backend) {
      const member = target[name] as unknown;
      if (typeof member !== "function") return member;
      if (name === "scope") return target.scope.bind(target);
      return (...args: unknown[]) => {
        const result = member.apply(target, args);
        between.at(-1)!.push(`${String(name)} ${shapesOf(args)}: ${shapesOf(result)}`);
        if (name === "read") between.push([]);
        return result;
      };
    },
  });
  return { backend: proxy, between };
}

for (const cell of CELL_NAMES) {
  Deno.test(`${cell}: generating the 10,000th symbol takes the same ops as the 10th`, async () => {
    const cpu = createCpuBackend();
    const { backend, between } = watched(cpu);
    const model = createLanguageModel([{ text: TEXT }], { cell, hidden: 4, layers: 2 });
    let made = 0, alive = 0;
    for await (const _ of generate(backend, model, { prompt: "the", length: 10_000 })) {
      made++;
      if (made === 10) alive = cpu.live;
      if (made >= 10) assertEquals(cpu.live, alive);
    }
    assertEquals([made, between.length, cpu.live], [10_000, 10_001, 0]);
    assert(between[10].length > 5);
    for (const asked of [20, 100, 1000, 9999]) assertEquals(between[asked], between[10]);
    assert(between.slice(2, -1).every((asked) => asked.length === between[10].length));
  });
}

Deno.test("generation, evaluation and training free everything, even if a read fails", async () => {
  const examples = ["abcab", "cab", "abbabbaccab"].map((text) => ({ text }));
  const model = createLanguageModel(examples, { hidden: 4, layers: 2, dropout: 0.2 });
  const cpu = createCpuBackend();
  for await (const _ of generate(cpu, model, { length: 9 })) break;
  assertEquals(cpu.live, 0);
  const training = {
    epochs: 2,
    batchSize: 2,
    timeSteps: 3,
    validation: examples.slice(1),
    checkpointEvery: 1,
  };
  const works: Record<string, (backend: Backend) => Promise<unknown>> = {
    generate: (backend) => Array.fromAsync(generate(backend, model, { length: 9, seed: 3 })),
    measure: (backend) => evaluate(backend, model, examples),
    train: (backend) => Array.fromAsync(train(backend, structuredClone(model), examples, training)),
  };
  for (const [name, work] of Object.entries(works)) {
    const failingAt = (last: number) => {
      let reads = 0;
      const read: Backend["read"] = (tensors) =>
        ++reads < last ? cpu.read(tensors) : Promise.reject(new Error("the device is gone"));
      return { backend: replacing(cpu, { read }), count: () => reads };
    };
    const whole = failingAt(Infinity);
    await work(whole.backend);
    assertEquals(cpu.live, 0);
    assert(whole.count() > 2, `${name} reads ${whole.count()} times`);
    for (let last = 1; last <= whole.count(); last++) {
      await assertRejects(() => work(failingAt(last).backend), Error, "the device is gone");
      assertEquals(cpu.live, 0, `${name}, read ${last} of ${whole.count()}`);
    }
  }
});
