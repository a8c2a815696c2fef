/**
 * Explanations of classifiers mixed with a linear model.
 *
 * @module
 */
import { type Example, explain, fitLinear, predict } from "@unroll/core";
import { createCpuBackend } from "@unroll/backend-cpu";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { type LinearClassifier, linearLogits } from "#core/baseline/linear.ts";
import { linearShares } from "#core/baseline/linear_shares.ts";
import { bucketOfNgram, countNgrams } from "#core/baseline/ngrams.ts";
import { createClassifier } from "#core/classification/model.ts";
import { logOddsTarget } from "#core/classification/targets.ts";

const backend = createCpuBackend({ dtype: "float64" });
const examples: Example[] = [
  { text: "so very good!", label: "up" },
  { text: "not good, not bad", label: "flat" },
  { text: "very bad", label: "down" },
  { text: "so bad...", label: "down" },
  { text: "good good", label: "up" },
  { text: "not going", label: "down" },
  { text: "İn no caf\u0065\u0301 at all", label: "flat" },
];
const LABELS = ["down", "flat", "up"];
const linear = fitLinear(examples, LABELS);

const sumOf = (numbers: Iterable<number>) => Iterator.from(numbers).reduce((a, b) => a + b, 0);

/** A classifier with the linear model mixed in. */
function mixed(
  network: number,
  factor: number,
  options: Parameters<typeof createClassifier>[1] = {},
) {
  const model = createClassifier(examples, { cell: "gru", hidden: 5, embedding: 4, ...options });
  for (const values of Object.values(model.weights)) {
    for (let i = 0; i < values.length; i++) values[i] = 1.5 * values[i] + 0.1 * Math.sin(i);
  }
  const calibration = { network, linear: factor, examples: 9, error: { before: 0, after: 0 } };
  return { ...model, linear, calibration };
}

const logOdds = (p: number) => Math.log(p / (1 - p));

const TEXTS = [
  "so very good!",
  "  Not  good… not (very) bad!! ",
  "caf\u0065\u0301 İn ﬁne 👍🏽 all",
  "unheard of",
  "good",
];

Deno.test("countNgrams() and bucketOfNgram() use the same buckets", () => {
  const words = [...countNgrams("Not GOOD", "words").keys()];
  assertEquals(words, ["not", "not good", "good"].map(bucketOfNgram));
  const letters = countNgrams("aB", "letters");
  assertEquals(
    new Set(letters.keys()),
    new Set([" ", " a", " aB", " aB ", "a", "aB", "aB ", "B", "B "].map(bucketOfNgram)),
  );
});

Deno.test("linearShares() sums to the logits minus the biases, for any spelling", () => {
  for (const text of TEXTS) {
    for (const size of [1, 3]) { // of the parts; every fifth character belongs to none
      const partAt = new Int32Array(text.length)
        .map((_, i) => i % 5 === 4 ? -1 : Math.floor(i / size));
      const parts = { count: Math.ceil(text.length / size), partAt };
      const gradient = Float64Array.of(0.3, -1, 0.5), z = linearLogits(linear)([text]);
      const expected = gradient.reduce((sum, g, c) => sum + g * (z[c] - linear.bias[c]), 0);
      assertAlmostEquals(sumOf(linearShares(linear, text, parts, gradient)), expected, 1e-6);
    }
  }
});

/** The linear classifier with the weights of only one n-gram. */
function only(kind: "words" | "letters", ngram: string): LinearClassifier {
  const { ngrams, weight, bias } = linear, kept = new Float32Array(weight.length);
  let first = 0;
  for (const each of ngrams) {
    const place = each.buckets.indexOf(bucketOfNgram(ngram));
    if (each.kind === kind && place >= 0) {
      const at = (first + place) * bias.length;
      kept.set(weight.subarray(at, at + bias.length), at);
    }
    first += each.buckets.length;
  }
  assert(kept.some((each) => each !== 0), `the n-gram "${ngram}" is unknown`);
  return { ...linear, weight: kept };
}

Deno.test("an n-gram's contribution is divided equally between its words or letters", () => {
  const text = "not good and not bad, not good", gradient = Float64Array.of(1, -1, 0);
  const words = text.split(" "), partAt = new Int32Array(text.length).fill(-1);
  let at = 0;
  for (const [t, word] of words.entries()) {
    partAt.fill(t, at, at + word.length);
    at += word.length + 1;
  }
  const sharesOf = (classifier: LinearClassifier) => {
    const z = linearLogits(classifier)([text]);
    const total = z[0] - z[1] - linear.bias[0] + linear.bias[1];
    const shares = linearShares(classifier, text, { count: words.length, partAt }, gradient);
    return Array.from(shares, (share) => Math.round(1e4 * share / total) / 1e4);
  };
  assertEquals(sharesOf(only("words", "not good")), [0.25, 0.25, 0, 0, 0, 0.25, 0.25]);
  assertEquals(sharesOf(only("words", "bad")), [0, 0, 0, 0, 1, 0, 0]);
  assertEquals(sharesOf(only("letters", "t go")), [0.1667, 0.3333, 0, 0, 0, 0.1667, 0.3333]);
});

