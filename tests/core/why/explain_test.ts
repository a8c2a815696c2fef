import {
  type AnyModel,
  createLanguageModel,
  createMultiLabelClassifier,
  createPredictor,
  createRegressor,
  type Example,
  explain,
  explainAnswers,
  InputError,
  predict,
  type Prediction,
} from "@unroll/core";
import { createCpuBackend } from "@unroll/backend-cpu";
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { createClassifier } from "#core/classification/model.ts";
import { labelReasons } from "#core/classification/reasons.ts";
import { classification } from "#core/classification/task.ts";
import { CPU_BACKENDS, SMOOTH_CELLS } from "#tests/support/helpers.ts";

const backend = createCpuBackend({ dtype: "float64" });
const TEXT = "so very good not bad unheard";
const examples: Example[] = [
  { text: "so very good", label: "up" },
  { text: "not good", label: "down" },
  { text: "not bad", label: "flat" },
];

/** A model with weights large enough that words act together. */
function large<M extends AnyModel>(model: M): M {
  for (const values of Object.values(model.weights)) {
    for (let i = 0; i < values.length; i++) values[i] = 1.5 * values[i] + 0.1 * Math.sin(i);
  }
  return model;
}

type Options = Parameters<typeof createClassifier>[1];

const made = (options: Options = {}) =>
  large(createClassifier(examples, { hidden: 5, init: "scaled", ...options }));

const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0);

const NETWORKS: Options[] = [
  ...SMOOTH_CELLS.flatMap((cell) => [{ cell }, { cell, embedding: 4, bidirectional: true }]),
  { cell: "gru", embedding: 4, frozen: true, layers: 2, head: "mean" },
  { cell: "lstm", embedding: 4, bidirectional: true, layers: 2, head: "max" },
  { cell: "gru", bidirectional: true, layers: 2, head: "mean-max" },
];

for (const options of NETWORKS) {
  Deno.test(`integrated gradients of ${JSON.stringify(options)} sum to the score minus the baseline`, async () => {
    const [{ words, attributions }] = await explain(backend, made(options), [TEXT], { steps: 256 });
    assertEquals(words, TEXT.split(" "));
    const [{ score, baseline, shares }] = attributions;
    assertAlmostEquals(sumOf(shares), score - baseline, 0.01 * sumOf(shares.map(Math.abs)));
    assert(Math.abs(score - baseline) > 1e-3);
  });
}

Deno.test("integrated gradients of a smooth network converge with more steps", async () => {
  const model = made({ cell: "lstm", embedding: 4, bidirectional: true });
  const missing = async (steps: number) => {
    const [{ attributions: [{ score, baseline, shares }] }] = await explain(
      backend,
      model,
      [TEXT],
      {
        steps,
      },
    );
    return Math.abs(sumOf(shares) - (score - baseline));
  };
  const some = await missing(64), more = await missing(512);
  assert(more < some / 32 && more < 1e-5, `${some}, ${more}`);
});

Deno.test("integrated gradients equal those computed by finite differences", async () => {
  const model = made({ cell: "gru", embedding: 4, bidirectional: true, head: "mean" });
  const words = ["so", "good", "not"], steps = 64, h = 1e-4;
  const scoreOf = async (alphas: readonly number[]) => {
    const embedding = Float64Array.from(model.weights.embedding);
    for (const [t, word] of words.entries()) {
      const id = model.vocabulary.indexOf(word);
      for (let k = 0; k < 4; k++) embedding[4 * id + k] *= alphas[t];
    }
    const weights = { ...model.weights, embedding };
    const [{ probabilities }] = await predict(backend, { ...model, weights }, [words.join(" ")]);
    return Math.log(probabilities.flat / (1 - probabilities.flat));
  };
  const [{ attributions: [{ shares }] }] = await explain(backend, model, [words.join(" ")], {
    label: "flat",
    steps,
  });
  for (const t of words.keys()) {
    let share = 0;
    for (let k = 0; k < steps; k++) {
      const alpha = (k + 0.5) / steps;
      const at = (by: number) => scoreOf(words.map((_, u) => u === t ? alpha + by : alpha));
      share += (await at(h) - await at(-h)) / (2 * h) / steps;
    }
    assertAlmostEquals(shares[t], share, 1e-6);
  }
});

