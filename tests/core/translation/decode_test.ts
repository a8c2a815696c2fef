import { createCpuBackend } from "@unroll/backend-cpu";
import {
  type Backend,
  createModel,
  createTranslationModel,
  evaluate,
  generate,
  InputError,
  type LanguageModel,
  opsOf,
  predict,
  Random,
  train,
} from "@unroll/core";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertLess,
  assertNotEquals,
  assertRejects,
} from "@std/assert";
import { CELL_NAMES } from "#core/network/cells/cells.ts";
import { networkConfig } from "#core/network/config.ts";
import { argmaxKnown } from "#core/network/loss.ts";
import { mapWeights } from "#core/network/weights.ts";
import {
  beamSearch,
  disposeSources,
  greedy,
  type Hypothesis,
  readSources,
} from "#core/translation/decode.ts";
import { seq2seqShapes } from "#core/translation/network.ts";
import { arrangePairs } from "#core/translation/pairs.ts";
import { scheduledSampling } from "#core/translation/scheduled_sampling.ts";
import { distance, farthest, replacing } from "#tests/support/helpers.ts";
import {
  type PairNetwork,
  pairPasses,
  randomPairs,
  randomPairWeights,
} from "#tests/support/pairs.ts";

const MAX_LENGTH = 7;
const LENGTHS: [number, number][] = [[4, 3], [1, 5], [6, 1], [2, 4]];

/** Small networks of every cell, with attention and without. */
const networks = CELL_NAMES.flatMap((cell) =>
  (["dot", "none"] as const).map((attention, i): PairNetwork => ({
    config: networkConfig({
      cell,
      hidden: 4,
      layers: 1 + i,
      bidirectional: i === 0,
      embedding: 3 * i,
      head: "token",
    }),
    attention,
    sources: 6,
    targets: 5,
  }))
);

/** A random network on a backend, with sources. A large factor makes it confident. */
function onDevice(
  backend: Backend,
  network: PairNetwork,
  seed: number,
  { factor = 3, lengths = LENGTHS } = {},
) {
  const ops = opsOf(backend);
  const { config, attention, sources, targets } = network;
  const numbers = mapWeights(
    randomPairWeights(seed, network),
    (W) => W.map((w: number) => factor * w),
  );
  const weights = mapWeights(
    seq2seqShapes(config, attention, sources, targets),
    (shape, name) => ops.tensor(numbers[name], shape),
  );
  const pairs = randomPairs(seed, lengths, network);
  const read = (words: Int32Array[]) => readSources(ops, config, weights, words, sources);
  return {
    numbers,
    pairs,
    words: pairs.map(({ words }) => words),
    async greedy(words: Int32Array[]) {
      const sources = read(words);
      const answers = await greedy(ops, config, weights, sources, MAX_LENGTH);
      disposeSources(ops, sources);
      return answers;
    },
    async beam(words: Int32Array, width: number, maxLength = MAX_LENGTH) {
      const sources = read([words]);
      const answer = await beamSearch(ops, config, weights, sources, maxLength, width);
      disposeSources(ops, sources);
      return answer;
    },
    sampled(teacherForcing: number, seed = 1) {
      const steps = Math.max(...pairs.map(({ words }) => words.length));
      const arranged = arrangePairs(pairs, steps, sources);
      return scheduledSampling(ops, config, weights, arranged, teacherForcing, new Random(seed))
        .then((own) => ({ own, given: arranged.inputs }));
    },
    dispose: () => ops.dispose(Object.values(weights)),
  };
}

function assertSame(a: Hypothesis, b: Hypothesis): void {
  assertEquals([a.symbols, a.ended], [b.symbols, b.ended]);
  assertAlmostEquals(a.logProbability, b.logProbability, 1e-9);
  assertEquals(a.attention?.length, b.attention?.length);
  for (const [i, row] of a.attention?.entries() ?? []) {
    assertLess(distance(row, b.attention![i]), 1e-9);
  }
}

