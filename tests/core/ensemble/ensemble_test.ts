import {
  type AnyModel,
  calibrateClassifier,
  chooseThresholds,
  createLanguageModel,
  createModel,
  createMultiLabelClassifier,
  createPredictor,
  createRegressor,
  evaluate,
  type Example,
  explain,
  fit,
  gradientNorms,
  InputError,
  networkWeights,
  predict,
  readModel,
  refitCalibration,
  traceText,
  train,
  trainEnsemble,
  writeModel,
} from "@unroll/core";
import { createCpuBackend } from "@unroll/backend-cpu";
import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { crfPredict, crfScores } from "#core/network/crf_sequences.ts";
import { logSumExp } from "#core/network/loss.ts";
import { CPU_BACKENDS } from "#tests/support/helpers.ts";

const backend = createCpuBackend({ dtype: "float64" });
const words = ["good", "bad", "not", "very", "so", "fine", "poor"];
const texts = Array.from(
  { length: 30 },
  (_, i) => [...words.filter((_, k) => ((i * 5) >> k) % 2 === 1), "it"].join(" "),
);
const labeled = (labelOf: (i: number) => string): Example[] =>
  texts.map((text, i) => ({ text, label: labelOf(i) }));
const NETWORK = { cell: "gru", hidden: 4, embedding: 3, dropout: 0.3 } as const;
const TRAINING = {
  epochs: 4,
  batchSize: 4,
  optimizer: { name: "adam" },
  learningRate: 0.05,
} as const;
const tagsOf = (text: string) =>
  text.split(" ").map((word) => word === "good" ? "B-X" : word === "bad" ? "I-X" : "O").join(" ");

/** Examples and models of every task that supports ensembles. */
const KINDS: Record<string, { examples: Example[]; create(seed: number): AnyModel }> = {
  "a classifier": kind(
    labeled((i) => ["up", "down", "flat"][i % 3]),
    (examples, seed) => createModel(examples, { ...NETWORK, seed }),
  ),
  "a multi-label model": kind(
    labeled((i) => ["a", "a;b", ""][i % 3]),
    (examples, seed) => createMultiLabelClassifier(examples, { ...NETWORK, seed }),
  ),
  "a regression model": kind(
    labeled((i) => String(i % 4)),
    (examples, seed) => createRegressor(examples, { ...NETWORK, seed }),
  ),
  "a tagger": kind(
    labeled((i) => tagsOf(texts[i])),
    (examples, seed) => createModel(examples, { ...NETWORK, seed, head: "token" }),
  ),
  "a tagger with letters and a CRF": kind(
    labeled((i) => tagsOf(texts[i])),
    (examples, seed) =>
      createModel(examples, { ...NETWORK, seed, head: "token", crf: true, letters: 3 }),
  ),
};

function kind(examples: Example[], create: (examples: Example[], seed: number) => AnyModel) {
  return { examples, create: (seed: number) => create(examples, seed) };
}

/** Trains an ensemble of three networks. */
async function trained({ examples, create }: typeof KINDS[string], on = backend) {
  const model = create(5);
  const options = { ...TRAINING, seed: 5, networks: 3, create };
  for await (const _ of trainEnsemble(on, model, examples, options));
  return model;
}

/** Returns the networks of an ensemble, each as a model. */
const parts = (model: AnyModel) =>
  networkWeights(model).map((weights) => ({ ...model, weights, ensemble: undefined }));

const mean = (numbers: readonly number[]) =>
  numbers.reduce((sum, each) => sum + each, 0) / numbers.length;

for (const [name, kind] of Object.entries(KINDS)) {
  Deno.test(`the networks of ${name} equal single networks trained with the same seeds`, async () => {
    const model = await trained(kind);
    for (const [k, { weights }] of parts(model).entries()) {
      const single = kind.create(5 + k);
      await fit(backend, single, kind.examples, { ...TRAINING, seed: 5 + k });
      assertEquals(weights, single.weights);
    }
    assertEquals(backend.live, 0);
  });

  Deno.test(`an ensemble of ${name} is restored from its file, with tensors as in a ModuleList`, async () => {
    const model = await trained(kind, createCpuBackend());
    const bytes = writeModel(model);
    assertEquals(await readModel(new Blob([bytes])), model as unknown);
    const names = namesIn(bytes);
    const single = namesIn(writeModel({ ...model, ensemble: undefined }));
    assertEquals(names, ["0.", "1.", "2."].flatMap((k) => single.map((name) => k + name)).sort());
  });
}

function namesIn(bytes: Uint8Array): string[] {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  return Object.keys(header).filter((name) => name !== "__metadata__").sort();
}

