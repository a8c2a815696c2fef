/**
 * Mixing two classifiers, compared with the minimum found in numpy.
 *
 * @module
 */
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { fitMix, logSoftmaxRows, mixedLoss } from "../../../packages/core/baseline/mixing.ts";

const N = 12, CLASSES = 3;
const labels = Int32Array.from({ length: N }, (_, i) => i % 3);
const table = (value: (i: number, c: number) => number) =>
  logSoftmaxRows(
    Float64Array.from({ length: N * CLASSES }, (_, k) => value(Math.floor(k / 3), k % 3)),
    CLASSES,
  );
const network = table((i, c) =>
  (i * 7 + c * 5) % 11 / 4 + (c === labels[i] && i % 4 > 0 ? 1.2 : 0)
);
const linear = table((i, c) => (i * 3 + c * 8) % 13 / 5 + (c === labels[i] && i % 3 > 0 ? 1.5 : 0));

Deno.test("fitMix() finds the same weights as gradient descent in numpy", () => {
  const both = fitMix({ network, linear, labels });
  assertAlmostEquals(both.network, 0.4312348305, 1e-8);
  assertAlmostEquals(both.linear, 0.9309428867, 1e-8);
  assertAlmostEquals(mixedLoss({ network, linear, labels }, both), 0.7446481695603361, 1e-8);
});

Deno.test("fitMix() without a linear classifier is temperature scaling", () => {
  const alone = fitMix({ network, labels });
  assertAlmostEquals(alone.network, 0.8531123144, 1e-8);
  assertEquals(alone.linear, 0);
  const loss = mixedLoss({ network, labels }, { network: 1, linear: 0 });
  assertAlmostEquals(loss, 0.9449470828934015, 1e-10);
});

Deno.test("fitMix() gives no weight to a classifier that would raise the loss", () => {
  const wrong = table((i, c) => c === (labels[i] + 1) % 3 ? 2 : 0);
  const often = (rows: Float64Array) =>
    Float64Array.from({ length: 20 * 36 }, (_, k) => rows[k % 36]);
  const many = { network: often(network), labels: Int32Array.from(often(wrong), (_, i) => i % 3) };
  const rivals = { ...many, labels: many.labels.subarray(0, 240) };
  const { network: a, linear: b } = fitMix({ ...rivals, linear: often(wrong) });
  assertAlmostEquals(a, fitMix(rivals).network, 1e-8);
  assertEquals(b, 0);
});

Deno.test("fitMix() returns finite weights for perfect classifiers, and for a single example", () => {
  const sure = table((i, c) => c === labels[i] ? 500 : 0);
  const mix = fitMix({ network: sure, linear: sure, labels });
  assertEquals([mix.network, mix.linear].every(Number.isFinite), true);
  assertEquals(
    Number.isFinite(
      fitMix({ network: sure.subarray(0, 3), labels: labels.subarray(0, 1) }).network,
    ),
    true,
  );
});
