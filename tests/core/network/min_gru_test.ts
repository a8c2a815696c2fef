import { createCpuBackend } from "@unroll/backend-cpu";
import { assertLess } from "@std/assert";
import { networkConfig } from "#core/network/config.ts";
import { CPU_BACKENDS, passes, randomExamples, randomWeights } from "#tests/support/helpers.ts";

const WORDS = 5, HIDDEN = 4, LABELS = 3, EMBEDDING = 3;

/** The one-hot row of a word. */
const oneHot = (id: number) => Array.from({ length: WORDS }, (_, word) => word === id ? 1 : 0);

const sigmoid = (a: number) => 1 / (1 + Math.exp(-a));

/**
 * Computes the states of minGRU by its equations (Feng et al. 2024, "Were RNNs All We Needed?"):
 *
 *     z_t = σ(x_t Wz + b_z)
 *     h̃_t = x_t Wh + b_h
 *     h_t = (1 - z_t) ⊙ h_{t-1} + z_t ⊙ h̃_t
 *
 * @param xs x_1 to x_n of one sequence.
 * @param W Wz and Wh concatenated, `[width, 2 * hidden]`.
 * @param b b_z and b_h concatenated.
 * @param h0 The initial state.
 */
function plainStates(
  xs: readonly ArrayLike<number>[],
  W: ArrayLike<number>,
  b: ArrayLike<number>,
  h0: readonly number[],
): number[][] {
  const hidden = h0.length, states: number[][] = [];
  let h = [...h0];
  for (const x of xs) {
    const next: number[] = [];
    for (let unit = 0; unit < hidden; unit++) {
      let az = b[unit], candidate = b[hidden + unit];
      for (let i = 0; i < x.length; i++) {
        az += x[i] * W[i * 2 * hidden + unit];
        candidate += x[i] * W[i * 2 * hidden + hidden + unit];
      }
      const z = sigmoid(az);
      next.push((1 - z) * h[unit] + z * candidate);
    }
    states.push(h = next);
  }
  return states;
}

const BACKENDS = {
  "plain loops in float64": [createCpuBackend({ dtype: "float64" }), 1e-14],
  "SIMD with FMA": [CPU_BACKENDS["SIMD with FMA"](), 1e-6],
} as const;

for (const [name, [backend, tolerance]] of Object.entries(BACKENDS)) {
  for (const embedding of [0, EMBEDDING]) {
    const reads = embedding > 0 ? "embedded words" : "one-hot words";
    Deno.test(`the states of minGRU by ${name} equal its equations, for ${reads}`, async () => {
      const config = networkConfig({ cell: "mingru", hidden: HIDDEN, embedding, head: "token" });
      const weights = randomWeights(3, config, WORDS, LABELS);
      const lengths = [4, 1, 7], batch = lengths.length;
      const examples = randomExamples(3, lengths, WORDS, LABELS, config);
      const [{ words: numbers }] = randomExamples(4, [batch * HIDDEN], 1000, LABELS);
      const h0 = Float64Array.from(numbers, (value) => value / 500 - 1);
      const { outputs } = await passes(backend, config, weights, examples, {
        initial: [{ h: h0 }],
      });
      for (const [i, { words }] of examples.entries()) {
        const xs = Array.from(
          words,
          (id) =>
            embedding > 0
              ? weights.embedding.subarray(id * embedding, (id + 1) * embedding)
              : oneHot(id),
        );
        const first = [...h0.subarray(i * HIDDEN, (i + 1) * HIDDEN)];
        const states = plainStates(xs, weights.Wxh, weights.bh, first);
        for (const [t, state] of states.entries()) {
          for (const [unit, expected] of state.entries()) {
            const made = outputs[(t * batch + i) * HIDDEN + unit];
            assertLess(Math.abs(made - expected), tolerance, `sentence ${i}, word ${t}`);
          }
        }
      }
    });
  }
}

Deno.test("the backward direction of minGRU equals its equations on the reversed text", async () => {
  const backend = createCpuBackend({ dtype: "float64" });
  const config = networkConfig({
    cell: "mingru",
    hidden: HIDDEN,
    bidirectional: true,
    head: "token",
  });
  const weights = randomWeights(5, config, WORDS, LABELS);
  const examples = randomExamples(5, [3, 6], WORDS, LABELS, config);
  const { outputs } = await passes(backend, config, weights, examples);
  const nothing: number[] = new Array(HIDDEN).fill(0);
  for (const [i, { words }] of examples.entries()) {
    const xs = Array.from(words, oneHot);
    const states = plainStates(
      xs.toReversed(),
      weights.Wxh_reverse,
      weights.bh_reverse,
      nothing,
    ).toReversed();
    for (const [t, state] of states.entries()) {
      for (const [unit, expected] of state.entries()) {
        const made = outputs[(t * examples.length + i) * 2 * HIDDEN + HIDDEN + unit];
        assertLess(Math.abs(made - expected), 1e-14, `sentence ${i}, word ${t}`);
      }
    }
  }
});