for (const name of ["a classifier", "a multi-label model"]) {
  Deno.test(`${name} of several networks predicts from the mean of their logits`, async () => {
    const model = await trained(KINDS[name]);
    type Answer = { logits: number[]; probabilities: Record<string, number> };
    const ask = async (of: AnyModel) => await predict(backend, of, texts) as unknown as Answer[];
    const whole = await ask(model), each = await Promise.all(parts(model).map(ask));
    for (const [i, { logits, probabilities }] of whole.entries()) {
      for (const [c, label] of model.labels.entries()) {
        assertAlmostEquals(logits[c], mean(each.map((answers) => answers[i].logits[c])), 1e-9);
        const p = model.task === "multi-label"
          ? 1 / (1 + Math.exp(-logits[c]))
          : Math.exp(logits[c] - logSumExp(Float64Array.from(logits)));
        assertAlmostEquals(probabilities[label], p, 1e-9);
      }
    }
  });
}

Deno.test("a regression model of several networks predicts the mean of their predictions", async () => {
  const kind = KINDS["a regression model"], model = await trained(kind);
  const ask = async (of: AnyModel) =>
    (await predict(backend, of, texts) as unknown as { value: number }[]).map(({ value }) => value);
  const whole = await ask(model), each = await Promise.all(parts(model).map(ask));
  for (const [i, value] of whole.entries()) {
    assertAlmostEquals(value, mean(each.map((values) => values[i])), 1e-9);
  }
  const { mae } = await evaluate(backend, model, kind.examples) as unknown as { mae: number };
  assertAlmostEquals(mae, mean(whole.map((value, i) => Math.abs(value - i % 4))), 1e-9);
});

Deno.test("a tagger of several networks with a CRF decodes with the mean of their scores", async () => {
  const kind = KINDS["a tagger with letters and a CRF"], model = await trained(kind);
  const scores = crfScores(
    Object.fromEntries(
      Object.keys(model.weights).map((name) => [
        name,
        Float64Array.from(
          model.weights[name],
          (_, i) => mean(networkWeights(model).map((weights) => weights[name][i])),
        ),
      ]),
    ),
  );
  const text = "so good bad very it", classes = model.labels.length;
  const emissions = new Float64Array(5 * classes);
  for (const part of parts(model)) { // without a CRF: the softmax of the emissions
    using predictor = createPredictor(backend, { ...part, config: { ...part.config, crf: false } });
    using stream = predictor.stream();
    for (const [t, word] of text.split(" ").entries()) {
      const { probabilities } = await stream.step(word);
      for (const [c, p] of probabilities.entries()) {
        emissions[t * classes + c] += Math.log(p) / 3;
      }
    }
  }
  const { path, marginals } = crfPredict(scores, emissions);
  type Tags = { label: string; probability: number }[];
  const [tags] = await predict(backend, model, [text]) as unknown as Tags[];
  for (const [t, { label, probability }] of tags.entries()) {
    assertEquals(label, model.labels[path[t]]);
    assertAlmostEquals(probability, marginals[t * classes + path[t]], 1e-9);
  }
  const evaluation = await evaluate(backend, model, kind.examples) as unknown as {
    accuracy: number;
  };
  const all = await predict(backend, model, texts) as unknown as Tags[];
  const right = all.flatMap((own, i) =>
    own.map(({ label }, t) => Number(label === kind.examples[i].label!.split(" ")[t]))
  );
  assertAlmostEquals(evaluation.accuracy, mean(right), 1e-12);
});

Deno.test("evaluate() uses an ensemble's mean probabilities, on every backend", async () => {
  const { examples } = KINDS["a classifier"], model = await trained(KINDS["a classifier"]);
  for (const create of Object.values(CPU_BACKENDS)) {
    using own = create();
    type Answer = { label: string; probabilities: Record<string, number> };
    const answers = await predict(own, model, texts) as unknown as Answer[];
    const { loss, accuracy } = await evaluate(own, model, examples) as unknown as {
      loss: number;
      accuracy: number;
    };
    const losses = answers.map(({ probabilities }, i) =>
      -Math.log(probabilities[examples[i].label!])
    );
    assertAlmostEquals(loss, mean(losses), 1e-5);
    assertEquals(
      accuracy,
      mean(answers.map(({ label }, i) => Number(label === examples[i].label))),
    );
    assertEquals(own.live, 0);
  }
});

Deno.test("the contributions of an ensemble's words sum to its score", async () => {
  for (const name of ["a classifier", "a multi-label model", "a regression model"]) {
    const model = await trained(KINDS[name]);
    const asked = ["so very good not bad it"];
    const [{ attributions }] = await explain(backend, model, asked, { steps: 128 });
    for (const { score, baseline, shares } of attributions) {
      const sum = shares.reduce((a, b) => a + b, 0);
      assertAlmostEquals(sum, score - baseline, 0.01 * shares.reduce((a, b) => a + Math.abs(b), 0));
    }
    if (name !== "a regression model") continue;
    // A score that is linear in the outputs has the mean of the networks' shares.
    const each = await Promise.all(
      parts(model).map((part) => explain(backend, part, asked, { steps: 128 })),
    );
    for (const [t, share] of attributions[0].shares.entries()) {
      assertAlmostEquals(share, mean(each.map(([own]) => own.attributions[0].shares[t])), 1e-3);
    }
  }
});

