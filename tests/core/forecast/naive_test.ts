import { Random } from "@unroll/core";
import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { drift, lastValue, seasonalNaive } from "#core/forecast/naive.ts";
import { fitRidge } from "#core/forecast/ridge.ts";

const values = Float64Array.of(1, 5, 2, 6, 3, 7);

Deno.test("the naive forecasts repeat the last value or season, or extrapolate the drift", () => {
  assertEquals([...lastValue(values, 6, 3)], [7, 7, 7]);
  assertEquals([...seasonalNaive(values, 6, 5, 2)], [3, 7, 3, 7, 3]);
  assertEquals([...seasonalNaive(values, 6, 2, 1)], [7, 7]);
  assertEquals([...seasonalNaive(values, 2, 2, 3)], [5, 5]); // there is no season yet
  assertEquals([...drift(values, 6, 2, 5)], [7.5, 8]);
  assertEquals([...drift(values, 6, 2, 1)], [7, 7]);
});

Deno.test("fitRidge() recovers an autoregressive rule", () => {
  const x = new Float64Array(200), random = new Random(1);
  for (let t = 0; t < x.length; t++) {
    x[t] = t < 3 ? random.normal() : 0.2 + 1.5 * x[t - 1] - 0.9 * x[t - 2] + 0.3 * x[t - 3];
    x[t] += 0.01 * random.normal();
  }
  const map = fitRidge([x], 6, 2)!;
  const [first, second] = map.forecast(x, 150);
  const one = 0.2 + 1.5 * x[149] - 0.9 * x[148] + 0.3 * x[147];
  assertLess(Math.abs(first - one), 0.03);
  assertLess(Math.abs(second - (0.2 + 1.5 * one - 0.9 * x[149] + 0.3 * x[148])), 0.05);
});

Deno.test("fitRidge() equals ridge regression on all windows", () => {
  const random = new Random(2);
  const x = Float64Array.from({ length: 60 }, () => random.normal());
  const map = fitRidge([x], 2, 1)!;
  // One feature, f = x_1 - x_2, and the target g = x_3 - x_2.
  const pairs = Array.from({ length: 58 }, (_, t) => [x[t] - x[t + 1], x[t + 2] - x[t + 1]]);
  const mean = (k: number) => pairs.reduce((sum, pair) => sum + pair[k], 0) / pairs.length;
  const [f, g] = [mean(0), mean(1)];
  const cross = pairs.reduce((sum, [a, b]) => sum + (a - f) * (b - g), 0);
  const square = pairs.reduce((sum, [a]) => sum + (a - f) ** 2, 0);
  const candidates = [1e-6, 1e-3, 1e-1].map((lambda) => {
    const slope = cross / (square + lambda * pairs.length);
    return x[39] + g + slope * (x[38] - x[39] - f);
  });
  const [found] = map.forecast(x, 40);
  const nearest = Math.min(...candidates.map((each) => Math.abs(each - found)));
  assertAlmostEquals(nearest, 0, 1e-12);
});

Deno.test("fitRidge() returns undefined for too few rows", () => {
  assertEquals(fitRidge([values], 4, 2), undefined);
  assertEquals(fitRidge([], 4, 2), undefined);
});
