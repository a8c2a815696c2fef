// Whichever op fails, and wherever iteration stops, no tensors stay alive on the device.
import { createCpuBackend } from "@unroll/backend-cpu";
import {
  type Backend,
  type Checkpoint,
  createLanguageModel,
  createModel,
  createPredictor,
  createTranslationModel,
  evaluate,
  type Example,
  generate,
  gradientNorms,
  type Model,
  predict,
  traceGradients,
  traceSteps,
  traceText,
  traceWords,
  train,
  type TrainEvent,
  type TrainOptions,
} from "@unroll/core";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { withoutFused } from "#tests/support/helpers.ts";

const texts = [
  { text: "good so good", label: "up" },
  { text: "bad", label: "down" },
  { text: "so bad", label: "down" },
];
const tagged = [{ text: "meet ann", label: "O WHO" }, { text: "ann", label: "WHO" }];
const written = [{ text: "abcab", label: "x" }, { text: "ba", label: "y" }];
const pairs = [{ text: "ab", label: "ba" }, { text: "b", label: "b" }];

const classifier = () => createModel(texts, { hidden: 3 });
const large = () =>
  createModel(texts, {
    cell: "lstm",
    hidden: 2,
    embedding: 2,
    bidirectional: true,
    head: "mean",
    dropout: 0.2,
  });
const tagger = () => createModel(tagged, { cell: "gru", hidden: 2, head: "token" });
const writer = () => createLanguageModel(written, { hidden: 2, fromLabel: true });
const translator = () => createTranslationModel(pairs, { hidden: 2, embedding: 2 });

async function* trained(
  backend: Backend,
  create: () => Model,
  examples: readonly Example[],
  options: TrainOptions,
): AsyncGenerator<TrainEvent> {
  const sets = { validation: examples, test: examples };
  yield* train(backend, create(), examples, {
    epochs: 1,
    optimizer: { name: "adam" },
    checkpointEvery: 2,
    ...sets,
    ...options,
  });
}

/** Returns a checkpoint with carried states, from within an epoch. */
async function midEpoch(): Promise<Checkpoint> {
  const options = { epochs: 1, batchSize: 1, timeSteps: 2, checkpointEvery: 2 };
  for await (const event of train(createCpuBackend(), writer(), written, options)) {
    if (event.type === "checkpoint" && event.checkpoint.carriedState) return event.checkpoint;
  }
  throw new Error("no checkpoint in the middle of an epoch");
}
const resume = await midEpoch();

const TRAININGS: Record<string, (backend: Backend) => AsyncGenerator<unknown>> = {
  "train() of the article's network": (backend) =>
    trained(backend, classifier, texts, { optimizer: { name: "sgd" }, checkpointEvery: undefined }),
  "train() of a large network": (backend) =>
    trained(backend, large, texts, { batchSize: 2, clipNorm: 1 }),
  "train() of a tagger": (backend) => trained(backend, tagger, tagged, { batchSize: 2 }),
  "train() of a language model": (backend) =>
    trained(backend, writer, written, { batchSize: 2, timeSteps: 2 }),
  "train() that resumes a language model": (backend) =>
    train(backend, writer(), written, { epochs: 1, batchSize: 1, timeSteps: 2, resume }),
  "train() of a translation model": (backend) =>
    trained(backend, translator, pairs, { batchSize: 2, teacherForcing: 0.5 }),
  "generate()": (backend) => generate(backend, writer(), { label: "x", length: 4 }),
};

const QUESTIONS: Record<string, (backend: Backend) => Promise<unknown>> = {
  "predict()": (backend) => predict(backend, classifier(), ["good", "so bad"]),
  "predict() of a large network": (backend) => predict(backend, large(), ["good", "so bad"]),
  "evaluate()": (backend) => evaluate(backend, classifier(), texts),
  "predict() of a tagger": (backend) => predict(backend, tagger(), ["ann meet"]),
  "traceText()": (backend) => traceText(backend, large(), "good so bad"),
  "traceSteps()": (backend) => traceSteps(backend, large(), "good so bad"),
  "traceSteps() of a tagger": (backend) => traceSteps(backend, tagger(), "ann meet"),
  "traceSteps() of a language model": (backend) =>
    traceSteps(backend, writer(), "ab", { label: "x" }),
  "traceSteps() of a translation model": (backend) => traceSteps(backend, translator(), "ab"),
  "traceWords()": (backend) => traceWords(backend, large()),
  "traceGradients()": (backend) => traceGradients(backend, large(), texts[0]),
  "traceGradients() of a translation model": (backend) =>
    traceGradients(backend, translator(), pairs[0]),
  "gradientNorms()": (backend) => gradientNorms(backend, large(), texts),
  "evaluate() of a language model": (backend) => evaluate(backend, writer(), written),
  "predict() of a translation model": (backend) =>
    predict(backend, translator(), ["ab", "b"], { maxLength: 3 }),
  "predict() of a translation model, with a beam": (backend) =>
    predict(backend, translator(), ["ab"], { maxLength: 3, beam: 2 }),
  "evaluate() of a translation model": (backend) => evaluate(backend, translator(), pairs),
};