Deno.test("an ensemble is calibrated and mixed as one model, with its own thresholds", async () => {
  const { examples, create } = KINDS["a classifier"];
  const model = create(5) as ReturnType<typeof createModel> & { task: "classification" };
  const validation = [...examples, ...examples.slice(0, 10)];
  const options = { ...TRAINING, seed: 5, networks: 2, create, validation, refit: true };
  const refits: boolean[] = [];
  let before: unknown;
  for await (const event of trainEnsemble(backend, model as AnyModel, examples, options)) {
    if (event.type !== "refit") continue;
    refits.push(event.isPart === true);
    assertEquals(model.ensemble?.length, event.isPart ? undefined : 1);
    if (event.isPart) continue;
    await calibrateClassifier(backend, model, examples, { validation });
    before = model.ensemble;
  }
  assertEquals(refits, [true, false]);
  assert(model.ensemble !== before && model.ensemble!.length === 1);
  await refitCalibration(backend, model, [...examples, ...validation], { validation });
  assertEquals(model.calibration?.examples, 40);
  const read = await readModel(new Blob([writeModel(model)]));
  assertEquals([read.ensemble?.length, "calibration" in read], [1, true]);
  const many = await trained(KINDS["a multi-label model"]);
  await chooseThresholds(
    backend,
    many as Parameters<typeof chooseThresholds>[1],
    KINDS["a multi-label model"].examples,
  );
  assertEquals(backend.live, 0);
});

Deno.test("gradient norms of an ensemble are the means over its networks", async () => {
  const kind = KINDS["a classifier"], model = await trained(kind);
  const norms = await gradientNorms(backend, model, kind.examples);
  const each = await Promise.all(
    parts(model).map((part) => gradientNorms(backend, part, kind.examples)),
  );
  for (const [back, norm] of norms.entries()) {
    assertAlmostEquals(norm, mean(each.map((own) => own[back])), 1e-12);
  }
});

Deno.test("functions that do not support an ensemble throw with the reason", async () => {
  const kind = KINDS["a classifier"], model = await trained(kind);
  const refused = (fn: () => unknown, message: string) =>
    assertEquals(assertThrows(fn, InputError).message, message);
  refused(
    () => train(backend, model, kind.examples),
    "an ensemble of 3 networks cannot be trained further; train a new one, or a single network",
  );
  using predictor = createPredictor(backend, model);
  refused(
    () => predictor.stream(),
    "an ensemble of several networks cannot be streamed; use predict(), or train one network",
  );
  await assertRejects(
    () => traceText(backend, model as ReturnType<typeof createModel>, "good"),
    InputError,
    "an ensemble of 3 networks has no single state to inspect; train one network",
  );
  const language = createLanguageModel([{ text: "abcabc" }], { hidden: 3 });
  refused(
    () =>
      trainEnsemble(backend, language, [{ text: "abcabc" }], {
        networks: 2,
        create: () => language,
      }),
    "language models cannot be an ensemble; train one network",
  );
  for (const networks of [0, 1.5, NaN]) {
    assertThrows(
      () =>
        trainEnsemble(backend, kind.create(1), kind.examples, { networks, create: kind.create }),
      InputError,
      "the number of networks must be",
    );
  }
});

Deno.test("a file with an invalid ensemble is refused", async () => {
  const model = await trained(KINDS["a classifier"], createCpuBackend());
  const bytes = writeModel(model);
  const changed = (ensemble: string) => {
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    header.__metadata__.ensemble = ensemble;
    delete header.__metadata__.crc32;
    const text = new TextEncoder().encode(JSON.stringify(header));
    const padded = new Uint8Array(Math.ceil(text.length / 8) * 8).fill(32);
    padded.set(text);
    const size = new Uint8Array(new BigUint64Array([BigInt(padded.length)]).buffer);
    return new Blob([size, padded, bytes.subarray(8 + length)]);
  };
  assertEquals((await readModel(changed("3"))).ensemble?.length, 2);
  for (const ensemble of ["1", "0", "-2", "two", "1e3", "99999", ""]) {
    await assertRejects(
      () => readModel(changed(ensemble)),
      InputError,
      "model: is damaged: its ensemble should be a number of networks, 2 or more",
    );
  }
  await assertRejects(() => readModel(changed("2")), InputError, 'has a tensor "2.');
  await assertRejects(() => readModel(changed("4")), InputError, "is damaged: it has no tensor 3.");
});
