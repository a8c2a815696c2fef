import {
  CELL_NAMES,
  type CellName,
  cellOf,
  type ClassificationModel,
  createLanguageModel,
  createModel,
  createTranslationModel,
  evaluate,
  type Example,
  gradientNorms,
  InputError,
  type Model,
  type NetworkConfig,
  predict,
  type TaggingModel,
  traceGradients,
  traceSteps,
  traceText,
  traceWords,
} from "@unroll/core";
import { createCpuBackend } from "@unroll/backend-cpu";
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";

const backend = createCpuBackend({ dtype: "float64" });
const examples: Example[] = [
  { text: "so very good", label: "up" },
  { text: "not good", label: "down" },
];
const tagged: Example[] = [{ text: "so very good", label: "A B C" }];

function made(config: Partial<NetworkConfig>): ClassificationModel | TaggingModel {
  const isTagger = config.head === "token";
  return createModel(isTagger ? tagged : examples, { hidden: 5, init: "scaled", ...config });
}

const NETWORKS: Partial<NetworkConfig>[] = [
  ...CELL_NAMES.map((cell) => ({ cell })),
  { cell: "gru", embedding: 4, layers: 2 },
  { cell: "lstm", bidirectional: true, head: "max", layers: 2 },
  { cell: "gru", bidirectional: true, head: "mean-max", layers: 2 },
  { cell: "gru", bidirectional: true, head: "token" },
];

for (const config of NETWORKS) {
  Deno.test(`traceSteps() of ${JSON.stringify(config)} agrees with traceText() and predict()`, async () => {
    const model = made(config);
    const text = "so very good indeed";
    const { words, ids, layers, probabilities } = await traceSteps(backend, model, text);
    assertEquals(ids.map((id) => model.vocabulary[id]), ["so", "very", "good", "<unk>"]);
    const { states } = await traceText(backend, model, text);
    const top = layers.at(-1)!;
    for (const [t, state] of states.entries()) {
      const own = top.flatMap(({ states }) => [...states.subarray(5 * t, 5 * t + 5)]);
      assertEquals(own, state);
    }
    if (model.task === "tagging") {
      const [tags] = await predict(backend, model, [text]);
      assertEquals(probabilities.map((p) => Math.max(...p)), tags.map((tag) => tag.probability));
    } else {
      const texts = words.map((_, t) => words.slice(0, t + 1).join(" "));
      for (const [t, prediction] of (await predict(backend, model, texts)).entries()) {
        assertEquals(
          probabilities[t],
          model.labels.map((label) => prediction.probabilities[label]),
        );
      }
    }
  });
}

/** The next state of each gated cell, from its gates and the previous state. */
const EQUATIONS: Partial<
  Record<
    CellName,
    (gate: (name: string) => number, h: number, c: number) => { h: number; c?: number }
  >
> = {
  lstm(gate, _, before) {
    const c = gate("f") * before + gate("i") * gate("g");
    return { h: gate("o") * Math.tanh(c), c };
  },
  lnlstm: (gate, _, before) => ({
    h: gate("o") * gate("s"), // s depends on all units of c
    c: gate("f") * before + gate("i") * gate("g"),
  }),
  gru: (gate, before) => ({ h: (1 - gate("z")) * gate("n") + gate("z") * before }),
  mingru: (gate, before) => ({ h: (1 - gate("z")) * before + gate("z") * gate("n") }),
};

Deno.test("the gates and cell states of traceSteps() determine its states, in both directions", async () => {
  for (const cell of CELL_NAMES.filter((name) => cellOf(name).traced.length > 0)) {
    const model = made({ cell, bidirectional: true, layers: 2 });
    const { layers, words } = await traceSteps(backend, model, "so very good");
    const equations = EQUATIONS[cell];
    assert(equations, `EQUATIONS lacks the cell ${cell}`);
    for (const directions of layers) {
      for (const [direction, { states, cells, gates }] of directions.entries()) {
        assertEquals(Object.keys(gates), cellOf(cell).traced);
        assertEquals(cells !== undefined, cellOf(cell).hasCellState);
        for (let t = 0; t < words.length; t++) {
          const before = direction === 0 ? t - 1 : t + 1;
          for (let unit = 0; unit < 5; unit++) {
            const at = 5 * t + unit, from = 5 * before + unit;
            const past = (a: ArrayLike<number>) => before < 0 || before > 2 ? 0 : a[from];
            const gate = (name: string) => gates[name][at];
            const { h, c } = equations(gate, past(states), past(cells ?? []));
            assertAlmostEquals(states[at], h, 1e-12);
            if (c !== undefined) assertAlmostEquals(cells![at], c, 1e-12);
          }
        }
      }
    }
  }
});

/** The derivative of an example's loss with respect to one weight, by finite differences. */
async function slopeOf(model: Model, example: Example, name: string, at: number): Promise<number> {
  const step = 1e-5;
  const loss = async (by: number) => {
    const weights = { ...model.weights, [name]: Float64Array.from(model.weights[name]) };
    weights[name][at] += by;
    return (await traceGradients(backend, { ...model, weights }, example)).loss;
  };
  return (await loss(step) - await loss(-step)) / (2 * step);
}