for (const network of networks) {
  const { cell } = network.config, { attention, targets } = network;
  const on = `${cell}, attention ${attention}`;
  const backend = createCpuBackend({ dtype: "float64" });

  Deno.test(`a beam width of 1 equals greedy decoding: ${on}`, async () => {
    const lengths = new Set<string>();
    for (let seed = 0; seed < 25; seed++) {
      const device = onDevice(backend, network, seed);
      const answers = await device.greedy(device.words);
      for (const [i, words] of device.words.entries()) {
        assertSame(await device.beam(words, 1), answers[i]);
        lengths.add(`${answers[i].symbols.length}, ${answers[i].ended}`);
      }
      device.dispose();
    }
    assert(lengths.size > 3, "targets should have several lengths");
    assertEquals(backend.live, 0);
  });

  Deno.test(`a wide enough beam finds the best of all short targets: ${on}`, async () => {
    const tiny = { ...network, targets: 4 }; // one of them unknown, and never predicted
    // With two symbols and the end: 1, 2 and 4 targets by length, then 8 that are truncated.
    const longest = 3, width = 15;
    const going: number[][] = [[]], whole: number[][] = [];
    while (going.length > 0) {
      const symbols = going.shift()!;
      whole.push(symbols);
      if (symbols.length < longest) going.push([...symbols, 1], [...symbols, 2]);
    }
    let others = 0;
    for (let seed = 0; seed < 30; seed++) {
      const device = onDevice(backend, tiny, seed, { factor: 1 });
      const [source] = device.words;
      const scores = await Promise.all(whole.map(async (symbols) => {
        const pair = { words: source, labels: Int32Array.of(...symbols, 3) };
        const { losses } = await pairPasses(backend, tiny, device.numbers, [pair]);
        const counted = Array.from(losses).slice(0, longest); // a truncated target has no end
        return -counted.reduce((sum, loss) => sum + loss, 0) / counted.length;
      }));
      const best = scores.indexOf(Math.max(...scores));
      const answer = await device.beam(source, width, longest);
      assertEquals(answer.symbols, whole[best]);
      assertEquals(answer.ended, whole[best].length < longest);
      const mean = answer.logProbability / Math.min(longest, answer.symbols.length + 1);
      assertAlmostEquals(mean, scores[best], 1e-9);
      const [first] = await device.greedy([source]);
      if (String(first.symbols.slice(0, longest)) !== String(answer.symbols)) others++;
      device.dispose();
    }
    assert(others > 0, "greedy decoding should miss some");
  });

  Deno.test(`a source's translation does not depend on its neighbors: ${on}`, async () => {
    for (let seed = 0; seed < 10; seed++) {
      const device = onDevice(backend, network, seed);
      const together = await device.greedy(device.words);
      const some = await device.greedy(device.words.slice(1, 3));
      for (const [i, words] of device.words.entries()) {
        const [alone] = await device.greedy([words]);
        assertSame(together[i], alone);
        if (i === 1 || i === 2) assertSame(some[i - 1], alone);
      }
      device.dispose();
    }
    // Long sources, which attention processes in several groups.
    const lengths: [number, number][] = [[70, 1], [1, 1], [90, 1], [40, 1], [88, 1]];
    const device = onDevice(backend, network, 1, { lengths });
    const together = await device.greedy(device.words);
    for (const [i, words] of device.words.entries()) {
      assertSame(together[i], (await device.greedy([words]))[0]);
    }
    device.dispose();
    assertEquals(backend.live, 0);
  });

  Deno.test(`full teacher forcing keeps the inputs: ${on}`, async () => {
    const device = onDevice(backend, network, 1);
    const { own, given } = await device.sampled(1);
    assertEquals(own, given);
    device.dispose();
  });

  Deno.test(`without teacher forcing the decoder reads its own symbols: ${on}`, async () => {
    for (let seed = 0; seed < 5; seed++) {
      const device = onDevice(backend, network, seed);
      const { own, given } = await device.sampled(0);
      const answers = await device.greedy(device.words);
      for (const [i, each] of own.entries()) {
        assertEquals([each.length, each[0]], [given[i].length, targets - 1]);
        const read = [...each.subarray(1)];
        const { symbols, ended } = answers[i];
        const expected = ended ? [...symbols, targets - 1] : symbols;
        const both = Math.min(read.length, expected.length);
        assertEquals(read.slice(0, both), expected.slice(0, both));

        // Also past the predicted end: the most probable symbol after those read.
        const pair = { words: device.words[i], labels: Int32Array.of(...read, targets - 1) };
        const { logits } = await pairPasses(backend, network, device.numbers, [pair]);
        assertEquals(read, read.map((_, t) => argmaxKnown(logits, t, targets)));
      }
      device.dispose();
    }
    assertEquals(backend.live, 0);
  });

  Deno.test(`under partial teacher forcing the decoder reads some of its own symbols: ${on}`, async () => {
    const device = onDevice(backend, network, 2);
    const [forced, free] = [await device.sampled(1), await device.sampled(0)];
    const half = await device.sampled(0.5);
    assertEquals((await device.sampled(0.5)).own, half.own);
    assertNotEquals(half.own, forced.own);
    assertNotEquals(half.own, free.own);
    device.dispose();
  });
}