Deno.test("leave-one-out is the difference of the log-odds", async () => {
  const model = made({ cell: "gru", bidirectional: true, head: "max" });
  const words = TEXT.split(" ");
  const [{ method, attributions: [{ label, score, shares }] }] = await explain(backend, model, [
    TEXT,
  ], {
    method: "leave-one-out",
  });
  const texts = words.map((_, t) => words.filter((_, u) => u !== t).join(" "));
  const [whole, ...others] = await predict(backend, model, [TEXT, ...texts]);
  const logOdds = ({ probabilities }: typeof whole) =>
    Math.log(probabilities[label!] / (1 - probabilities[label!]));
  assertEquals([method, label], ["leave-one-out", whole.label]);
  assertAlmostEquals(score, logOdds(whole), 1e-9);
  for (const [t, share] of shares.entries()) {
    assertAlmostEquals(share, logOdds(whole) - logOdds(others[t]), 1e-9);
  }
});

Deno.test("with a temperature, the score is the prediction's, and contributions sum to it", async () => {
  const calibration = { network: 0.4, linear: 0, examples: 9, error: { before: 0, after: 0 } };
  const model = { ...made({ cell: "gru", embedding: 3 }), calibration };
  const [{ label, probabilities }] = await predict(backend, model, [TEXT]);
  const [{ attributions: [found] }] = await explain(backend, model, [TEXT]);
  const p = probabilities[label];
  assertEquals(found.label, label);
  assertAlmostEquals(found.score, Math.log(p / (1 - p)), 1e-9);
  const size = sumOf(found.shares.map(Math.abs));
  assertAlmostEquals(sumOf(found.shares), found.score - found.baseline, 0.01 * size);
});

Deno.test("a single word contributes the whole difference, by either method", async () => {
  for (const head of ["last", "mean", "max", "mean-max"] as const) {
    const model = made({ cell: "gru", head, embedding: 3 });
    for (const method of ["integrated-gradients", "leave-one-out"] as const) {
      const [{ attributions: [{ score, baseline, shares }] }] = await explain(backend, model, [
        "good",
      ], {
        method,
        steps: 512,
      });
      assertAlmostEquals(shares[0], score - baseline, 1e-2 * Math.abs(score - baseline));
    }
  }
});

Deno.test("a regression model's contributions are in the unit of its numbers", async () => {
  const numbers = examples.map(({ text }, i) => ({ text, label: String(10 * i + 100) }));
  const model = large(createRegressor(numbers, { cell: "gru", hidden: 4, embedding: 3 }));
  const [{ value }] = await predict(backend, model, [TEXT]);
  const [{ attributions }] = await explain(backend, model, [TEXT]);
  const [{ score, baseline, shares, label }] = attributions;
  assertEquals([attributions.length, label], [1, undefined]);
  assertAlmostEquals(score, value, 1e-9);
  assertAlmostEquals(sumOf(shares), score - baseline, 0.01 * sumOf(shares.map(Math.abs)));
});

Deno.test("a multi-label model explains each predicted label, or the most probable one", async () => {
  const model = large(
    createMultiLabelClassifier([{ text: "so good", label: "a;b" }, { text: "bad", label: "c" }], {
      cell: "gru",
      hidden: 4,
    }),
  );
  for (const threshold of [1e-6, 1 - 1e-6]) {
    const own = { ...model, threshold };
    const [{ labels, probabilities }] = await predict(backend, own, ["so bad"]);
    const [{ attributions }] = await explain(backend, own, ["so bad"]);
    const best = Object.keys(probabilities).sort((a, b) => probabilities[b] - probabilities[a]);
    assertEquals(attributions.map(({ label }) => label), threshold > 0.5 ? [best[0]] : labels);
    for (const { label, score } of attributions) {
      const p = probabilities[label!];
      assertAlmostEquals(score, Math.log(p / (1 - p)), 1e-9);
    }
  }
});

Deno.test("explain() keeps the order of texts, and frees everything on the device", async () => {
  const before = backend.live;
  const found = await explain(backend, made({ embedding: 3 }), ["good", "", "not bad"]);
  assertEquals(found.map(({ words }) => words), [["good"], [], ["not", "bad"]]);
  assertEquals(found.map(({ attributions }) => attributions.length), [1, 0, 1]);
  assertEquals(await explain(backend, made(), []), []);
  assertEquals(backend.live, before);
});

Deno.test("contributions of a text longer than a batch sum to the score minus the baseline", async () => {
  const model = made({ cell: "gru", embedding: 3, bidirectional: true, head: "max" });
  const long = new Array(500).fill(TEXT).join(" ");
  const [{ words, attributions: [{ score, baseline, shares }] }] = await explain(backend, model, [
    long,
  ]);
  assertEquals(words.length, 3000);
  assertAlmostEquals(sumOf(shares), score - baseline, 0.02 * sumOf(shares.map(Math.abs)));
});

