import { createCpuBackend } from "@unroll/backend-cpu";
import {
  type ClassificationModel,
  createModel,
  evaluate,
  type Example,
  InputError,
  predict,
  train,
  type TrainOptions,
  writeModel,
} from "@unroll/core";
import {
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { rowWeightsOf } from "#core/training/row_weights.ts";
import { CPU_BACKENDS, farthest, withoutFused } from "#tests/support/helpers.ts";

// One text, labeled a nine times in ten: only the label weights decide its probabilities.
const unbalanced = Array.from(
  { length: 100 },
  (_, i) => ({ text: "so", label: i % 10 ? "a" : "b" }),
);
const settings: Record<number, TrainOptions> = {
  1: { batchSize: 1, learningRate: 0.02, epochs: 20 },
  4: { batchSize: 4, learningRate: 0.1, epochs: 20 },
  100: { batchSize: 100, learningRate: 1, epochs: 200 },
};

async function trained(
  backend: ReturnType<typeof createCpuBackend>,
  examples: readonly Example[],
  options: TrainOptions,
): Promise<ClassificationModel> {
  const model = createModel(examples, { hidden: 4, init: "scaled" });
  await Array.fromAsync(train(backend, model, examples, options));
  return model;
}

for (const [size, options] of Object.entries(settings)) {
  const all = { ...options, schedule: { name: "cosine" } } as const; // with the default clip
  for (const kernels of ["plain", "simd"] as const) {
    Deno.test(`label weights set the probabilities at batch size ${size}, on ${kernels}`, async () => {
      const backend = createCpuBackend({ kernels });
      const probability = async (labelWeights: TrainOptions["labelWeights"]) => {
        const model = await trained(backend, unbalanced, { ...all, labelWeights });
        return (await predict(backend, model, ["so"]))[0].probabilities.b;
      };
      assertAlmostEquals(await probability("balanced"), 0.5, 0.02);
      assertAlmostEquals(await probability({ b: 3 }), 0.25, 0.02); // 30 of 120
      assertAlmostEquals(await probability({ a: 10, b: 30 }), 0.25, 0.02); // only ratios count
    });
  }

  Deno.test(`label weights set the probabilities of a tagger at batch size ${size}`, async () => {
    const tagged = unbalanced.map(({ label }, i) =>
      i % 20 < 10
        ? { text: "oh so", label: `O ${label}` }
        : { text: "oh oh so", label: `O O ${label}` }
    );
    const backend = createCpuBackend();
    const adam = { optimizer: { name: "adam" }, learningRate: 0.03 } as const;
    const options = { ...all, ...adam, labelWeights: "balanced" } as const;
    const model = createModel(tagged, { hidden: 4, init: "scaled", head: "token" });
    await Array.fromAsync(train(backend, model, tagged, options));
    const [[oh, so]] = await predict(backend, model, ["oh so"]);
    assertEquals(oh.label, "O");
    assertAlmostEquals(so.probability, 0.5, 0.03);
  });
}

Deno.test("rowWeightsOf() divides by the count times the mean weight, and gives padding 0", () => {
  const targets = Int32Array.of(0, -1, 1, 1);
  assertEquals([...rowWeightsOf(targets)], [1 / 3, 0, 1 / 3, 1 / 3]);
  assertEquals([...rowWeightsOf(targets, [3, 0], 2)], [0.5, 0, 0, 0]);
  assertEquals([...rowWeightsOf(Int32Array.of(1), [3, 0], 2)], [0]);
  assertEquals([...rowWeightsOf(Int32Array.of(0), [3, 0], 2)], [1.5]);
});

const mixed: Example[] = [
  { text: "good", label: "up" },
  { text: "bad", label: "down" },
  { text: "not good", label: "down" },
  { text: "not bad at all", label: "up" },
  { text: "so so", label: "flat" },
];

Deno.test("label weights, including 0, train to the same network on every backend", async () => {
  for (const batchSize of [1, 2, 5]) {
    const options = { epochs: 30, batchSize, labelWeights: { up: 4, down: 0 }, learningRate: 0.1 };
    const right = await trained(createCpuBackend({ dtype: "float64" }), mixed, options);
    for (const [name, create] of Object.entries(CPU_BACKENDS)) {
      for (const backend of [create(), withoutFused(create())]) {
        const model = createModel(mixed, { hidden: 4, init: "scaled" });
        await Array.fromAsync(train(backend, model, mixed, options));
        assertLess(farthest(model.weights, right.weights), 1e-4, `${name}, ${batchSize}`);
      }
    }
  }
});

Deno.test("examples of a label with weight 0 have no effect, and the others count more", async () => {
  const options = { epochs: 3, shuffle: false, clip: Infinity };
  const more = [...mixed, mixed[4]];
  const backend = createCpuBackend();
  const network = { hidden: 4, init: "scaled" } as const;
  const [weighted, alone, unweighted] = [0, 0, 0].map(() => createModel(mixed, network));
  await Array.fromAsync(train(backend, weighted, more, { ...options, labelWeights: { flat: 0 } }));
  // Four of six weigh 1: each counts 6 / 4 of the mean.
  const large = { ...options, learningRate: 0.02 * 6 / 4 };
  await Array.fromAsync(train(backend, alone, mixed.slice(0, 4), large));
  assertLess(farthest(weighted.weights, alone.weights), 1e-6);
  await Array.fromAsync(train(backend, unweighted, more, options));
  assertGreater(farthest(weighted.weights, unweighted.weights), 1e-3);
});

Deno.test("losses under label weights are weighted means, at every batch size", async () => {
  const backend = createCpuBackend();
  const labelWeights = { up: 100, down: 0.5 };
  const start = createModel(mixed, { hidden: 4, init: "scaled" });
  let sum = 0, total = 0;
  for (const example of mixed) {
    const weight = { ...labelWeights, flat: 1 }[example.label!]!;
    sum += weight * (await evaluate(backend, start, [example])).loss;
    total += weight;
  }
  for (const batchSize of [1, 2, 5]) {
    const model = structuredClone(start);
    const sets = { validation: mixed, test: mixed };
    const still = { epochs: 1, batchSize, learningRate: 1e-12, labelWeights, ...sets };
    const [event] = await Array.fromAsync(train(backend, model, mixed, still));
    if (event.type !== "epoch") throw new Error(event.type);
    for (const set of ["train", "validation", "test"] as const) {
      assertAlmostEquals(event[set]!.loss, sum / total, 1e-6);
    }
  }
});

Deno.test("a label weight at batch size 1 changes the training", async () => {
  const options = { epochs: 2, batchSize: 1 };
  const heavy = await trained(createCpuBackend(), mixed, { ...options, labelWeights: { up: 100 } });
  assertNotEquals(writeModel(heavy), writeModel(await trained(createCpuBackend(), mixed, options)));
});

Deno.test("train() refuses label weights that are 0 for a whole set, or whose mean overflows", () => {
  const model = createModel(mixed, { hidden: 2 });
  const refused: [TrainOptions, string][] = [
    [
      { labelWeights: { up: 0 }, validation: [mixed[0], mixed[3]] },
      'every label of the validation examples has weight 0: "up"; give at least one a weight above 0',
    ],
    [
      { labelWeights: { up: 0, down: 0 }, test: mixed.slice(0, 4) },
      'every label of the test examples has weight 0: "up", "down"; give at least one a weight above 0',
    ],
    [{ labelWeights: { up: 1e308 } }, "the label weights average to Infinity"],
    [{ labelWeights: { up: 5e-324, down: 0, flat: 0 } }, "the label weights average to 0"],
  ];
  for (const [options, message] of refused) {
    assertThrows(() => train(createCpuBackend(), model, mixed, options), InputError, message);
  }
});
