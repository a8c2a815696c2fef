/**
 * The metrics of a translation model, during and after training.
 *
 * @module
 */
import { createTranslationModel, evaluate, train } from "@unroll/core";
import { createCpuBackend } from "@unroll/backend-cpu";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { DECODED_IN_TRAINING } from "#core/translation/measure.ts";

/** Numbers and their reversed digits. */
const PAIRS = Array.from({ length: 300 }, (_, i) => {
  const text = String(7 * i);
  return { text, label: [...text].reverse().join("") };
});

Deno.test("an epoch has the exact match of a sample, but the loss and accuracy of all examples", async () => {
  const backend = createCpuBackend();
  const examples = PAIRS.filter((_, i) => i % 2 === 0);
  const model = createTranslationModel(examples, { hidden: 24, embedding: 8, seed: 2 });
  const options = {
    epochs: 12,
    batchSize: 16,
    learningRate: 0.02,
    optimizer: { name: "adam" },
    validation: PAIRS,
    test: PAIRS.slice(0, DECODED_IN_TRAINING),
  } as const;
  const epochs = await Array.fromAsync(train(backend, model, examples, options));
  const [last] = epochs.filter((event) => event.type === "epoch").slice(-1);
  assert(last.kept, "the model should have the weights of the last epoch");
  const sample = PAIRS.filter((_, i) => {
    const nearest = Math.ceil(i * DECODED_IN_TRAINING / PAIRS.length);
    return Math.floor(nearest * PAIRS.length / DECODED_IN_TRAINING) === i;
  });
  assertEquals(sample.length, DECODED_IN_TRAINING);
  const ofAll = await evaluate(backend, model, PAIRS);
  assertAlmostEquals(last.validation!.loss, ofAll.loss, 1e-12);
  assertAlmostEquals(last.validation!.accuracy, ofAll.accuracy, 1e-12);
  const { exact } = await evaluate(backend, model, sample);
  assertEquals(last.validation!.exact, exact);
  assert(exact > 0.1 && exact < 1 && exact !== ofAll.exact, `sample exact match ${exact}`);
  const few = await evaluate(backend, model, options.test);
  assertEquals(last.test!.exact, few.exact, "a small set should be decoded completely");
  assertEquals(backend.live, 0);
});
