/**
 * Taggers mixed with a linear model: predictions, evaluations and files.
 *
 * @module
 */
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { createCpuBackend } from "@unroll/backend-cpu";
import {
  calibrateTagger,
  createModel,
  evaluate,
  fit,
  fitLinearTagger,
  predict,
  readModel,
  type TaggingModel,
  writeModel,
} from "@unroll/core";
import { crfLoss, crfScores, scaledCrf } from "../../../packages/core/network/crf_sequences.ts";
import { tagCombiner } from "../../../packages/core/tagging/combine.ts";

const backend = createCpuBackend();
const NAMES = ["Ann", "Bob", "Eve", "Tom"], THINGS = ["mail", "phone", "desk"];
const examples = NAMES.flatMap((name, i) =>
  THINGS.map((thing, j) => ({
    text: `${name} ${NAMES[(i + j) % 4]} has the ${thing}`,
    // Some labels are wrong, so that no model can be certain.
    label: (i + j) % 5 === 4 ? "O O O O B" : "B I O O O",
  }))
);

async function calibrated(crf: boolean): Promise<TaggingModel> {
  const model = createModel(examples, {
    ...{ head: "token", hidden: 4, embedding: 4, letters: 2, init: "scaled", crf },
  });
  await fit(backend, model, examples, { epochs: 4, learningRate: 0.1 });
  await calibrateTagger(backend, model, examples, { validation: examples });
  return model;
}

for (const crf of [false, true]) {
  const name = crf ? "with a CRF" : "without a CRF";

  Deno.test(`${name}: an evaluation measures the mixture, and each model alone`, async () => {
    const model = await calibrated(crf), { calibration } = model;
    assert(calibration && calibration.examples === 60 && calibration.linear > 0);
    const found = await evaluate(backend, model, examples);
    const answers = await predict(backend, model, examples.map(({ text }) => text));
    const actual = examples.flatMap(({ label }) => label.split(" "));
    const right = answers.flat().filter(({ label }, k) => label === actual[k]).length;
    assertAlmostEquals(found.accuracy, right / actual.length, 1e-12);
    const own = await evaluate(backend, {
      ...model,
      linear: undefined,
      calibration: undefined,
    }, examples);
    assertEquals(found.alone!.network, own.accuracy);
    assert(found.alone!.linear! > 0.8);
    assertEquals(found.entities!.alone!.network, own.entities!.f1);
    assert(found.loss <= own.loss + 1e-9); // on the examples that it was calibrated on
    assertEquals(own.alone, undefined);
  });

  Deno.test(`${name}: with weights 1 and 0 the predictions are the network's`, async () => {
    const model = await calibrated(crf), texts = examples.map(({ text }) => text);
    const plain = { ...model, linear: undefined, calibration: undefined };
    const alone = { ...model, calibration: { ...model.calibration!, network: 1, linear: 0 } };
    const [a, b] = [await predict(backend, plain, texts), await predict(backend, alone, texts)];
    for (const [i, words] of a.entries()) {
      for (const [t, { label, probability }] of words.entries()) {
        assertEquals(b[i][t].label, label);
        assertAlmostEquals(b[i][t].probability, probability, 1e-5);
      }
    }
  });

  Deno.test(`${name}: a file keeps the linear model and calibration, if there are any`, async () => {
    const model = await calibrated(crf);
    assertEquals(await readModel(new Blob([writeModel(model)])), model);
    const { linear: _, calibration: __, ...plain } = model;
    assertEquals(await readModel(new Blob([writeModel(plain)])), plain);
    assert(!new TextDecoder().decode(writeModel(plain)).includes("linear."));
  });
}

Deno.test("with a CRF, the linear model's ln p are added to the logits, and the CRF is scaled like these", async () => {
  const model = await calibrated(true), { network: a, linear: b } = model.calibration!;
  const classes = model.labels.length, text = "Ann Bob has";
  const logits = Float64Array.from({ length: 3 * classes }, (_, k) => Math.sin(k));
  const { answer, linear } = tagCombiner(model)!(logits, [text]);
  for (const [k, each] of answer.entries()) {
    assertAlmostEquals(each, a * logits[k] + b * linear![k], 1e-12);
  }
  for (let t = 0; t < 3; t++) {
    const p = linear!.subarray(t * classes, (t + 1) * classes).map(Math.exp);
    assertAlmostEquals(p.reduce((sum, each) => sum + each), 1, 1e-9);
  }
  // -ln p of scaled scores by enumeration.
  const crf = crfScores(model.weights), { start, end, transitions } = crf;
  const score = ([i, j, k]: number[]) =>
    a * (start[i] + transitions[i * classes + j] + transitions[j * classes + k] + end[k]) +
    answer[i] + answer[classes + j] + answer[2 * classes + k];
  const ids = model.labels.map((_, c) => c);
  const all = ids.flatMap((i) => ids.flatMap((j) => ids.map((k) => [i, j, k])));
  const sum = all.reduce((sum, path) => sum + Math.exp(score(path)), 0);
  const right = Int32Array.of(0, 1, 0);
  assertAlmostEquals(
    crfLoss(scaledCrf(crf, a), answer, right),
    Math.log(sum) - score([...right]),
    1e-9,
  );
});

Deno.test("with too few validation words nothing is mixed, and a refit uses all examples", async () => {
  const model = createModel(examples, { head: "token", hidden: 4 });
  const few = { validation: examples.slice(0, 1) };
  assertEquals(await calibrateTagger(backend, model, examples, few), undefined);
  assert(model.linear !== undefined && model.calibration === undefined);
  const alone = { validation: examples, mix: false };
  assertEquals((await calibrateTagger(backend, model, examples, alone))?.linear, 0);
  assertEquals(fitLinearTagger(model, examples), model.linear);
});

Deno.test("a file whose linear model reads n-grams of texts is refused", async () => {
  const model = await calibrated(false), [only] = model.linear!.ngrams;
  const linear = { ...model.linear!, ngrams: [{ ...only, kind: "words" as never }] };
  const odd: TaggingModel = { ...model, linear };
  await assertRejects(
    () => readModel(new Blob([writeModel(odd)])),
    Error,
    "its linear should be counts",
  );
});