for (const [network, factor] of [[0.6, 0.9], [0, 1.2], [1.3, 0.1]]) {
  for (const method of ["integrated-gradients", "leave-one-out"] as const) {
    Deno.test(`${method} of a mixture of ${network} and ${factor} explains the whole prediction`, async () => {
      const model = mixed(network, factor, { bidirectional: true, head: "max" });
      for (const text of TEXTS) {
        const [{ label, probabilities }] = await predict(backend, model, [text]);
        const [{ words, attributions: [found] }] = await explain(backend, model, [text], {
          method,
          steps: 256,
        });
        assertEquals([found.label, found.shares.length], [label, words.length]);
        assertAlmostEquals(found.score, logOdds(probabilities[label]), 1e-6);
        assertEquals(
          words.join("").replace(/\s/gu, "").toLowerCase().normalize("NFC"),
          text.replace(/\s/gu, "").toLowerCase().normalize("NFC"),
        );
        if (method === "leave-one-out") continue;
        const size = sumOf(found.shares.map(Math.abs));
        assertAlmostEquals(sumOf(found.shares), found.score - found.baseline, 0.01 * size);
      }
    });
  }
}

Deno.test("the baseline of a mixture has only the linear model's biases", async () => {
  const model = mixed(0, 1.2);
  const [{ attributions: [{ baseline, label }] }] = await explain(backend, model, ["good"]);
  const bias = Float64Array.from(linear.bias, (each) => 1.2 * each);
  const target = logOddsTarget(label!, LABELS.indexOf(label!), LABELS.length);
  assertAlmostEquals(baseline, target.score(bias), 1e-9);
});

Deno.test("the linear part is exact for two labels, for any number of steps", async () => {
  const two = examples.filter(({ label }) => label !== "flat");
  const model = { ...mixed(0, 1), ...createClassifier(two, { hidden: 3 }) };
  const own = { ...model, linear: fitLinear(two, ["down", "up"]) };
  const [one] = await explain(backend, own, ["so very good!"], { steps: 1 });
  const [{ score, baseline, shares }] = one.attributions;
  assertEquals(one.words, ["so", "very", "good", "!"]);
  assertAlmostEquals(sumOf(shares), score - baseline, 1e-6);
});

Deno.test("the linear part is the integral of its gradient for three labels", async () => {
  const model = mixed(0, 1.2), text = "so good, not bad", steps = 64, h = 1e-5;
  const [{ words, attributions: [{ label, shares }] }] = await explain(backend, model, [text], {
    steps,
  });
  assertEquals(words, ["so", "good", ",", "not", "bad"]);
  const partAt = Int32Array.of(0, 0, -1, 1, 1, 1, 1, 2, -1, 3, 3, 3, -1, 4, 4, 4);
  const ofLabel = LABELS.map((_, c) =>
    linearShares(
      linear,
      text,
      { count: 5, partAt },
      Float64Array.from(LABELS, (_, j) => Number(j === c)),
    )
  );
  const { score } = logOddsTarget(label!, LABELS.indexOf(label!), LABELS.length);
  for (const t of words.keys()) {
    let share = 0;
    for (let k = 0; k < steps; k++) {
      const at = (own: number) =>
        score(
          Float64Array.from(LABELS, (_, c) =>
            1.2 * (linear.bias[c] + words.reduce((sum, _, u) =>
              sum + ((k + 0.5) / steps + (u === t ? own : 0)) * ofLabel[c][u], 0))),
        );
      share += (at(h) - at(-h)) / (2 * h) / steps;
    }
    assertAlmostEquals(shares[t], share, 1e-6);
  }
});

Deno.test("leave-one-out of a word or a punctuation mark is the difference of the mixed log-odds", async () => {
  const model = mixed(0.7, 0.9), text = "so bad, very good!";
  const [{ words, attributions: [{ label, score, shares }] }] = await explain(backend, model, [
    text,
  ], { method: "leave-one-out" });
  assertEquals(words, ["so", "bad", ",", "very", "good", "!"]);
  const texts = [
    " bad, very good!",
    "so , very good!",
    "so bad very good!",
    "so bad,  good!",
    "so bad, very !",
    "so bad, very good",
  ];
  for (const [t, { probabilities }] of (await predict(backend, model, texts)).entries()) {
    assertAlmostEquals(shares[t], score - logOdds(probabilities[label!]), 1e-9);
  }
});

Deno.test("words that the network does not read have the linear model's contributions", async () => {
  for (const truncate of ["start", "end"] as const) {
    const tokenizer = { lowerCase: true, punctuation: "drop", maxLength: 2, truncate } as const;
    const model = mixed(1, 0, { tokenizer }), both = mixed(1, 1, { tokenizer });
    const text = "good so very good";
    const [{ words: read }] = await explain(backend, model, [text]);
    assertEquals(read, truncate === "start" ? ["very", "good"] : ["good", "so"]);
    const [{ words, attributions: [{ shares, score, baseline }] }] = await explain(backend, both, [
      text,
    ], { steps: 128 });
    assertEquals(words, text.split(" "));
    assertAlmostEquals(sumOf(shares), score - baseline, 0.01 * sumOf(shares.map(Math.abs)));
  }
});

Deno.test("a mixture on characters has a contribution for each letter and space", async () => {
  const tokenizer = { lowerCase: false, punctuation: "keep", split: "characters" } as const;
  const model = mixed(0.5, 0.5, { tokenizer });
  const [{ words, attributions: [{ shares, score, baseline }] }] = await explain(backend, model, [
    " so  good! ",
  ], { steps: 128 });
  assertEquals(words.join(""), "so good!");
  assertAlmostEquals(sumOf(shares), score - baseline, 0.01 * sumOf(shares.map(Math.abs)));
});
