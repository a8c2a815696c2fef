/**
 * Classifiers that mix in a linear model: their predictions, evaluations and files.
 *
 * @module
 */
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { createCpuBackend } from "@unroll/backend-cpu";
import {
  calibrateClassifier,
  type ClassificationModel,
  createModel,
  evaluate,
  fit,
  predict,
  readModel,
  refitCalibration,
  writeModel,
} from "@unroll/core";

const backend = createCpuBackend();
const WORDS = { up: ["good", "great", "nice"], down: ["bad", "awful", "poor"] };
const examples = Object.entries(WORDS).flatMap(([label, words]) =>
  words.flatMap((word) =>
    ["a phone", "the sound", "this price", "my car", "one case", "that film", "it", "all of it"]
      .map((thing, i) => ({
        text: `${thing} is ${word}`,
        // Some labels are wrong, so that no classifier can be certain.
        label: i === 3 ? (label === "up" ? "down" : "up") : label,
      }))
  )
);

async function calibrated(): Promise<ClassificationModel> {
  const model = createModel(examples, { hidden: 4, init: "scaled" });
  await fit(backend, model, examples, { epochs: 3 });
  await calibrateClassifier(backend, model, examples, { validation: examples });
  return model;
}

Deno.test("predictions are the softmax of the weighted sum of both log-probabilities", async () => {
  const model = await calibrated(), { linear, calibration } = model;
  assert(linear && calibration && calibration.linear > 0);
  const texts = ["the film is good", "it is awful"];
  const mixed = await predict(backend, model, texts);
  const plain = { ...model, calibration: undefined, linear: undefined };
  const own = await predict(backend, plain, texts);
  const other = await predict(backend, {
    ...model,
    calibration: { ...calibration, network: 0, linear: 1 },
  }, texts);
  for (const [i, { probabilities, logits }] of mixed.entries()) {
    const z = model.labels.map((label) =>
      calibration.network * Math.log(own[i].probabilities[label]) +
      calibration.linear * Math.log(other[i].probabilities[label])
    );
    const sum = z.reduce((all, each) => all + Math.exp(each), 0);
    for (const [c, label] of model.labels.entries()) {
      assertAlmostEquals(probabilities[label], Math.exp(z[c]) / sum, 1e-6);
    }
    assertEquals(logits, own[i].logits);
  }
});

Deno.test("an evaluation has the accuracy of each part, and the loss of the mixture", async () => {
  const model = await calibrated();
  const found = await evaluate(backend, model, examples);
  const answers = await predict(backend, model, examples.map(({ text }) => text));
  const right = answers.filter(({ label }, i) => label === examples[i].label).length;
  assertEquals(found.accuracy, right / examples.length);
  const losses = answers.map(({ probabilities }, i) => -Math.log(probabilities[examples[i].label]));
  assertAlmostEquals(found.loss, losses.reduce((a, b) => a + b) / losses.length, 1e-5);
  const own = await evaluate(backend, {
    ...model,
    linear: undefined,
    calibration: undefined,
  }, examples);
  assertEquals(found.alone!.network, own.accuracy);
  assert(found.alone!.linear! > 0.7);
  assertEquals(own.alone, undefined);
  assert(found.interval.low < found.accuracy && found.accuracy < found.interval.high);
});

Deno.test("the mixture is fitted on validation examples, unless there are too few", async () => {
  const model = createModel(examples, { hidden: 4 });
  const before = model.weights;
  const few = { validation: examples.slice(0, 9) };
  assertEquals(await calibrateClassifier(backend, model, examples, few), undefined);
  assert(model.linear !== undefined && model.calibration === undefined);
  const alone = { validation: examples, mix: false };
  assertEquals((await calibrateClassifier(backend, model, examples, alone))?.linear, 0);
  assertEquals(model.weights, before);
  const odd = { validation: [...examples, { text: "good", label: "sideways" }] };
  assertEquals((await calibrateClassifier(backend, model, examples, odd))?.examples, 48);
});

Deno.test("a model file keeps the linear model and calibration, if there are any", async () => {
  const model = await calibrated();
  const bytes = writeModel(model);
  const read = await readModel(new Blob([bytes]));
  assertEquals(read, model);
  const { linear: _, calibration: __, ...plain } = model;
  const own = await readModel(new Blob([writeModel(plain)]));
  assertEquals(own, plain);
  assert(!new TextDecoder().decode(writeModel(plain)).includes("linear."));
});

Deno.test("a file with inconsistent parts is refused with the reason", async () => {
  const model = await calibrated();
  const broken = (change: Partial<ClassificationModel>) =>
    readModel(new Blob([writeModel({ ...model, ...change })]));
  const calibration = { ...model.calibration!, linear: -1 };
  await assertRejects(() => broken({ calibration }), Error, "its calibration should be");
  await assertRejects(() => broken({ linear: undefined }), Error, "its calibration should be");
  const { linear } = model;
  const short = { ...linear!, bias: new Float32Array(3) };
  await assertRejects(() => broken({ linear: short }), Error);
  const [first] = linear!.ngrams;
  const odd = { ...linear!, ngrams: [{ ...first, kind: "sounds" as never }] };
  await assertRejects(() => broken({ linear: odd, calibration: undefined }), Error);
});

Deno.test("after a refit, the network's weight shrinks as its margins grow, also if read from a file", async () => {
  const model = await calibrated(), { network, margin } = model.calibration!;
  assert(margin !== undefined && margin > 0);
  for (const name of ["Why", "by"]) model.weights[name] = model.weights[name].map((w) => 4 * w);
  const read = await readModel(new Blob([writeModel(model)]));
  for (const each of [model, read as ClassificationModel]) {
    await refitCalibration(backend, each, examples, { validation: examples });
    assertAlmostEquals(each.calibration!.network, network / 2, 1e-6); // logits are four times as large
    assertEquals(each.calibration!.margin, undefined);
  }
  const again = { ...model.calibration! };
  await refitCalibration(backend, model, examples, { validation: examples });
  assertEquals(model.calibration, again);
});
