import {
  CELL_NAMES,
  createLanguageModel,
  createModel,
  createTranslationModel,
  type Example,
  InputError,
  type NetworkConfig,
  traceMemory,
  traceStates,
  traceSteps,
} from "@unroll/core";
import { createCpuBackend } from "@unroll/backend-cpu";
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";

const backend = createCpuBackend({ dtype: "float64" });
const examples: Example[] = [
  { text: "so very good", label: "up" },
  { text: "not good", label: "down" },
];
const NETWORKS: Partial<NetworkConfig>[] = [
  ...CELL_NAMES.map((cell) => ({ cell })),
  { cell: "gru", embedding: 4, layers: 2 },
  { cell: "lstm", bidirectional: true, head: "max", layers: 2 },
];

/** Returns a layer's states after each word of one text, both directions concatenated. */
async function alone(
  model: Parameters<typeof traceSteps>[1],
  text: string,
  layer: number,
): Promise<number[][]> {
  const { words, layers } = await traceSteps(backend, model, text);
  const { hidden } = model.config;
  return words.map((_, t) =>
    layers[layer].flatMap(({ states }) => [...states.subarray(hidden * t, hidden * (t + 1))])
  );
}

for (const config of NETWORKS) {
  Deno.test(`traceStates() of ${JSON.stringify(config)} equals tracing each text alone`, async () => {
    const model = createModel(examples, { hidden: 5, init: "scaled", ...config });
    const texts = ["so very good indeed", "good", "", "not so good"];
    for (let layer = 0; layer < model.config.layers; layer++) {
      const found = await traceStates(backend, model, texts, { layer });
      assertEquals(found[2], { words: [], states: new Float64Array(0) });
      for (const i of [0, 1, 3]) {
        const expected = (await alone(model, texts[i], layer)).flat();
        assertEquals(found[i].states.length, expected.length);
        for (const [k, value] of expected.entries()) {
          assertAlmostEquals(found[i].states[k], value, 1e-12);
        }
      }
    }
  });

  Deno.test(`traceMemory() of ${JSON.stringify(config)} compares the states with and without each word`, async () => {
    const model = createModel(examples, { hidden: 5, init: "scaled", ...config });
    const words = ["not", "so", "very", "good"];
    const { words: found, differences } = await traceMemory(backend, model, words.join(" "));
    assertEquals(found, words);
    const top = model.config.layers - 1, whole = await alone(model, words.join(" "), top);
    for (const [i, row] of differences.entries()) {
      const others = await alone(model, words.toSpliced(i, 1).join(" "), top);
      for (const [t, value] of row.entries()) {
        const b = others[t < i ? t : t - 1] ?? whole[t].map(() => 0);
        const distance = Math.hypot(...whole[t].map((a, k) => a - b[k]));
        const expected = distance / (Math.hypot(...whole[t]) + Math.hypot(...b));
        assertAlmostEquals(value, expected, 1e-12);
        if (t < i && !model.config.bidirectional) assertEquals(value, 0);
      }
    }
  });
}

Deno.test("traceMemory() omits words, but never the start symbol", async () => {
  const written = createLanguageModel([{ text: "abab" }], { hidden: 4, init: "scaled" });
  const { words, differences } = await traceMemory(backend, written, "abba", { maxWords: 3 });
  assertEquals([words, differences.length], [["a", "b", "b"], 3]);
  const pairs = createTranslationModel([{ text: "ab", label: "ba" }], { hidden: 4 });
  assertEquals((await traceMemory(backend, pairs, "ab")).words, ["a", "b"]);
});

Deno.test("traceMemory() of a single word returns a difference of 1", async () => {
  const model = createModel(examples, { hidden: 5, init: "scaled" });
  assertEquals((await traceMemory(backend, model, "good")).differences, [[1]]);
});

Deno.test("traceStates() throws if there is no such layer, and traceMemory() if a text has no words", async () => {
  const model = createModel(examples, { hidden: 5, layers: 2 });
  const error = await assertRejects(
    () => traceStates(backend, model, ["good"], { layer: 2 }),
    InputError,
  );
  assert(error.message.includes("expected 0 to 1, got 2"));
  await assertRejects(() => traceMemory(backend, model, " "), InputError, "without words");
});
