/**
 * Explanations of the tags and the entities that a tagger predicts.
 *
 * @module
 */
import {
  CELL_NAMES,
  createModel,
  type Example,
  explain,
  type FloatArray,
  InputError,
  predict,
  Random,
  recommendTagger,
} from "@unroll/core";
import { createCpuBackend } from "@unroll/backend-cpu";
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { crfShapes } from "#core/network/crf.ts";
import { crfScores } from "#core/network/crf_sequences.ts";
import { mapWeights } from "#core/network/weights.ts";
import { spanTarget } from "#core/tagging/reasons.ts";
import type { TaggingModel } from "#core/tagging/model.ts";
import { CPU_BACKENDS } from "#tests/support/helpers.ts";

const backend = createCpuBackend({ dtype: "float64" });
const PARTS: Example[] = [
  { text: "they run far", label: "PRON VERB ADV" },
  { text: "a run ends", label: "DET NOUN VERB" },
];
const ENTITIES: Example[] = [
  { text: "Ann Lee met Bob", label: "B-PER I-PER O B-PER" },
  { text: "in New York", label: "O B-LOC I-LOC" },
];
const TEXT = "Ann Lee met York in unheard Bob";

const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0);
const logOdds = (p: number) => Math.log(p / (1 - p));

type Options = Parameters<typeof createModel>[1];

/** A tagger with weights large enough that words act together. */
function made(examples: readonly Example[], options: Options = {}): TaggingModel {
  const model = createModel(
    examples,
    {
      ...{
        cell: "gru",
        hidden: 5,
        embedding: 4,
        bidirectional: true,
        init: "scaled",
        head: "token",
      },
      ...options,
    } as Options & { head: "token" },
  );
  for (const values of Object.values(model.weights)) {
    for (let i = 0; i < values.length; i++) values[i] = 1.5 * values[i] + 0.2 * Math.sin(i + 1);
  }
  return model as TaggingModel;
}

const NETWORKS: Options[] = [
  ...CELL_NAMES.map((cell) => ({ cell })),
  { embedding: 0, bidirectional: false, layers: 2 },
  { letters: 3 },
  { letters: 3, crf: true, frozen: true },
  { crf: true },
];

for (const options of NETWORKS) {
  Deno.test(`the contributions to each tag of ${JSON.stringify(options)} sum to its log-odds minus the baseline`, async () => {
    const model = made(PARTS, options), text = "they run unheard ends";
    const [tags] = await predict(backend, model, [text]);
    const [{ words, attributions }] = await explain(backend, model, [text]);
    assertEquals(words, text.split(" "));
    assertEquals(
      attributions.map(({ label, about }) => [label, about]),
      tags.map(({ label }, t) => [label, { start: t, end: t + 1 }]),
    );
    for (const [t, { score, baseline, shares }] of attributions.entries()) {
      // With a CRF, the probability is the marginal over all sequences.
      assertAlmostEquals(score, logOdds(tags[t].probability), 1e-9);
      assertAlmostEquals(sumOf(shares), score - baseline, 0.01 * sumOf(shares.map(Math.abs)));
    }
  });

  Deno.test(`the contributions to each entity of ${JSON.stringify(options)} sum to its log-odds minus the baseline`, async () => {
    const model = made(ENTITIES, options);
    const [tags] = await predict(backend, model, [TEXT]);
    const [{ attributions }] = await explain(backend, model, [TEXT]);
    for (const { label, about, score, baseline, shares } of attributions) {
      const { start, end } = about!, some = tags.slice(start, end);
      assert(some.every((tag) => tag.label.endsWith(`-${label}`)));
      if (!model.config.crf) { // the words' tags are independent
        const p = some.reduce((product, { probability }) => product * probability, 1);
        assertAlmostEquals(score, logOdds(p), 1e-9);
      }
      assertAlmostEquals(sumOf(shares), score - baseline, 0.01 * sumOf(shares.map(Math.abs)));
    }
    assertEquals(attributions.length > 0, tags.some(({ label }) => label !== "O"));
  });
}

Deno.test("an entity's log-odds equal the enumeration, and its gradient finite differences", () => {
  const random = new Random(3), LABELS = 3, words = 4;
  const numbers = (count: number) => new Float64Array(count).map(() => 4 * random.uniform() - 2);
  const weights = mapWeights(crfShapes(LABELS), ([m, n]) => numbers(m * n)),
    y = numbers(words * LABELS);
  const scoreOf = (
    y: FloatArray,
    { start, path, isCrf }: { start: number; path: number[]; isCrf: boolean },
  ) => {
    let those = 0, others = 0;
    for (let k = 0; k < LABELS ** words; k++) {
      const labels = Array.from({ length: words }, (_, t) => Math.floor(k / LABELS ** t) % LABELS);
      let score = isCrf
        ? weights.startTransitions[labels[0]] + weights.endTransitions[labels[words - 1]]
        : 0;
      for (const [t, label] of labels.entries()) {
        score += y[t * LABELS + label];
        if (isCrf && t > 0) score += weights.transitions[labels[t - 1] * LABELS + label];
      }
      if (path.every((label, i) => labels[start + i] === label)) those += Math.exp(score);
      else others += Math.exp(score);
    }
    return Math.log(those) - Math.log(others);
  };
  for (const isCrf of [true, false]) {
    for (
      const [start, path] of [[0, [1]], [2, [0]], [1, [1, 2]], [0, [2, 2, 0]], [1, [0, 1, 2]], [0, [
        1,
        0,
        2,
        1,
      ]]] as const
    ) {
      const span = { label: "X", start, end: start + path.length };
      const target = spanTarget(span, path, LABELS, isCrf ? crfScores(weights) : undefined);
      const score = (y: FloatArray) => scoreOf(y, { start, path: [...path], isCrf });
      assertAlmostEquals(target.score(y), score(y), 1e-10);
      const gradient = target.gradient(y), h = 1e-5;
      assertEquals(gradient.length, y.length);
      for (const k of y.keys()) {
        const at = (by: number) => score(y.map((each, i) => i === k ? each + by : each));
        assertAlmostEquals(gradient[k], (at(h) - at(-h)) / (2 * h), 1e-8);
      }
    }
  }
});

