// Finite weights can be so large that the outputs are not finite.
import { createCpuBackend } from "@unroll/backend-cpu";
import {
  createLanguageModel,
  createModel,
  createPredictor,
  createTranslationModel,
  evaluate,
  generate,
  gradientNorms,
  InputError,
  type Model,
  predict,
  traceGradients,
  traceSteps,
  traceText,
  traceWords,
} from "@unroll/core";
import { assertEquals, assertRejects } from "@std/assert";

/** Sets weights near the largest float32, so that their products overflow. */
function overflowing<M extends Model>(model: M, ...names: string[]): M {
  for (const [name, numbers] of Object.entries(model.weights)) {
    if (names.length === 0 || names.includes(name)) numbers.fill(3e38);
  }
  return model;
}

const texts = [{ text: "good day", label: "up" }, { text: "bad day", label: "down" }];
const classifier = () => overflowing(createModel(texts, { hidden: 4 }));
/** Only the first label's logit is infinite, -∞: all probabilities are finite. */
const below = () => {
  const model = createModel(texts, { hidden: 4 });
  model.weights.bh.fill(9);
  model.weights.Why.forEach((_, i, all) => all[i] = i % 2 === 0 ? -3e38 : 0);
  return model;
};
const tagger = () =>
  overflowing(createModel([{ text: "ann is", label: "WHO O" }], { hidden: 4, head: "token" }));
const written = [{ text: "abcab" }];
const writer = () => overflowing(createLanguageModel(written, { hidden: 4 }));
const pairs = [{ text: "ab", label: "ba" }];
const translator = () => overflowing(createTranslationModel(pairs, { cell: "lstm", hidden: 4 }));
/** Its hidden states overflow. */
const exploding = () =>
  overflowing(createModel(texts, { hidden: 4, activation: "relu" }), "Wxh", "Whh", "bh");

/** Each loss is finite, but their sum is not. */
const unlikely = () => {
  const model = createLanguageModel(written, { hidden: 4 });
  model.weights.Why.fill(0);
  model.weights.by = Float64Array.from(model.labels, (_, id) => id === 0 ? 8e307 : -8e307);
  return model;
};

const backend = createCpuBackend();
const ASKED: [name: string, what: string, ask: () => Promise<unknown>][] = [
  ["predict()", "logits", () => predict(backend, classifier(), ["good day"])],
  ["predict() with one logit of -∞", "logits", () => predict(backend, below(), ["good day"])],
  ["predict() of a tagger", "logits", () => predict(backend, tagger(), ["ann is"])],
  ["evaluate()", "logits", () => evaluate(backend, classifier(), texts)],
  ["evaluate() with one logit of -∞", "logits", () => evaluate(backend, below(), texts)],
  ["a stream", "logits", async () => {
    using predictor = createPredictor(backend, classifier());
    using stream = predictor.stream();
    await stream.step("good");
  }],
  ["traceText()", "logits", () => traceText(backend, classifier(), "good day")],
  ["traceSteps()", "logits", () => traceSteps(backend, classifier(), "good day")],
  ["traceWords()", "states", () => traceWords(backend, exploding())],
  ["traceGradients()", "logits", () => traceGradients(backend, classifier(), texts[0])],
  ["gradientNorms()", "gradients", () => gradientNorms(backend, exploding(), texts)],
  ["generate()", "logits", () => Array.fromAsync(generate(backend, writer()))],
  [
    "greedy generate()",
    "logits",
    () => Array.fromAsync(generate(backend, writer(), { temperature: 0 })),
  ],
  [
    "evaluate() of a language model whose losses sum to infinity",
    "losses",
    () => evaluate(createCpuBackend({ dtype: "float64" }), unlikely(), written),
  ],
  ["evaluate() of a language model", "logits", () => evaluate(backend, writer(), written)],
  ["traceSteps() of a language model", "logits", () => traceSteps(backend, writer(), "ab")],
  ["predict() of a translation model", "logits", () => predict(backend, translator(), ["ab"])],
  [
    "predict() of a translation model, with a beam",
    "logits",
    () => predict(backend, translator(), ["ab"], { beam: 2 }),
  ],
  ["evaluate() of a translation model", "logits", () => evaluate(backend, translator(), pairs)],
];
for (const [name, what, ask] of ASKED) {
  Deno.test(`${name} refuses a model whose weights overflow`, async () => {
    await assertRejects(
      ask,
      InputError,
      `the model's weights overflow: ${what} are not finite; train again with a smaller learning rate`,
    );
    assertEquals(backend.live, 0);
  });
}