for (const head of ["last", "mean", "max"] as const) {
  QUESTIONS[`a predictor and its stream, head ${head}`] = async (backend) => {
    const model = createModel(texts, { cell: "lstm", hidden: 2, layers: 2, head });
    using predictor = createPredictor(backend, model);
    using stream = predictor.stream();
    for (const word of ["good", "so", "bad"]) await stream.step(word);
    await predictor.predict(["so good"]);
    stream.reset();
    await stream.step("bad");
  };
}

class Failure extends Error {}

/** A backend whose op number `at` throws, or a late `read()` rejects. */
function failing(backend: Backend, at: number, isLate: boolean): Backend {
  let calls = 0;
  return new Proxy(backend, {
    get(target, name: keyof Backend) {
      const value = target[name];
      if (typeof value !== "function" || name === "scope" || name === "dispose") {
        return typeof value === "function" ? value.bind(target) : value;
      }
      return (...args: never[]) => {
        if (++calls !== at) return (value as (...args: never[]) => unknown).apply(target, args);
        const failure = new Failure(`${String(name)}(), call ${at}`);
        if (name === "read" && isLate) return Promise.reject(failure);
        throw failure;
      };
    },
  });
}

/** Makes each op fail in turn, and checks that no tensors stay alive. */
async function failEverywhere(backend: Backend, run: (backend: Backend) => Promise<unknown>) {
  await run(backend);
  assertEquals(backend.live, 0, "without a failure");
  const failureAt = async (at: number, isLate: boolean) => {
    try {
      await run(failing(backend, at, isLate));
      return "";
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      assertEquals(backend.live, 0, `${error.message}${isLate ? ", late" : ""}`);
      return error.message;
    }
  };
  let at = 1;
  for (;; at++) {
    const message = await failureAt(at, false);
    if (message === "") break;
    if (message.startsWith("read()")) await failureAt(at, true);
  }
  assert(at > 10, `only ${at} ops were made to fail`);
}

for (const [name, run] of Object.entries(QUESTIONS)) {
  Deno.test(`${name} frees everything if any op fails`, () =>
    failEverywhere(createCpuBackend(), run));
}
for (const [name, run] of Object.entries(TRAININGS)) {
  Deno.test(`${name} frees everything if any op fails`, () =>
    failEverywhere(createCpuBackend(), (backend) => Array.fromAsync(run(backend))));
}
// If a backend has no fused ops, core composes each from primitives.
for (
  const name of [
    "predict() of a large network",
    "traceGradients()",
    "predict() of a translation model",
  ]
) {
  Deno.test(`${name} with primitives only frees everything if any op fails`, () =>
    failEverywhere(withoutFused(createCpuBackend()), QUESTIONS[name]));
}

for (const [name, run] of Object.entries(TRAININGS)) {
  Deno.test(`${name} frees everything wherever its iteration stops`, async () => {
    const backend = createCpuBackend();
    const events = (await Array.fromAsync(run(backend))).length;
    assert(events > 0);
    for (let left = 1; left <= events; left++) {
      let seen = 0;
      for await (const _ of run(backend)) if (++seen === left) break;
      assertEquals(backend.live, 0, `a break at ${left}`);
      seen = 0;
      await assertRejects(async () => {
        for await (const _ of run(backend)) if (++seen === left) throw new Failure("on purpose");
      }, Failure);
      assertEquals(backend.live, 0, `an error at ${left}`);
      const iterator = run(backend);
      for (let i = 0; i < left; i++) await iterator.next();
      await iterator.return(undefined);
      assertEquals(backend.live, 0, `return() at ${left}`);
    }
    run(backend); // never started
    await run(backend).return(undefined);
    assertEquals(backend.live, 0, "an iterator that was never started");
  });
}