for (const config of NETWORKS) {
  Deno.test(`traceGradients() of ${JSON.stringify(config)} agrees with finite differences`, async () => {
    const model = made(config);
    const example = (config.head === "token" ? tagged : examples)[0];
    const trace = await traceGradients(backend, model, example);
    for (const [name, { values, columns }] of Object.entries(trace.weights)) {
      if (name === "embedding") continue; // has only the rows of the example's words
      assertEquals(values.length % columns, 0);
      for (const at of [0, values.length - 1]) {
        assertAlmostEquals(values[at], await slopeOf(model, example, name, at), 1e-7);
      }
    }
    if (!config.bidirectional) {
      const norms = await gradientNorms(backend, model, [example]);
      for (const [t, norm] of trace.steps.toReversed().entries()) {
        assertAlmostEquals(norm, norms[t], 1e-12);
      }
    }
    assertEquals(trace.layers.length, model.config.layers);
    assertEquals(trace.layers[0].length, config.bidirectional ? 2 : 1);
    assertEquals(trace.layers[0][0].length, 3 * 5);
  });
}

Deno.test("traceGradients() counts clipped components, and returns the scale of clipping by norm", async () => {
  const model = made({});
  const free = await traceGradients(backend, model, examples[0]);
  assertEquals([free.scale, free.weights.Why.clipped], [1, 0]);
  const all = Object.values(free.weights).flatMap(({ values }) => [...values]);
  assertAlmostEquals(free.norm, Math.hypot(...all), 1e-12);
  const clip = 0.05, clipNorm = 0.1;
  const cut = await traceGradients(backend, model, examples[0], { clip, clipNorm });
  const { Whh } = free.weights;
  assertEquals(cut.weights.Whh.clipped, [...Whh.values].filter((g) => Math.abs(g) > clip).length);
  const bounded = Math.hypot(...all.map((g) => Math.min(clip, Math.abs(g))));
  assertAlmostEquals(cut.norm, bounded, 1e-12);
  assertAlmostEquals(cut.scale, Math.min(1, clipNorm / (bounded + 1e-6)), 1e-12);
});

Deno.test("traceWords() returns each word's state as if it were read alone", async () => {
  const model = made({ cell: "gru", bidirectional: true });
  const states = await traceWords(backend, model);
  for (const [id, word] of model.vocabulary.entries()) {
    if (id === 0) continue;
    const { states: [alone] } = await traceText(backend, model, word);
    assertEquals([...states.subarray(10 * id, 10 * id + 10)], alone);
  }
  assertEquals((await traceWords(backend, model, { maxWords: 2 })).length, 20);
});

Deno.test("tracing throws if a text has no words, and frees everything on the device", async () => {
  const model = made({ cell: "lstm" });
  await assertRejects(() => traceSteps(backend, model, " ... "), InputError, "without words");
  const before = backend.live;
  await traceSteps(backend, model, "so very good");
  await traceGradients(backend, model, examples[0]);
  await traceWords(backend, model);
  assertEquals(backend.live, before);
});

Deno.test("traceSteps() and traceGradients() of a language model include the start and the end", async () => {
  const texts = [{ text: "abab" }, { text: "ba" }];
  const model = createLanguageModel(texts, { cell: "gru", hidden: 5 });
  const { words, ids, probabilities } = await traceSteps(backend, model, "abx");
  assertEquals(words.slice(1), ["a", "b", "x"]);
  assertEquals(ids.map((id) => model.vocabulary[id]).slice(1), ["a", "b", "<unk>"]);
  assertEquals(probabilities.map((p) => p.length), Array(4).fill(model.labels.length));
  const { loss, steps } = await traceGradients(backend, model, texts[0]);
  const whole = await evaluate(backend, model, [texts[0]]);
  assertAlmostEquals(loss, whole.loss, 1e-6);
  assertEquals(steps.length, 5); // including the end symbol
});

Deno.test("traceSteps() and traceWords() of a translation model trace its encoder", async () => {
  const pairs = [{ text: "ab", label: "ba" }, { text: "ba", label: "ab" }];
  const model = createTranslationModel(pairs, { hidden: 5, bidirectional: true });
  const { words, layers, probabilities } = await traceSteps(backend, model, "ab");
  assertEquals([words.length, layers[0].length, probabilities.length], [2, 2, 0]);
  assertEquals(layers[0][1].states.length, 2 * 5);
  assertEquals((await traceWords(backend, model)).length, model.vocabulary.length * 10);
});

Deno.test("traceGradients() of a translation model reach its encoder through its decoder", async () => {
  const pairs = [{ text: "aab", label: "baaa" }, { text: "ba", label: "ab" }];
  for (const attention of ["dot", "none"] as const) {
    const options = { cell: "lstm", hidden: 5, embedding: 0, bidirectional: true } as const;
    const model = createTranslationModel(pairs, { ...options, attention });
    const trace = await traceGradients(backend, model, pairs[0]);
    for (const [name, { values }] of Object.entries(trace.weights)) {
      const at = values.findIndex((value: number) => value !== 0);
      assertAlmostEquals(values[at], await slopeOf(model, pairs[0], name, at), 1e-7);
    }
    assertEquals([trace.steps.length, trace.layers[0].length], [3, 2]);
    assert(trace.steps.every((norm) => norm > 0));
  }
});