Deno.test("attention covers only the source's symbols, and its rows sum to one", async () => {
  const backend = createCpuBackend({ dtype: "float64" });
  for (const network of networks.filter(({ attention }) => attention === "dot")) {
    for (let seed = 0; seed < 10; seed++) {
      const device = onDevice(backend, network, seed);
      const answers = await device.greedy(device.words);
      for (const words of device.words) answers.push(await device.beam(words, 3));
      for (const [i, { symbols, attention }] of answers.entries()) {
        assertEquals(attention!.length, symbols.length);
        for (const row of attention!) {
          assertEquals(row.length, device.words[i % LENGTHS.length].length);
          assertAlmostEquals(row.reduce((sum, a) => sum + a, 0), 1, 1e-12);
          assert(row.every((a) => a >= 0));
        }
      }
      device.dispose();
    }
    const weights = randomPairWeights(1, network), pairs = randomPairs(1, LENGTHS, network);
    const { looked, pairs: { sourceSteps, targetSteps } } = await pairPasses(
      backend,
      network,
      weights,
      pairs,
    );
    const size = pairs.length, keys = sourceSteps * size;
    for (let row = 0; row < targetSteps * size; row++) {
      for (let key = 0; key < keys; key++) {
        const own = key % size === row % size;
        const inside = Math.floor(key / size) < pairs[row % size].words.length;
        if (!(own && inside)) assertEquals(looked![row * keys + key], 0);
      }
    }
  }
});

// Tests of whole models.

const digits = (i: number) => String((i * 7919) % 1000 + 1);
const EXAMPLES = Array.from({ length: 30 }, (_, i) => ({
  text: digits(i),
  label: [...digits(i)].reverse().join(""),
}));
const SMALL = { cell: "lstm", hidden: 6, embedding: 4, bidirectional: true } as const;

Deno.test("predict() returns the same for a text in any batch", async () => {
  const backend = createCpuBackend({ dtype: "float64" });
  const model = createTranslationModel(EXAMPLES, { ...SMALL, seed: 4 });
  const options = { epochs: 8, learningRate: 0.02, optimizer: { name: "adam" } } as const;
  await Array.fromAsync(train(backend, model, EXAMPLES, options));
  const texts = [...EXAMPLES, ...EXAMPLES].map(({ text }) => text); // more than one batch
  const together = await predict(backend, model, texts, { maxLength: 9 });
  for (const [i, text] of texts.slice(0, 12).entries()) {
    const [alone] = await predict(backend, model, [text], { maxLength: 9 });
    const { probability, attention, ...rest } = together[i];
    assertEquals(rest, { text, target: alone.target, ended: alone.ended, unknown: [] });
    assertAlmostEquals(probability, alone.probability, 1e-9);
    assertEquals(attention!.source.join(""), text);
    assertEquals(attention!.target.join(""), alone.target);
  }
  assertEquals(backend.live, 0);
});

Deno.test("training, translation and evaluation free everything on the device", async () => {
  for (const dropout of [0, 0.2]) {
    for (const teacherForcing of [1, 0.5]) {
      const backend = createCpuBackend();
      const model = createTranslationModel(EXAMPLES, { ...SMALL, layers: 2, dropout });
      const options = { epochs: 2, batchSize: 8, teacherForcing, validation: EXAMPLES.slice(0, 5) };
      for await (const event of train(backend, model, EXAMPLES, options)) {
        if (event.type === "epoch") assert(event.validation!.exact !== undefined);
      }
      assertEquals(backend.live, 0);
      await predict(backend, model, ["12", "3"], { maxLength: 5 });
      await predict(backend, model, ["12", "3"], { beam: 4, maxLength: 5 });
      await evaluate(backend, model, EXAMPLES);
      assertEquals(backend.live, 0);
    }
  }
});

