/**
 * Explanations of taggers mixed with a linear model.
 *
 * @module
 */
import { createModel, explain, fitLinearTagger, predict, type TaggingModel } from "@unroll/core";
import { createCpuBackend } from "@unroll/backend-cpu";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { taggerLogits } from "#core/baseline/linear_tagger.ts";
import { placedFeatures } from "#core/baseline/tagger_shares.ts";

const backend = createCpuBackend({ dtype: "float64" });
const PARTS = [
  { text: "They run far", label: "PRON VERB ADV" },
  { text: "a run ends", label: "DET NOUN VERB" },
  { text: "They ended 3 runs", label: "PRON VERB NUM NOUN" },
];
const ENTITIES = [
  { text: "Ann Lee met Bob", label: "B-PER I-PER O B-PER" },
  { text: "in New York", label: "O B-LOC I-LOC" },
];
const TEXTS = ["They run unheard far", "Ann", "Ann Lee met York in Unheard Bob", "a runs 7"];

/** A tagger with large weights, and a linear model mixed in. */
function mixed(
  examples: typeof PARTS,
  [network, factor]: [number, number],
  options: { crf?: boolean; letters?: number } = {},
): TaggingModel {
  const model = createModel(examples, {
    ...{ cell: "gru", hidden: 5, embedding: 4, bidirectional: true, init: "scaled", head: "token" },
    ...options,
  } as { head: "token" });
  for (const values of Object.values(model.weights)) {
    for (let i = 0; i < values.length; i++) values[i] = 1.5 * values[i] + 0.2 * Math.sin(i + 1);
  }
  const calibration = { network, linear: factor, examples: 9, error: { before: 0, after: 0 } };
  return { ...model, linear: fitLinearTagger(model, examples), calibration };
}

const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0);
const logOdds = (p: number) => Math.log(p / (1 - p));

Deno.test("the features of a text, with the biases, sum to the logits of a linear tagger", () => {
  const linear = mixed(PARTS, [1, 1]).linear!, labels = linear.bias.length;
  for (const text of TEXTS) {
    const words = text.split(" "), sums = words.map(() => Float64Array.from(linear.bias));
    for (const { word, logits } of placedFeatures(linear, words)) {
      for (let c = 0; c < labels; c++) sums[word][c] += logits[c];
    }
    for (const [k, logit] of taggerLogits(linear)([words]).entries()) {
      assertAlmostEquals(sums[Math.floor(k / labels)][k % labels], logit, 1e-6);
    }
  }
});

for (const mix of [[0.6, 0.9], [0, 1.2], [1.3, 0], [1, 0.2]] as [number, number][]) {
  for (const options of [{}, { crf: true }, { letters: 3, crf: true }]) {
    Deno.test(`contributions of a mixture of ${mix}, ${JSON.stringify(options)}, sum to the score minus the baseline`, async () => {
      for (const examples of [PARTS, ENTITIES]) {
        const model = mixed(examples, mix, options);
        for (const text of TEXTS) {
          const [tags] = await predict(backend, model, [text]);
          const [{ words, attributions }] = await explain(backend, model, [text]);
          assertEquals(words.length, tags.length);
          for (const { about, score, baseline, shares } of attributions) {
            const { start, end } = about!;
            if (end === start + 1) {
              assertAlmostEquals(score, logOdds(tags[start].probability), 1e-6);
            }
            const size = sumOf(shares.map(Math.abs));
            assertAlmostEquals(sumOf(shares), score - baseline, 0.01 * size + 1e-9);
          }
        }
      }
    });
  }
}

Deno.test("a linear tagger's contributions belong to the words of its features", async () => {
  const model = mixed(PARTS, [0, 1]), words = ["They", "run", "far"];
  const { linear } = model;
  const [{ attributions }] = await explain(backend, model, [words.join(" ")], {
    method: "leave-one-out",
  });
  const features = placedFeatures(linear!, words);
  for (const [t, { label, score, shares }] of attributions.entries()) {
    for (const u of words.keys()) {
      const z = Float64Array.from(linear!.bias);
      for (const { word, of, logits } of features) {
        if (word === t && of !== u) { for (const [c, each] of logits.entries()) z[c] += each; }
      }
      const c = model.labels.indexOf(label!);
      const others = Math.log(sumOf([...z].filter((_, j) => j !== c).map(Math.exp)));
      assertAlmostEquals(shares[u], score - (z[c] - others), 1e-6);
    }
  }
  assertEquals(features.filter(({ word, of }) => Math.abs(word - of) > 2).length, 0);
});
