/**
 * The linear baseline of taggers, and mixing without derivatives.
 *
 * @module
 */
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { fitTagger } from "../../../packages/core/baseline/fit_tagger.ts";
import { taggerLogits } from "../../../packages/core/baseline/linear_tagger.ts";
import { fitMix, leastMix, mixedLoss } from "../../../packages/core/baseline/mixing.ts";
import { featureReader, MOST_FEATURES } from "../../../packages/core/baseline/word_features.ts";

const SENTENCES = [
  { words: "the cat runs".split(" "), labels: [0, 1, 2] },
  { words: "the dogs sleep".split(" "), labels: [0, 1, 2] },
  { words: "a cat sleeps".split(" "), labels: [0, 1, 2] },
  { words: "a run ends".split(" "), labels: [0, 1, 2] },
];

function bestOf(logits: Float64Array, classes: number): number[] {
  return Array.from({ length: logits.length / classes }, (_, i) => {
    const row = logits.subarray(i * classes, (i + 1) * classes);
    return row.indexOf(Math.max(...row));
  });
}

Deno.test("a word's features are its spelling, case, neighbors and position", () => {
  const read = featureReader();
  const [first, second] = read(["Anna", "sings"]);
  assertEquals(read(["Anna", "sings"]), [first, second]);
  assertEquals(featureReader()(["Anna", "sings"]), [first, second]); // independent of earlier calls
  assert(first.length <= MOST_FEATURES && second.length <= MOST_FEATURES);
  const shared = (a: number[], b: number[]) => a.filter((each) => b.includes(each)).length;
  const [lower] = read(["anna", "sings"]);
  assertEquals(shared(first, lower), first.length - 7); // word, shape, prefixes, first
  const [other] = read(["Anna", "sang"]);
  assertEquals(shared(first, other), first.length - 2); // next word, its ending
  const [, later] = read(["x", "Anna", "sings"]);
  assert(shared(first, later) < first.length);
});

Deno.test("a linear tagger learns from neighbors and suffixes, and is deterministic", () => {
  const model = fitTagger(SENTENCES, 3);
  assertEquals(fitTagger(SENTENCES, 3), model);
  assertEquals(model.weight.length, 3 * model.ngrams[0].buckets.length);
  const logits = taggerLogits(model);
  assertEquals(bestOf(logits(SENTENCES.map(({ words }) => words)), 3), [
    ...[0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2],
  ]);
  assertEquals(bestOf(logits([["the", "bird", "flies"]]), 3), [0, 1, 2]);
  assertEquals(logits([[], ["cat"]]).length, 3);
});

Deno.test("fitTagger() skips words without a known label, and throws if there are no others", () => {
  const odd = { words: ["the", "odd"], labels: [0, -1] };
  assertEquals(fitTagger([...SENTENCES, odd], 3).bias.length, 3);
  assertThrows(() => fitTagger([{ words: ["odd"], labels: [-1] }], 2), Error, "no words");
});

Deno.test("leastMix() finds the minimum of Newton's method without derivatives", () => {
  const labels = Int32Array.from({ length: 600 }, (_, i) => i % 2);
  const rows = (scale: number, wrong: number) =>
    Float64Array.from({ length: 1200 }, (_, k) => {
      const i = k >> 1, isRight = i % wrong !== 0, z = isRight ? scale : -scale;
      return -Math.log(1 + Math.exp(k % 2 === labels[i] ? -z : z));
    });
  const rivals = { network: rows(2, 4), linear: rows(1, 7), labels };
  const newton = fitMix(rivals), found = leastMix((mix) => mixedLoss(rivals, mix), true);
  assertAlmostEquals(mixedLoss(rivals, found), mixedLoss(rivals, newton), 5e-3);
  assert(mixedLoss(rivals, found) <= mixedLoss(rivals, { network: 1, linear: 0 }));
  const alone = leastMix((mix) => mixedLoss(rivals, mix), false);
  assertEquals(alone.linear, 0);
});
