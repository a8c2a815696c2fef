/**
 * The uncertainty of accuracies and probabilities.
 *
 * @module
 */
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { calibrationError, stratifiedFolds, wilsonInterval } from "@unroll/core";
import { trustLevel } from "../../../packages/core/classification/certainty.ts";

Deno.test("wilsonInterval() equals the formula in numpy", () => {
  for (
    const [right, count, low, high] of [
      [80, 100, 0.7111708344068411, 0.8666330666689676],
      [0, 10, 0, 0.2775327998628892],
      [10, 10, 0.7224672001371107, 1],
      [1, 1, 0.20654931437723745, 1],
      [830, 1000, 0.805465935038086, 0.8520084043614475],
    ]
  ) {
    const found = wilsonInterval(right, count);
    assertAlmostEquals(found.low, low, 1e-12);
    assertAlmostEquals(found.high, high, 1e-12);
  }
});

Deno.test("calibrationError() is the mean gap of the bins, weighted by their sizes", () => {
  // 300 predictions make 15 bins: 180 of the 200 at 0.95 are correct, and 40 of the 100 at 0.55.
  const probabilities = Array.from({ length: 300 }, (_, i) => i < 200 ? 0.95 : 0.55);
  const isRight = probabilities.map((_, i) => i < 180 || i >= 260);
  const expected = (200 * 0.05 + 100 * 0.15) / 300;
  assertAlmostEquals(calibrationError(probabilities, isRight), expected, 1e-12);
  assertEquals(calibrationError([1, 1], [true, true]), 0);
});

Deno.test("trustLevel() finds the probability from which at least two in three predictions are correct", () => {
  const probabilities = Array.from({ length: 60 }, (_, i) => i < 20 ? 0.5 + i / 1000 : 0.9);
  const isRight = probabilities.map((_, i) => i < 20 ? i % 2 === 0 : i % 10 > 0);
  assertEquals(trustLevel(probabilities, isRight), {
    probability: 0.9,
    below: { accuracy: 0.5, count: 20 },
    above: { accuracy: 0.9, count: 40 },
  });
  assertEquals(trustLevel(probabilities, probabilities.map(() => true)), undefined);
  assertEquals(trustLevel(probabilities, probabilities.map(() => false)), undefined);
  assertEquals(trustLevel([], []), undefined);
});

Deno.test("stratifiedFolds() stratifies each fold by label, and tests each example once", () => {
  const examples = Array.from({ length: 25 }, (_, i) => ({
    text: `text ${i}`,
    label: i < 15 ? "often" : i < 24 ? "seldom" : "once",
  }));
  const folds = stratifiedFolds(examples, 5, { seed: 3 });
  for (const { train, test } of folds) {
    assertEquals(train.length + test.length, 25);
    const often = test.filter(({ label }) => label === "often").length;
    assertEquals(often, 3);
    assert(test.every((each) => !train.includes(each)));
  }
  assertEquals(new Set(folds.flatMap(({ test }) => test)).size, 25);
  assertEquals(stratifiedFolds(examples, 5, { seed: 3 }), folds);
  assertThrows(
    () => stratifiedFolds(examples, 26),
    Error,
    "26 folds need 26 examples, got 25",
  );
  assertThrows(() => stratifiedFolds(examples, 1), Error, "the number of folds");
});