Deno.test("everything is freed if the device fails at any read", async () => {
  const model = createTranslationModel(EXAMPLES, { ...SMALL, layers: 2 });
  const validation = EXAMPLES.slice(0, 3);
  const training = { epochs: 1, batchSize: 10, teacherForcing: 0.5, validation };
  const works: Record<string, (backend: Backend) => Promise<unknown>> = {
    greedy: (backend) => predict(backend, model, ["12", "3"], { maxLength: 3 }),
    beam: (backend) => predict(backend, model, ["12"], { beam: 3, maxLength: 3 }),
    measure: (backend) => evaluate(backend, model, validation),
    train: (backend) => Array.fromAsync(train(backend, model, EXAMPLES, training)),
  };
  for (const [name, work] of Object.entries(works)) {
    const cpu = createCpuBackend();
    const failingAt = (last: number) => {
      let reads = 0;
      const read: Backend["read"] = (tensors) =>
        ++reads < last ? cpu.read(tensors) : Promise.reject(new Error("the device is gone"));
      return { backend: replacing(cpu, { read }), count: () => reads };
    };
    const whole = failingAt(Infinity);
    await work(whole.backend);
    assert(whole.count() > 2, name);
    for (let last = 1; last <= whole.count(); last++) {
      await assertRejects(() => work(failingAt(last).backend), Error, "the device is gone");
      assertEquals(cpu.live, 0, `${name}, read ${last} of ${whole.count()}`);
    }
  }
});

Deno.test("predict() throws if a text or an option is invalid, and generate() for other models", async () => {
  const backend = createCpuBackend();
  const model = createTranslationModel(EXAMPLES, SMALL);
  const choices = model.labels.length - 1;
  const refused = (given: typeof model, texts: string[], options: object, why: string) =>
    assertRejects(() => predict(backend, given, texts, options), InputError, why);
  await refused(
    model,
    ["1"],
    { beam: choices + 1 },
    `the beam width must be at most ${choices}, the number of target symbols, got ${choices + 1}`,
  );
  await refused(
    model,
    ["1"],
    { beam: 0 },
    "the beam width must be a whole number of at least 1, got 0",
  );
  await refused(model, ["1"], { beam: 1.5 }, "the beam width must be a whole number");
  await refused(model, ["1"], { maxLength: 0 }, "the maximum length must be a whole number");
  await refused(model, ["1", ""], {}, 'the text "" has no characters');
  await refused(model, ["1".repeat(100_001)], {}, "100");
  const classifier = createModel([{ text: "a", label: "b" }, { text: "c", label: "d" }]);
  for (
    const [other, why] of [
      [model, "this is a translation model; use predict()"],
      [classifier, "this is a classification model; use predict()"],
    ] as const
  ) {
    const written = generate(backend, other as unknown as LanguageModel);
    await assertRejects(() => Array.fromAsync(written), InputError, why);
  }
  assertEquals(await predict(backend, model, [], {}), []);
  const [{ unknown }] = await predict(backend, model, ["1x2y"], { beam: choices, maxLength: 4 });
  assertEquals(unknown, ["x", "y"]);
  assertEquals(backend.live, 0);
});

Deno.test("scheduled sampling with a ratio of one half is reproducible by the seed", async () => {
  const trained = async (seed: number, teacherForcing: number) => {
    const model = createTranslationModel(EXAMPLES, SMALL);
    const options = { epochs: 3, batchSize: 5, shuffle: false, seed, teacherForcing };
    await Array.fromAsync(train(createCpuBackend(), model, EXAMPLES, options));
    return model.weights;
  };
  const weights = await trained(1, 0.5);
  assertEquals(await trained(1, 0.5), weights);
  assert(farthest(await trained(2, 0.5), weights) > 0);
  assert(farthest(await trained(1, 1), weights) > 0);
});
