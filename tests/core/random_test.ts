import { Random } from "@unroll/core";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";

const draw = (random: Random, count: number) =>
  Array.from({ length: count }, () => random.uniform());

Deno.test("Random generates the same numbers only for the same seed and stream", () => {
  assertEquals(draw(new Random(5), 10), draw(new Random(5), 10));
  const starts = [new Random(5), new Random(6), new Random(5, 1), new Random(5 + 2 ** 32)];
  assertEquals(new Set(starts.map((random) => random.uniform())).size, 4);
});

Deno.test("Random.uniform() is uniform on [0, 1)", () => {
  const numbers = draw(new Random(1), 100_000);
  assert(numbers.every((x) => x >= 0 && x < 1));
  // Chi-squared with 99 degrees of freedom: above 149 for one seed in a thousand.
  const counts = new Array(100).fill(0);
  for (const x of numbers) counts[Math.floor(100 * x)]++;
  const chi2 = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  assert(chi2 < 149, `${chi2}`);
});

Deno.test("Random.fillMask() draws the numbers of uniform()", () => {
  for (const dropout of [0, 2 ** -53, 0.1, 0.25, 0.3, 0.5, 0.999, 1 - 2 ** -53, 1]) {
    for (const seed of [1, 2 ** 40 + 5]) {
      const [one, other] = [new Random(seed, 2, 7), new Random(seed, 2, 7)];
      for (const length of [0, 1, 7, 3000]) {
        const mask = new Uint8Array(length);
        one.fillMask(mask, dropout);
        assertEquals([...mask], draw(other, length).map((u) => u < dropout ? 0 : 1));
      }
      assertEquals(one.uniform(), other.uniform());
    }
  }
});

Deno.test("Random.normal() has mean 0, variance 1 and no skew", () => {
  const random = new Random(1);
  const numbers = Array.from({ length: 100_000 }, () => random.normal());
  const moment = (k: number) => numbers.reduce((sum, x) => sum + x ** k, 0) / numbers.length;
  assertAlmostEquals(moment(1), 0, 0.015);
  assertAlmostEquals(moment(2), 1, 0.02);
  assertAlmostEquals(moment(3), 0, 0.05);
  assertAlmostEquals(moment(4), 3, 0.15);
});

Deno.test("Random.shuffle() keeps every item, and all orders are equally likely", () => {
  const random = new Random(1);
  const orders = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const items = ["a", "b", "c"];
    random.shuffle(items);
    orders.set(items.join(""), (orders.get(items.join("")) ?? 0) + 1);
  }
  assertEquals([...orders.keys()].sort(), ["abc", "acb", "bac", "bca", "cab", "cba"]);
  assert([...orders.values()].every((count) => Math.abs(count - 1000) < 120));
});
