/**
 * The linear classifier on n-grams: its n-grams, their weights and its fit.
 *
 * @module
 */
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { fitLinear, linearLogits } from "@unroll/core";
import { fitLogistic } from "../../../packages/core/baseline/fit_linear.ts";
import { BUCKETS, countNgrams } from "../../../packages/core/baseline/ngrams.ts";
import { columnsOf, weighTexts } from "../../../packages/core/baseline/tfidf.ts";
import { columnsOf as exportedColumns } from "../../../packages/core/export/js/parts/answers.ts";

const REVIEWS = [
  ["a good phone", "up"],
  ["good sound, good price", "up"],
  ["the phone is great", "up"],
  ["a bad phone", "down"],
  ["bad sound and a bad price", "down"],
  ["the phone is awful", "down"],
].map(([text, label]) => ({ text, label }));

Deno.test("word n-grams are lowercase words and pairs, and punctuation marks are words", () => {
  const counts = countNgrams("Good, good", "words");
  assertEquals(counts.size, 4); // good, a comma, and two pairs
  assertEquals([...counts.values()].sort(), [1, 1, 1, 2]);
  assertEquals(countNgrams("GOOD", "words"), countNgrams("good", "words"));
  assertEquals(countNgrams("ab c", "words") === countNgrams("a bc", "words"), false);
});

Deno.test("letter n-grams keep their case, and have a space at both ends", () => {
  // " ", "A", "b" and " " again: four of one, three of two, two of three, one of four.
  const counts = countNgrams("Ab", "letters");
  assertEquals([...counts.values()].reduce((a, b) => a + b), 10);
  assert([...counts.keys()].every((bucket) => bucket >= 0 && bucket < BUCKETS));
  assertEquals(countNgrams("  Ab \n", "letters"), counts);
  assert([...countNgrams("ab", "letters").keys()].some((bucket) => !counts.has(bucket)));
});

Deno.test("tf-idf weights are (1 + ln count) idf, and each kind of n-gram has the same norm", () => {
  const [[a], [b]] = ["x", "y"].map((word) => [...countNgrams(word, "words").keys()]);
  const [first, second] = a < b ? [a, b] : [b, a];
  const idf = Float32Array.of(1.5, 2);
  const index = { kind: "words", buckets: Float32Array.of(first, second), idf } as const;
  const { starts, columns, values } = weighTexts(["x x x y", "unknown"], [index]);
  assertEquals([...starts], [0, 2, 2]);
  const [x, y] = [(1 + Math.log(3)) * idf[a < b ? 0 : 1], idf[a < b ? 1 : 0]];
  const found = new Map([...columns].map((column, k) => [column, values[k]]));
  assertAlmostEquals(found.get(a < b ? 0 : 1)!, x / Math.hypot(x, y), 1e-6);
  assertAlmostEquals(found.get(a < b ? 1 : 0)!, y / Math.hypot(x, y), 1e-6);
  const twice = weighTexts(["x x x y"], [index, { ...index, kind: "letters" }]);
  assertAlmostEquals(Math.hypot(...twice.values.subarray(0, 2)), Math.SQRT1_2, 1e-6);
  assertEquals(columnsOf([index, index])[1](first), 2);
});

Deno.test("columns of n-grams are found for any number of n-grams, in exported modules too", () => {
  const every = (step: number) =>
    Float32Array.from({ length: Math.ceil(BUCKETS / step) }, (_, k) => k * step);
  const sets = [[], [0], [BUCKETS - 1], [3, 4, 5, BUCKETS - 2], every(1), every(2), every(97)];
  for (const set of sets) {
    const buckets = Float32Array.from(set);
    const indexes = [Float32Array.of(7, 9), buckets].map((buckets) => ({
      ...{ kind: "words" as const, buckets, idf: buckets },
    }));
    const [, own] = columnsOf(indexes), [, exported] = exportedColumns(indexes);
    for (const at of [0, 1, buckets.length >> 1, buckets.length - 1]) {
      if (at >= 0 && at < buckets.length) assertEquals(own(buckets[at]), 2 + at);
    }
    for (let bucket = 0; bucket < BUCKETS; bucket += 1 + bucket % 5) {
      if (own(bucket) !== exported(bucket)) assertEquals(own(bucket), exported(bucket));
    }
    assertEquals(own(BUCKETS - 1), exported(BUCKETS - 1));
  }
});

