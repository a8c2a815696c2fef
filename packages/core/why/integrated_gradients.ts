/**
 * Integrated gradients of Sundararajan, Taly and Yan (2017).
 *
 * @module
 */
import type { FloatArray } from "../backend.ts";
import type { AnyModel } from "../model.ts";
import { createBatch } from "../network/batch.ts";
import type { NetworkConfig } from "../network/config.ts";
import { meanOfTensors } from "../network/ensemble.ts";
import { logitsBackward, poolingOf } from "../network/head.ts";
import { inputsOf } from "../network/inputs.ts";
import { forward } from "../network/network.ts";
import { stackBackward } from "../network/stack.ts";
import { readAndDispose, requireFinite } from "../ops/reading.ts";
import { networksOf, type Target, type Uploaded } from "../task.ts";
import { scaledInputs } from "./scaled_inputs.ts";

const ROWS = 2 ** 13; // words that go through the network side by side: some megabytes of states
const TOLERANCE = 0.01; // of the sum of all shares, without signs
const FINER = 4, TIMES = 2; // how much finer the steps become where they miss it, and how often

/**
 * Each word's share in a score: for word t with the input x_t, and with F(α) the score of all inputs
 * times α,
 *
 *     a_t = ∫₀¹ x_t ∂F/∂x_t(α) dα  ≈  1/n Σ_k x_t ∂F/∂x_t((k + ½) / n)
 *
 * Together they are F(1) - F(0), which is the axiom of completeness: where the sum misses it, there
 * are more steps.
 *
 * @param difference F(1) - F(0).
 * @param steps n to begin with.
 */
export async function integratedGradients(
  on: Uploaded<AnyModel>,
  ids: Int32Array,
  target: Target,
  { difference, steps }: { difference: number; steps: number },
): Promise<Float64Array> {
  let shares = await withSteps(on, ids, target, steps);
  for (let time = 0; time < TIMES && missed(shares, difference) > TOLERANCE; time++) {
    shares = await withSteps(on, ids, target, steps *= FINER);
  }
  return shares;
}

/** How much of a difference some shares miss. */
function missed(shares: Float64Array, difference: number): number {
  let sum = 0, size = 0;
  for (const share of shares) {
    sum += share;
    size += Math.abs(share);
  }
  return size === 0 ? 0 : Math.abs(sum - difference) / size;
}

async function withSteps(
  on: Uploaded<AnyModel>,
  ids: Int32Array,
  target: Target,
  steps: number,
): Promise<Float64Array> {
  const { ops, model } = on, { vocabulary } = model, networks = networksOf(on);
  const config: NetworkConfig = { ...model.config, frozen: true }; // no gradient of the embedding
  const words = ids.length, together = Math.max(1, Math.floor(ROWS / words));
  const reading: Promise<FloatArray[]>[] = [];
  for (let first = 0; first < steps; first += together) {
    const size = Math.min(together, steps - first);
    const sentences = new Array<Int32Array>(size).fill(ids);
    const alphas = Float64Array.from(
      { length: words * size },
      (_, row) => (first + row % size + 0.5) / steps,
    );
    const parts = ops.scope(() => {
      const batch = createBatch(ops, config, sentences, vocabulary.length);
      const column = ops.tensor(alphas, [alphas.length, 1]);
      const passes = networks.map((weights) => {
        const inputs = scaledInputs(inputsOf(config).read(ops, weights, batch), column);
        return { weights, inputs, pass: forward(ops, config, weights, batch, { inputs }) };
      });
      // The mean of the logits gives each network the same gradient, and of the parts the mean.
      const logits = meanOfTensors(ops, passes.map(({ pass }) => pass.logits));
      const gradient = target.gradient(ops, logits);
      const inWords = passes.map(({ weights, inputs, pass }) => {
        const { dh } = logitsBackward(ops, pass.read, gradient, weights.Why);
        const above = poolingOf(config).backward(ops, config, dh, pass, batch);
        return stackBackward(ops, config, weights, batch, pass, above, { inputs })
          .layers[0].dInputs!;
      });
      return [meanOfTensors(ops, inWords)];
    });
    reading.push(readAndDispose(ops, parts));
  }
  const shares = new Float64Array(words);
  for (const [parts] of await Promise.all(reading)) {
    requireFinite(parts, "gradients");
    const size = parts.length / words;
    for (const [row, part] of parts.entries()) shares[Math.floor(row / size)] += part / steps;
  }
  return shares;
}