Deno.test("contributions sum to the score even if it jumps between the baseline and the text", async () => {
  const model = createClassifier(examples.slice(0, 2), { cell: "rnn", hidden: 1, embedding: 1 });
  const fill = { embedding: 1, Wxh: 1, Whh: 2, bh: -0.3 }; // h ends below 0 for α < 0.3, else above
  for (const [name, value] of Object.entries(fill)) model.weights[name].fill(value);
  model.weights.Why = Float64Array.of(-1, 1);
  const text = new Array(40).fill("good").join(" ");
  const [{ attributions: [{ score, baseline, shares }] }] = await explain(backend, model, [text]);
  assert(score - baseline > 3);
  assertAlmostEquals(sumOf(shares), score - baseline, 0.01 * sumOf(shares.map(Math.abs)));
  assert(sumOf(shares.map(Math.abs)) < 2 * (score - baseline));
});

for (const [name, create] of Object.entries(CPU_BACKENDS)) {
  Deno.test(`explain() by ${name} returns the same contributions`, async () => {
    const model = made({ cell: "gru", embedding: 4, bidirectional: true, head: "max" });
    for (const method of ["integrated-gradients", "leave-one-out"] as const) {
      const [own] = await explain(create(), model, [TEXT], { method });
      const [right] = await explain(backend, model, [TEXT], { method });
      for (const [t, share] of own.attributions[0].shares.entries()) {
        assertAlmostEquals(share, right.attributions[0].shares[t], 1e-4);
      }
    }
  });
}

Deno.test("explain() throws if an option, a text or a model is not supported", async () => {
  const model = made();
  const refused = (fn: () => Promise<unknown>, message: string) =>
    assertRejects(fn, InputError, message);
  await refused(
    () => explain(backend, model, ["good"], { label: "sideways" }),
    'there is no label "sideways"; the labels are "down", "flat", "up"',
  );
  await refused(
    () => explain(backend, model, ["good"], { method: "magic" as "leave-one-out" }),
    "the method must be one of integrated-gradients, leave-one-out, got",
  );
  await refused(() => explain(backend, model, ["good"], { steps: 0 }), "the number of steps");
  await refused(
    () => explain(backend, model, ["good ".repeat(2001)], { method: "leave-one-out" }),
    "has 2001 words; leave-one-out supports at most 2000; shorten it",
  );
  const languageModel = createLanguageModel([{ text: "abc" }], { hidden: 4 });
  await refused(
    () => explain(backend, languageModel, ["a"]),
    "language models cannot be explained",
  );
});

Deno.test("a custom task has its own explanations, and explainAnswers() accepts predictions", async () => {
  const model = { ...made({ cell: "gru", embedding: 3 }), task: "own" };
  const task = { ...classification, name: "own", models: "own models" };
  const asked = () => explain(backend, model, [TEXT], { tasks: [task] });
  await assertRejects(asked, InputError, "own models cannot be explained");
  const tasks = [{ ...task, reasons: labelReasons }];
  const [own] = await explain(backend, model, [TEXT], { tasks });
  const [right] = await explain(backend, { ...model, task: "classification" }, [TEXT]);
  assertEquals(own, right);
  using predictor = createPredictor(backend, model, { tasks });
  const before = backend.live;
  const answers = await predictor.predict([TEXT]) as Prediction[];
  const other = answers.map((answer) => ({ ...answer, label: "flat" }));
  const [found] = await explainAnswers(predictor, [TEXT], other, { tasks });
  assertEquals(found.attributions[0].label, "flat");
  assertEquals(backend.live, before);
  predictor.close();
  await assertRejects(
    () => explainAnswers(predictor, [TEXT], answers, { tasks }),
    TypeError,
    "closed",
  );
});

Deno.test("explanations of several labels equal those of each label alone", async () => {
  const numbers = examples.map(({ text }, i) => ({ text, label: i === 0 ? "a;b" : "c" }));
  const model = {
    ...large(createMultiLabelClassifier(numbers, { cell: "lstm", hidden: 4, embedding: 3 })),
    threshold: 1e-9,
  };
  for (const method of ["integrated-gradients", "leave-one-out"] as const) {
    const [{ attributions }] = await explain(backend, model, [TEXT], { method });
    assertEquals(attributions.length, 3);
    for (const each of attributions) {
      const { label } = each;
      const [alone] = await explain(backend, model, [TEXT], { method, label });
      assertEquals(alone.attributions, [each]);
    }
  }
});