Deno.test("logistic regression reaches the minimum that Newton's method finds in numpy", () => {
  const rows = [[[0, 1]], [[0, 0.6], [1, 0.8]], [[1, 1]], [[1, 0.6], [2, 0.8]], [[2, 1]], [
    [0, 0.8],
    [2, 0.6],
  ]];
  const data = {
    starts: Uint32Array.of(0, 1, 3, 4, 6, 7, 9),
    columns: Uint32Array.from(rows.flat(), ([column]) => column),
    values: Float32Array.from(rows.flat(), ([, value]) => value),
  };
  const { weight, bias } = fitLogistic(
    data,
    Int32Array.of(0, 0, 1, 1, 2, 2),
    { columns: 3, classes: 3 },
    { strength: 10, epochs: 4000 },
  );
  const expected = [
    [1.7612033074, -2.0199390918, 0.2587357844],
    [0.2587357844, 1.7612033074, -2.0199390918],
    [-2.0199390918, 0.2587357844, 1.7612033074],
  ];
  expected.flat().forEach((each, k) => assertAlmostEquals(weight[k], each, 0.02));
  for (const each of bias) assertAlmostEquals(each, 0, 0.02);
});

Deno.test("fitLinear() learns the labels of words, and is deterministic", () => {
  const linear = fitLinear(REVIEWS, ["down", "up"]);
  const logits = linearLogits(linear);
  const isUp = (text: string) => {
    const [down, up] = logits([text]);
    return up > down;
  };
  assertEquals(["good", "bad", "great sound", "awful price"].map(isUp), [true, false, true, false]);
  assertEquals(fitLinear(REVIEWS, ["down", "up"]), linear);
  assertEquals(linear.ngrams.map(({ kind }) => kind), ["words", "letters"]);
  assertEquals([...logits([])], []);
});

Deno.test("if each word occurs in only one text, only letter n-grams are used", () => {
  const names = ["Ivanov", "Petrov", "Sidorov", "Rossi", "Bianchi", "Verdi"];
  const examples = names.map((text) => ({ text, label: text.endsWith("v") ? "ru" : "it" }));
  const linear = fitLinear(examples, ["it", "ru"]);
  assertEquals(linear.ngrams.map(({ kind }) => kind), ["letters"]);
  const [it, ru] = linearLogits(linear)(["Smirnov"]);
  assert(ru > it);
});

Deno.test("fitLinear() skips examples with unknown labels, and throws if there are no others", () => {
  const odd = [...REVIEWS, { text: "good", label: "sideways" }];
  assertEquals(fitLinear(odd, ["down", "up"]), fitLinear(REVIEWS, ["down", "up"]));
  assertThrows(() => fitLinear(REVIEWS, ["a", "b"]), Error, "there are no examples");
});

Deno.test("a script without spaces between words is read by letters", () => {
  const clauses = ["天气很好，我很高兴。", "天气不好，我很难过。"];
  for (
    const [texts, kinds] of [
      [clauses, ["letters"]],
      [["good weather, I am happy.", "bad weather, I am sad."], ["words", "letters"]],
      [["สวัสดี ครับ", "สวัสดี ค่ะ"], ["letters"]],
      [["good 天气", "bad 天气 and so on"], ["words", "letters"]],
    ]
  ) {
    const examples = [...texts, ...texts].map((text, i) => ({ text, label: `${i % 2}` }));
    assertEquals(fitLinear(examples, ["0", "1"]).ngrams.map(({ kind }) => kind), kinds);
  }
});
