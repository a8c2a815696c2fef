/**
 * The API that users meet first: fit, predictors, streams, and functions for models of all tasks.
 *
 * @module
 */
import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createCpuBackend } from "@unroll/backend-cpu";
import {
  type Backend,
  createLanguageModel,
  createModel,
  createPredictor,
  createTranslationModel,
  evaluate,
  type Evaluation,
  type Example,
  fit,
  generate,
  InputError,
  type LanguageModelEvaluation,
  predict,
  type Prediction,
  type StreamStep,
  type Tag,
  type TaggingEvaluation,
  train,
  type TrainEvent,
  type Translation,
  type TranslationEvaluation,
} from "@unroll/core";

const EXAMPLES: Example[] = [
  { text: "good", label: "up" },
  { text: "not good", label: "down" },
  { text: "it is so good", label: "up" },
  { text: "bad", label: "down" },
  { text: "not bad at all", label: "up" },
  { text: "it is not so good", label: "down" },
];
const TEXTS = EXAMPLES.map(({ text }) => text);
const TAGGED = TEXTS.map((text) => ({ text, label: text.replaceAll(/\S+/g, (word) => word[0]) }));
const PAIRS = TEXTS.map((text) => ({ text, label: text.slice(0, 4) }));
const SMALL = { cell: "gru", hidden: 8, init: "scaled" } as const;
const TRAINING = {
  epochs: 5,
  batchSize: 2,
  learningRate: 0.02,
  optimizer: { name: "adam" },
} as const;

const classifier = () => createModel(EXAMPLES, SMALL);
const tagger = () => createModel(TAGGED, { ...SMALL, head: "token" });
const languageModel = () => createLanguageModel(EXAMPLES, { ...SMALL, fromLabel: true });
const translator = () => createTranslationModel(PAIRS, { ...SMALL, embedding: 4 });

