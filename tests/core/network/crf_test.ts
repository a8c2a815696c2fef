/**
 * The conditional random field: its loss, gradients, marginals and best sequences, compared with
 * the enumeration of all sequences and with finite differences.
 *
 * @module
 */
import { createCpuBackend } from "@unroll/backend-cpu";
import { type Backend, type FloatArray, opsOf, Random, type Weights } from "@unroll/core";
import { assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import { crfPass, crfShapes, marginalLogits } from "#core/network/crf.ts";
import { crfLoss, crfMarginals, crfScores, viterbi } from "#core/network/crf_sequences.ts";
import { networkConfig } from "#core/network/config.ts";
import { weightShapes } from "#core/network/shapes.ts";
import { mapWeights, uploadAll } from "#core/network/weights.ts";
import { trainStep } from "#core/training/step.ts";
import { OPTIMIZER_DEFAULTS } from "#core/training/optimizer.ts";
import {
  CPU_BACKENDS,
  distance,
  randomExamples,
  randomWeights,
  relativeError,
} from "#tests/support/helpers.ts";
import golden from "#tests/golden/crf.json" with { type: "json" };

const LABELS = 3;

/** A random CRF, with logits and labels for sequences of the given lengths. */
function randomCrf(seed: number, lengths: readonly number[], size = 1) {
  const random = new Random(seed);
  const numbers = (count: number) =>
    new Float64Array(count).map(() => size * (2 * random.uniform() - 1));
  return {
    weights: mapWeights(crfShapes(LABELS), ([m, n]) => numbers(m * n)),
    sequences: lengths.map((length) => numbers(length * LABELS)),
    right: lengths.map((length) =>
      new Int32Array(length).map(() => Math.floor(random.uniform() * LABELS))
    ),
  };
}

/** Returns all label sequences for the logits, with their scores. */
function enumerate(weights: Weights<FloatArray>, y: FloatArray) {
  const { startTransitions, endTransitions, transitions } = weights;
  const words = y.length / LABELS;
  return Array.from({ length: LABELS ** words }, (_, k) => {
    const labels = Array.from({ length: words }, (_, t) => Math.floor(k / LABELS ** t) % LABELS);
    let score = startTransitions[labels[0]] + endTransitions[labels[words - 1]];
    for (const [t, label] of labels.entries()) {
      score += y[t * LABELS + label];
      if (t > 0) score += transitions[labels[t - 1] * LABELS + label];
    }
    return { labels, score };
  });
}

function lossByEnumeration(weights: Weights<FloatArray>, y: FloatArray, right: Int32Array) {
  const all = enumerate(weights, y);
  const sumOf = (some: typeof all) => some.reduce((sum, { score }) => sum + Math.exp(score), 0);
  const fitting = all.filter(({ labels }) =>
    labels.every((label, t) => right[t] < 0 || right[t] === label)
  );
  return Math.log(sumOf(all)) - Math.log(sumOf(fitting));
}

/** Returns sequences as a time-major batch, padded with arbitrary logits. */
function sideBySide(sequences: readonly FloatArray[], right: readonly Int32Array[]) {
  const size = sequences.length, steps = Math.max(...right.map(({ length }) => length));
  const logits = new Float64Array(steps * size * LABELS).fill(0.7);
  const targets = new Int32Array(steps * size).fill(-1);
  for (const [i, y] of sequences.entries()) {
    for (const [t, label] of right[i].entries()) {
      targets[t * size + i] = label;
      logits.set(y.subarray(t * LABELS, (t + 1) * LABELS), (t * size + i) * LABELS);
    }
  }
  return { logits, targets, size };
}

/** Runs crfPass() on a backend, and reads the results. */
async function passOn(
  backend: Backend,
  weights: Weights<FloatArray>,
  { logits, targets, size }: ReturnType<typeof sideBySide>,
  weight: number,
) {
  const ops = opsOf(backend);
  const before = backend.live;
  let names: string[] = [];
  const kept = ops.scope(() => {
    const uploaded = uploadAll(ops, crfShapes(LABELS), weights);
    const y = ops.tensor(logits, [targets.length, LABELS]);
    const { losses, marginals, dLogits, gradients } = crfPass(
      ops,
      uploaded,
      y,
      targets,
      size,
      weight,
    );
    names = Object.keys(gradients);
    return [losses, marginals, dLogits, ...names.map((name) => gradients[name].values)];
  });
  const [losses, marginals, dLogits, ...rest] = await ops.read(kept);
  ops.dispose(kept);
  assertEquals(backend.live, before);
  const gradients = Object.fromEntries(names.map((name, i) => [name, rest[i]]));
  return { losses, marginals, dLogits, gradients };
}

const SETS = [[1], [2], [5], [1, 1], [3, 1, 4], [5, 2, 2, 1], [1, 6]];

Deno.test("a CRF's loss equals -ln p by enumeration, also with unknown labels", () => {
  for (const [seed, lengths] of SETS.entries()) {
    const { weights, sequences, right } = randomCrf(seed, lengths, 2);
    for (const [i, y] of sequences.entries()) {
      for (const given of [right[i], right[i].map((label, t) => t % 2 === 0 ? -1 : label)]) {
        const expected = lossByEnumeration(weights, y, given);
        assertAlmostEquals(crfLoss(crfScores(weights), y, given), expected, 1e-10);
      }
    }
  }
});

Deno.test("Viterbi finds the best sequence, and the marginals equal those of the enumeration", () => {
  for (const [seed, lengths] of SETS.entries()) {
    const { weights, sequences } = randomCrf(seed, lengths, 2);
    const crf = crfScores(weights);
    for (const y of sequences) {
      const all = enumerate(weights, y);
      const best = all.reduce((a, b) => b.score > a.score ? b : a);
      assertEquals([...viterbi(crf, y)], best.labels);
      const marginals = crfMarginals(crf, y).marginals;
      const total = all.reduce((sum, { score }) => sum + Math.exp(score), 0);
      const expected = new Float64Array(y.length);
      for (const { labels, score } of all) {
        for (const [t, label] of labels.entries()) {
          expected[t * LABELS + label] += Math.exp(score) / total;
        }
      }
      assertLess(distance(marginals, expected), 1e-12);
    }
  }
});

Deno.test("a CRF with scores of -10000 and of 1000 stays finite and exact", () => {
  const { weights, sequences: [y], right: [right] } = randomCrf(4, [6], 1);
  weights.transitions[1] = -10_000; // label 1 never follows label 0
  weights.transitions[2] = -900;
  weights.transitions.set([1000, 1000, 1000], 3);
  const crf = crfScores(weights);
  right.set([1, 0, 2, 2, 1, 0]);
  const byHand = enumerate(weights, y).map(({ score }) => score);
  const most = Math.max(...byHand);
  const logZ = most + Math.log(byHand.reduce((sum, score) => sum + Math.exp(score - most), 0));
  const own = enumerate(weights, y).find(({ labels }) => String(labels) === String([...right]))!;
  assertAlmostEquals(crfLoss(crf, y, right), logZ - own.score, 1e-8);
  const marginals = crfMarginals(crf, y).marginals;
  for (let t = 0; t < 6; t++) {
    assertAlmostEquals(
      marginals.subarray(3 * t, 3 * t + 3).reduce((sum, each) => sum + each),
      1,
      1e-9,
    );
  }
});

for (const [name, create] of Object.entries(CPU_BACKENDS)) {
  Deno.test(`a CRF's losses, marginals and gradients on ${name} equal those of the enumeration`, async () => {
    const tolerance = create().dtype === "float64" ? 1e-12 : 2e-6;
    for (const [seed, lengths] of SETS.entries()) {
      const { weights, sequences, right } = randomCrf(seed, lengths, 2);
      const batch = sideBySide(sequences, right), { size } = batch;
      const { losses, marginals, dLogits } = await passOn(create(), weights, batch, 0.5);
      for (const [i, y] of sequences.entries()) {
        const own = right[i].reduce((sum, _, t) => sum + losses[t * size + i], 0);
        const expected = lossByEnumeration(weights, y, right[i]);
        assertLess(Math.abs(own - expected), 10 * tolerance);
        const p = crfMarginals(crfScores(weights), y).marginals;
        for (let t = 0; t < losses.length / size; t++) {
          for (let j = 0; j < LABELS; j++) {
            const at = (t * size + i) * LABELS + j, isWord = t < right[i].length;
            const difference = isWord ? 0.5 * (p[t * LABELS + j] - Number(right[i][t] === j)) : 0;
            assertLess(Math.abs(marginals[at] - (isWord ? p[t * LABELS + j] : 0)), tolerance);
            assertLess(Math.abs(dLogits[at] - difference), tolerance);
          }
        }
      }
    }
  });
}

Deno.test("transitions that forbid or force labels are exact on every backend", async () => {
  const { weights, sequences, right } = randomCrf(6, [7, 3], 1);
  weights.transitions.set([-1000, -1000, -1000, 0, -1000, 500, 0, -10_000, -1000]);
  weights.startTransitions.set([0, -2000, -3000]);
  const batch = sideBySide(sequences, right);
  for (const [name, create] of Object.entries(CPU_BACKENDS)) {
    const { losses, marginals } = await passOn(create(), weights, batch, 1);
    for (const [i, y] of sequences.entries()) {
      const own = right[i].reduce((sum, _, t) => sum + losses[2 * t + i], 0);
      const loss = crfLoss(crfScores(weights), y, right[i]);
      assertLess(Math.abs(own - loss), 1e-6 * loss + 1e-3, name);
      for (const [k, expected] of crfMarginals(crfScores(weights), y).marginals.entries()) {
        const at = (Math.floor(k / LABELS) * 2 + i) * LABELS + k % LABELS;
        assertLess(Math.abs(marginals[at] - expected), 1e-3, name);
      }
    }
  }
});

Deno.test("crf() of a backend throws if arguments do not match", () => {
  const ops = opsOf(CPU_BACKENDS["SIMD with FMA"]());
  const weights = (labels: number) => ({
    startTransitions: ops.zeros([1, labels]),
    endTransitions: ops.zeros([1, labels]),
    transitions: ops.zeros([labels, labels]),
  });
  ops.scope(() => {
    const logits = ops.zeros([4, 3]);
    const cases: [number, number[], number, string][] = [
      [2, [0, 0, 0, 0], 2, "crf() expects scores for each label and pair of them"],
      [3, [0, 0, 0], 2, "crf() expects a target for each of 4 rows"],
      [3, [0, 0, 0, 0], 3, "whole steps of a batch of 3"],
      [3, [0, 0, 3, 0], 2, "crf() expects labels below 3"],
      [3, [-1, 0, 2, 0], 2, "-1 after the end of a sequence, got 2 at 2"],
    ];
    for (const [labels, targets, batch, says] of cases) {
      const call = () => ops.crf!(logits, weights(labels), Int32Array.from(targets), batch, 1);
      assertThrows(call, RangeError, says);
    }
    return [];
  });
});

Deno.test("a CRF's gradients equal finite differences", async () => {
  const backend = createCpuBackend({ dtype: "float64" });
  for (const [seed, lengths] of SETS.entries()) {
    const { weights, sequences, right } = randomCrf(seed, lengths);
    const batch = sideBySide(sequences, right);
    const { gradients, dLogits } = await passOn(backend, weights, batch, 0.3);
    const loss = () =>
      Promise.resolve(
        0.3 * sequences.reduce((sum, _, i) => {
          const y = right[i].length === 0 ? new Float64Array() : Float64Array.from(
            { length: right[i].length * LABELS },
            (_, k) =>
              batch.logits[
                (Math.floor(k / LABELS) * batch.size + i) * LABELS + k % LABELS
              ],
          );
          return sum + crfLoss(crfScores(weights), y, right[i]);
        }, 0),
      );
    const all = { ...weights, logits: batch.logits };
    const error = await relativeError(all, { ...gradients, logits: dLogits }, loss, 1e-3);
    assertLess(error, 1e-6, `lengths ${lengths}: ${error}`);
  }
});

Deno.test("the softmax of marginalLogits() equals the marginals", async () => {
  const ops = opsOf(createCpuBackend({ dtype: "float64" }));
  for (const length of [1, 2, 7]) {
    const { weights, sequences: [y] } = randomCrf(length, [length], 2);
    const kept = ops.scope(() => {
      const uploaded = uploadAll(ops, crfShapes(LABELS), weights);
      return [ops.softmax(marginalLogits(ops, uploaded, ops.tensor(y, [length, LABELS])))];
    });
    const [p] = await ops.read(kept);
    assertLess(distance(p, crfMarginals(crfScores(weights), y).marginals), 1e-12);
    ops.dispose(kept);
  }
});

Deno.test("a training step of a network with a CRF subtracts the gradient of its loss", async () => {
  const config = networkConfig({
    cell: "gru",
    hidden: 3,
    embedding: 2,
    head: "token",
    bidirectional: true,
    crf: true,
  });
  const ops = opsOf(createCpuBackend({ dtype: "float64" }));
  const numbers = randomWeights(3, config, 5, LABELS);
  const examples = randomExamples(4, [4, 2, 3], 5, LABELS, config);
  const settings = {
    optimizer: OPTIMIZER_DEFAULTS,
    clipping: { value: Infinity, norm: Infinity },
    learningRate: 1,
    t: 1,
    seed: 1,
  };
  const step = async (given: Weights<FloatArray>) => {
    const weights = uploadAll(ops, weightShapes(config, 5, LABELS), given);
    const { weights: after, losses, outputs } = trainStep(
      ops,
      config,
      { weights, slots: {} },
      examples,
      4,
      settings,
    );
    const names = Object.keys(after);
    const [l, ...rest] = await ops.read([losses, ...names.map((name) => after[name])]);
    ops.dispose([losses, outputs, ...Object.values(after)]);
    const loss = Array.from(l).reduce((sum, each) => sum + each) / 9;
    return { loss, after: Object.fromEntries(names.map((name, i) => [name, rest[i]])) };
  };
  const { after } = await step(numbers);
  const gradients = mapWeights(
    numbers,
    (each, name): FloatArray => each.map((value: number, i: number) => value - after[name][i]),
  );
  const error = await relativeError(
    numbers,
    gradients,
    async () => (await step(numbers)).loss,
    1e-3,
  );
  assertLess(error, 1e-6);
});

Deno.test("a CRF's losses, gradients and best sequences equal PyTorch's", async () => {
  const { weights, lengths, logits, labels, losses, gradients, best } = golden;
  const numbers = mapWeights(weights, (each) => Float64Array.from(each.flat()));
  const sequences = logits.map((y) => Float64Array.from(y.flat()));
  const batch = sideBySide(sequences, labels.map((each) => Int32Array.from(each)));
  const backend = createCpuBackend({ dtype: "float64" });
  const found = await passOn(backend, numbers, batch, 1);
  for (const [i, length] of lengths.entries()) {
    let sum = 0;
    for (let t = 0; t < length; t++) sum += found.losses[t * batch.size + i];
    assertAlmostEquals(sum, losses[i], 1e-10);
    assertEquals([...viterbi(crfScores(numbers), sequences[i])], best[i]);
  }
  const { logits: dLogits, ...own } = gradients;
  for (const [name, values] of Object.entries(own)) {
    assertLess(distance(found.gradients[name], Float64Array.from(values.flat())), 1e-10);
  }
  const right = labels.map((each) => Int32Array.from(each));
  const expected = sideBySide(dLogits.map((y) => Float64Array.from(y.flat())), right);
  for (const [row, target] of expected.targets.entries()) {
    for (let k = row * LABELS; target >= 0 && k < (row + 1) * LABELS; k++) {
      assertAlmostEquals(found.dLogits[k], expected.logits[k], 1e-10);
    }
  }
});