Deno.test("integrated gradients of a tag equal those computed by finite differences", async () => {
  for (const crf of [false, true]) {
    const model = made(PARTS, { crf }), words = ["they", "run", "far"], steps = 48, h = 1e-4;
    const logOddsOf = async (alphas: readonly number[], t: number, label: string) => {
      const embedding = Float64Array.from(model.weights.embedding);
      for (const [u, word] of words.entries()) {
        const id = model.vocabulary.indexOf(word);
        for (let k = 0; k < 4; k++) embedding[4 * id + k] *= alphas[u];
      }
      const own = { ...model, weights: { ...model.weights, embedding } };
      const [{ attributions: [{ score }] }] = await explain(backend, own, [words.join(" ")], {
        word: t,
        label,
        steps: 1,
      });
      return score;
    };
    const [{ attributions }] = await explain(backend, model, [words.join(" ")], { steps });
    for (const [t, { label, shares }] of attributions.entries()) {
      for (const u of words.keys()) {
        let share = 0;
        for (let k = 0; k < steps; k++) {
          const at = (by: number) =>
            logOddsOf(words.map((_, v) => (k + 0.5) / steps + (v === u ? by : 0)), t, label!);
          share += (await at(h) - await at(-h)) / (2 * h) / steps;
        }
        assertAlmostEquals(shares[u], share, 1e-6);
      }
    }
  }
});

Deno.test("leave-one-out of a tagger replaces a word's embedding by zeros", async () => {
  for (const options of [{}, { crf: true }]) {
    const model = made(PARTS, options), words = ["they", "run", "far"];
    const [{ attributions }] = await explain(backend, model, [words.join(" ")], {
      method: "leave-one-out",
    });
    for (const [u, word] of words.entries()) {
      const embedding = Float64Array.from(model.weights.embedding);
      embedding.fill(0, 4 * model.vocabulary.indexOf(word), 4 * model.vocabulary.indexOf(word) + 4);
      const empty = { ...model, weights: { ...model.weights, embedding } };
      for (const [t, { label, score, shares }] of attributions.entries()) {
        const [{ attributions: [without] }] = await explain(backend, empty, [words.join(" ")], {
          word: t,
          label,
        });
        assertAlmostEquals(shares[u], score - without.score, 1e-9);
      }
    }
  }
});

Deno.test("a single word of a tagger is explained, for its own tag or another", async () => {
  const model = made(ENTITIES, { crf: true });
  const [{ attributions }] = await explain(backend, model, [TEXT], { word: 2, label: "I-LOC" });
  assertEquals(attributions.map(({ label, about }) => [label, about]), [["I-LOC", {
    start: 2,
    end: 3,
  }]]);
  const [own] = await explain(backend, model, [TEXT], { word: 2 });
  const [tags] = await predict(backend, model, [TEXT]);
  assertEquals(own.attributions[0].label, tags[2].label);
  assertAlmostEquals(own.attributions[0].score, logOdds(tags[2].probability), 1e-9);
  const refused = (options: Parameters<typeof explain>[3], message: string) =>
    assertRejects(() => explain(backend, model, [TEXT], options), InputError, message);
  await refused({ word: 7 }, "there is no word 7; the text has 7, counted from 0");
  await refused({ word: -1 }, "the index of a word");
  await refused({ label: "O" }, "give a word too");
  await refused({ word: 0, label: "X" }, 'there is no label "X"');
  const long = "Ann ".repeat(20_000);
  await assertRejects(
    () => explain(backend, made(PARTS), [long.slice(0, 4000)]),
    InputError,
    "explaining all tags supports at most 200",
  );
});

Deno.test("a text without words, or without entities, has no contributions", async () => {
  const model = made(ENTITIES);
  model.weights.by.fill(0);
  model.weights.by[model.labels.indexOf("O")] = 100;
  const before = backend.live;
  const [none, empty] = await explain(backend, model, [TEXT, ""]);
  assertEquals([none.attributions, empty.attributions], [[], []]);
  assertEquals(backend.live, before);
});

for (const [name, create] of Object.entries(CPU_BACKENDS)) {
  Deno.test(`explain() of taggers by ${name} returns the same contributions`, async () => {
    const { network } = recommendTagger(PARTS);
    for (const options of [{ letters: 3, crf: true }, { ...network, hidden: 6 }]) {
      const model = made(ENTITIES, options as Options);
      for (const method of ["integrated-gradients", "leave-one-out"] as const) {
        const asked = { method, word: 3 };
        const [own] = await explain(create(), model, [TEXT], asked);
        const [right] = await explain(backend, model, [TEXT], asked);
        for (const [t, share] of own.attributions[0].shares.entries()) {
          assertAlmostEquals(share, right.attributions[0].shares[t], 1e-3);
        }
      }
    }
  });
}