/** A backend that counts the tensors that are uploaded to it. */
function counting(): { backend: Backend; uploads: () => number } {
  let uploads = 0;
  const backend: Backend = new Proxy(createCpuBackend(), {
    get(target, name: keyof Backend) {
      if (name === "tensor") uploads++;
      const member = target[name];
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
  return { backend, uploads: () => uploads };
}

async function eventsOf(...given: Parameters<typeof train>): Promise<TrainEvent[]> {
  return await Array.fromAsync(train(...given));
}

Deno.test("fit() returns the last epoch of train()", async () => {
  const [fitted, trained] = [classifier(), classifier()];
  const result = await fit(createCpuBackend(), fitted, EXAMPLES, TRAINING);
  const last = (await eventsOf(createCpuBackend(), trained, EXAMPLES, TRAINING))
    .findLast((event) => event.type === "epoch")!;
  assertEquals(result, { epochs: 5, train: last.train });
  assertEquals(fitted.weights, trained.weights);
});

Deno.test("fit() with validation returns the selected epoch and its metrics", async () => {
  const model = classifier();
  const [validation, test] = [EXAMPLES.slice(0, 3), EXAMPLES.slice(3)];
  const options = { ...TRAINING, epochs: 200, learningRate: 0.1, validation, test, patience: 2 };
  const backend = createCpuBackend();
  const result = await fit(backend, model, EXAMPLES.slice(2), options);
  assertEquals(result.stopped, "patience");
  assert(result.bestEpoch! <= result.epochs && result.epochs < 200);
  const { loss, accuracy } = await evaluate(backend, model, validation);
  assertAlmostEquals(result.validation!.loss, loss, 1e-6);
  assertEquals(result.validation!.accuracy, accuracy);
  assertAlmostEquals(result.test!.loss, (await evaluate(backend, model, test)).loss, 1e-6);
  assertEquals(backend.live, 0);
});

Deno.test("fit() reports that it was stopped, without metrics of the unfinished epoch", async () => {
  const signal = { aborted: true };
  const result = await fit(createCpuBackend(), classifier(), EXAMPLES, { ...TRAINING, signal });
  assertEquals(result, { epochs: 0, stopped: "request" });
});

for (const [name, create] of Object.entries({ classifier, tagger, translator })) {
  Deno.test(`a predictor of a ${name} uploads its weights once`, async () => {
    const { backend, uploads } = counting();
    const model = create();
    const predictor = createPredictor(backend, model);
    const weights = Object.keys(model.weights).length;
    assertEquals([uploads(), backend.live], [weights, weights]);
    const first = await predictor.predict(["not good"]);
    const between = uploads();
    for (let i = 0; i < 5; i++) assertEquals(await predictor.predict(["not good"]), first);
    // A translation uploads an initial state each time, but never its weights again.
    assert(uploads() - between <= 5 * (between - weights));
    assert(between - weights < weights);
    assertEquals(backend.live, weights);
    predictor.close();
    assertEquals(backend.live, 0);
  });
}

Deno.test("a predictor of a classifier uploads only word ids for each text", async () => {
  const { backend, uploads } = counting();
  using predictor = createPredictor(backend, classifier());
  const before = uploads();
  await predictor.predict(TEXTS);
  await predictor.predict(TEXTS);
  assertEquals(uploads(), before);
});

Deno.test("a predictor is closed at the end of its block, and may be closed twice", async () => {
  const backend = createCpuBackend();
  {
    using predictor = createPredictor(backend, classifier());
    await predictor.predict(TEXTS);
  }
  assertEquals(backend.live, 0);
  const predictor = createPredictor(backend, classifier());
  predictor.close();
  predictor.close();
  predictor[Symbol.dispose]();
  assertEquals(backend.live, 0);
});

Deno.test("a closed predictor throws on every call", async () => {
  const predictor = createPredictor(createCpuBackend(), classifier());
  const stream = predictor.stream();
  await stream.step("good");
  predictor.close();
  const message = "this predictor was closed; create another one";
  await assertRejects(() => predictor.predict(["good"]), TypeError, message);
  await assertRejects(() => predictor.evaluate(EXAMPLES), TypeError, message);
  await assertRejects(() => stream.step("bad"), TypeError, message);
  assertThrows(() => predictor.stream(), TypeError, message);
  stream.close();
});

Deno.test("a predictor equals predict() and evaluate()", async () => {
  const backend = createCpuBackend();
  const model = classifier();
  using predictor = createPredictor(backend, model);
  assertEquals(await predictor.predict(TEXTS), await predict(backend, model, TEXTS));
  assertEquals(await predictor.evaluate(EXAMPLES), await evaluate(backend, model, EXAMPLES));
});

for (const head of ["last", "mean", "max", "mean-max", "token"] as const) {
  for (const layers of [1, 2]) {
    Deno.test(`a stream of a ${layers}-layer network with the head ${head} equals predict()`, async () => {
      const backend = createCpuBackend({ dtype: "float64" });
      const examples = head === "token" ? TAGGED : EXAMPLES;
      const model = createModel(examples, { ...SMALL, cell: "lstm", layers, head, embedding: 3 });
      await fit(backend, model, examples, TRAINING);
      using predictor = createPredictor(backend, model);
      using stream = predictor.stream();
      for (const text of ["not so zzz good", "bad"]) {
        const words = text.split(" ");
        for (const [t, word] of words.entries()) {
          const step = await stream.step(word);
          const [whole] = await predictor.predict([words.slice(0, t + 1).join(" ")]);
          const said = Array.isArray(whole) ? whole[t] : whole;
          const probability = step.probabilities[model.labels.indexOf(step.label)];
          assertEquals([step.label, step.known], [said.label, word !== "zzz"]);
          const expected = "probabilities" in said
            ? said.probabilities[said.label]
            : said.probability;
          assertAlmostEquals(probability, expected, 1e-12);
          assertAlmostEquals(step.probabilities.reduce((a, b) => a + b), 1, 1e-12);
        }
        stream.reset();
      }
      assertEquals(backend.live, Object.keys(model.weights).length);
    });
  }
}

Deno.test("concurrent steps of a stream run one after the other", async () => {
  const backend = createCpuBackend();
  using predictor = createPredictor(backend, classifier());
  using patient = predictor.stream();
  const waited: StreamStep[] = [];
  for (const word of ["it", "is", "good"]) waited.push(await patient.step(word));
  using hasty = predictor.stream();
  assertEquals(await Promise.all(["it", "is", "good"].map((word) => hasty.step(word))), waited);
});

Deno.test("a reset of a stream waits for earlier steps", async () => {
  using predictor = createPredictor(createCpuBackend(), classifier());
  using stream = predictor.stream();
  const not = stream.step("not"), notGood = stream.step("good");
  stream.reset();
  const good = stream.step("good");
  const whole = await predictor.predict(["not", "not good", "good"]);
  for (const [i, { probabilities }] of (await Promise.all([not, notGood, good])).entries()) {
    assertAlmostEquals(probabilities[0], whole[i].probabilities.down, 1e-6);
  }
});

Deno.test("a closed stream throws, even for pending steps, and frees everything", async () => {
  const backend = createCpuBackend();
  const model = classifier();
  using predictor = createPredictor(backend, model);
  const stream = predictor.stream();
  await stream.step("not");
  const waiting = stream.step("good");
  stream.close();
  const message = "this stream was closed; create another one";
  await assertRejects(() => waiting, TypeError, message);
  await assertRejects(() => stream.step("good"), TypeError, message);
  stream.close();
  assertEquals(backend.live, Object.keys(model.weights).length);
});

Deno.test("streams of one predictor have separate states", async () => {
  using predictor = createPredictor(createCpuBackend(), classifier());
  using a = predictor.stream();
  using b = predictor.stream();
  await a.step("not");
  const alone = await b.step("good");
  const after = await a.step("good");
  const [good, notGood] = await predictor.predict(["good", "not good"]);
  assertAlmostEquals(alone.probabilities[0], good.probabilities.down, 1e-6);
  assertAlmostEquals(after.probabilities[0], notGood.probabilities.down, 1e-6);
});

Deno.test("a stream of a language model predicts the next symbol, like generate()", async () => {
  const backend = createCpuBackend({ dtype: "float64" });
  const model = createLanguageModel([{ text: "abcd".repeat(30) }], { ...SMALL, hidden: 16 });
  await fit(backend, model, [{ text: "abcd".repeat(30) }], {
    ...TRAINING,
    epochs: 40,
    timeSteps: 8,
  });
  using predictor = createPredictor(backend, model);
  using stream = predictor.stream();
  let step = await stream.step("a"), text = "a";
  while (text.length < 9) {
    text += step.label;
    step = await stream.step(step.label);
  }
  let made = "a";
  const options = { prompt: "a", length: 8, temperature: 0 };
  for await (const symbol of generate(backend, model, options)) made += symbol;
  assertEquals([text, made], ["abcdabcda", "abcdabcda"]);
});

Deno.test("a stream of a language model with labels requires one", async () => {
  using predictor = createPredictor(createCpuBackend(), languageModel());
  using stream = predictor.stream("up");
  assertEquals((await stream.step("g")).probabilities.length, predictor.model.labels.length);
  assertThrows(() => predictor.stream(), InputError, "label");
  assertThrows(() => predictor.stream("sideways"), InputError, "sideways");
});

Deno.test("models that cannot be streamed throw with the reason", () => {
  const backend = createCpuBackend();
  using both = createPredictor(backend, createModel(EXAMPLES, { ...SMALL, bidirectional: true }));
  assertThrows(
    () => both.stream(),
    InputError,
    "a bidirectional network reads a text from its end",
  );
  using whole = createPredictor(backend, translator());
  assertThrows(
    () => whole.stream(),
    InputError,
    "need the whole text before they answer; use predict()",
  );
});

Deno.test("predict() of a language model does not compile, and throws with the function to use", async () => {
  const backend = createCpuBackend();
  const model = languageModel();
  await assertRejects(
    // @ts-expect-error: a language model generates text, not predictions
    () => predict(backend, model, ["good"]),
    InputError,
    "this is a language model; use generate()",
  );
  using predictor = createPredictor(backend, model);
  await assertRejects(
    // @ts-expect-error: a language model generates text, not predictions
    () => predictor.predict(["good"]),
    InputError,
    "this is a language model; use generate()",
  );
});

Deno.test("generate() of another model does not compile, and throws with the function to use", async () => {
  const backend = createCpuBackend();
  const usages: [run: () => AsyncGenerator<string>, usage: string][] = [
    // @ts-expect-error: a classifier does not generate text
    [() => generate(backend, classifier()), "this is a classification model; use predict()"],
    // @ts-expect-error: a tagger does not generate text
    [() => generate(backend, tagger()), "this is a tagging model, which labels each word"],
    // @ts-expect-error: a translation model needs predict()
    [() => generate(backend, translator()), "use predict()"],
  ];
  for (const [run, usage] of usages) {
    await assertRejects(() => Array.fromAsync(run()), InputError, usage);
  }
});

Deno.test("predict() accepts only the options of the model's task", async () => {
  const backend = createCpuBackend();
  const options = { beam: 2, maxLength: 3 };
  const [{ target }] = await predict(backend, translator(), ["good"], options);
  assert(target.length <= 3);
  // @ts-expect-error: a classifier has no beam width
  const wrong = () => predict(backend, classifier(), ["good"], { beam: 2 });
  assertEquals(typeof wrong, "function");
});

/** Compiles only if both types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true
  : false;
const same = <A, B>(_: Same<A, B>) => {};

Deno.test("predict() and evaluate() are typed by the model's task", async () => {
  const backend = createCpuBackend();
  const label = await predict(backend, classifier(), ["good"]);
  same<typeof label, Prediction[]>(true);
  const tags = await predict(backend, tagger(), ["so good"]);
  same<typeof tags, Tag[][]>(true);
  const translated = await predict(backend, translator(), ["good"], { beam: 2 });
  same<typeof translated, Translation[]>(true);
  assertEquals([label[0].text, tags[0][1].word], ["good", "good"]);

  const labels = await evaluate(backend, classifier(), EXAMPLES);
  same<typeof labels, Evaluation>(true);
  const words = await evaluate(backend, tagger(), TAGGED);
  same<typeof words, TaggingEvaluation>(true);
  const symbols = await evaluate(backend, languageModel(), EXAMPLES);
  same<typeof symbols, LanguageModelEvaluation>(true);
  const pairs = await evaluate(backend, translator(), PAIRS);
  same<typeof pairs, TranslationEvaluation>(true);
  for (const { loss } of [labels, words, symbols, pairs]) assert(loss > 0);
  assertEquals(backend.live, 0);
});

Deno.test("a language model trains on texts without labels", async () => {
  const texts: Example[] = [{ text: "abab".repeat(10) }];
  const model = createLanguageModel(texts, SMALL);
  const { train } = await fit(createCpuBackend(), model, texts, { ...TRAINING, timeSteps: 5 });
  assert(train!.loss < Math.log(3));
});
