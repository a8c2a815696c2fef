/**
 * Multi-label models mixed with a linear model.
 *
 * @module
 */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { createCpuBackend } from "@unroll/backend-cpu";
import {
  calibrateLabelSets,
  chooseThresholds,
  createMultiLabelClassifier,
  evaluate,
  fit,
  fitLinearLabels,
  linearLogits,
  type MultiLabelModel,
  predict,
  readModel,
  writeModel,
} from "@unroll/core";

const backend = createCpuBackend();
const WORDS: Record<string, string> = { price: "cheap", looks: "pretty", sound: "loud" };
const examples = Array.from({ length: 48 }, (_, i) => {
  const labels = Object.keys(WORDS).filter((_, c) => (i >> c) % 2 === 1);
  // Some labels are wrong, so that no model can be certain.
  const given = i % 9 === 8 ? ["price"] : labels;
  return {
    text: `thing ${i % 6} is ${labels.map((label) => WORDS[label]).join(" and ")} indeed`,
    label: given.join(";"),
  };
});

async function calibrated(): Promise<MultiLabelModel> {
  const model = createMultiLabelClassifier(examples, { hidden: 4, embedding: 4, init: "scaled" });
  await fit(backend, model, examples, { epochs: 3 });
  await calibrateLabelSets(backend, model, examples, { validation: examples });
  return model;
}

Deno.test("a probability is the sigmoid of the weighted sum of both models' logits", async () => {
  const model = await calibrated(), { network: a, linear: b } = model.calibration!;
  assert(b > 0);
  const text = "it is cheap and loud";
  const [{ probabilities, logits }] = await predict(backend, model, [text]);
  const other = linearLogits(model.linear!)([text]);
  for (const [c, label] of model.labels.entries()) {
    const z = a * logits[c] + b * other[c];
    assertAlmostEquals(probabilities[label], 1 / (1 + Math.exp(-z)), 1e-9);
  }
  assert(probabilities.price > 0.5 && probabilities.sound > 0.5 && probabilities.looks < 0.5);
});

Deno.test("evaluation and thresholds use the mixture, and each model is also evaluated alone", async () => {
  const model = await calibrated();
  const found = await evaluate(backend, model, examples);
  const answers = await predict(backend, model, examples.map(({ text }) => text));
  const isExact = answers.map(({ labels }, i) =>
    labels.toSorted().join() === examples[i].label.split(";").filter(Boolean).toSorted().join()
  );
  assertAlmostEquals(found.exact, isExact.filter(Boolean).length / examples.length, 1e-12);
  const losses = answers.map(({ probabilities }, i) =>
    model.labels.reduce((sum, label) => {
      const p = probabilities[label], isThere = examples[i].label.split(";").includes(label);
      return sum - Math.log(isThere ? p : 1 - p) / model.labels.length;
    }, 0)
  );
  assertAlmostEquals(found.loss, losses.reduce((a, b) => a + b) / losses.length, 1e-6);
  const plain: MultiLabelModel = { ...model, linear: undefined, calibration: undefined };
  const own = await evaluate(backend, plain, examples);
  assertAlmostEquals(found.alone!.network.exact, own.exact, 1e-12);
  assertEquals(found.alone!.network.f1, own.micro.f1);
  assert(found.alone!.linear!.f1 > 0.8);
  assertEquals(own.alone, undefined);
  for (const { before, f1 } of await chooseThresholds(backend, model, examples)) {
    assert(f1 > before);
  }
});

Deno.test("the linear model fits each label against the rest, and is saved", async () => {
  const model = await calibrated();
  assertEquals(fitLinearLabels(model, examples), model.linear);
  assertEquals(await readModel(new Blob([writeModel(model)])), model);
  const few = { validation: examples.slice(0, 9) };
  assertEquals(await calibrateLabelSets(backend, model, examples, few), undefined);
  const alone = { validation: examples, mix: false };
  assertEquals((await calibrateLabelSets(backend, model, examples, alone))?.linear, 0);
});
