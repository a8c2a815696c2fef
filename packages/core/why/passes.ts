/**
 * Forward and backward passes of a text whose words are scaled.
 *
 * @module
 */
import type { FloatArray, Tensor } from "../backend.ts";
import type { AnyModel } from "../model.ts";
import type { NetworkConfig } from "../network/config.ts";
import { meanOfTensors } from "../network/ensemble.ts";
import { logitsBackward, poolingOf } from "../network/head.ts";
import { inputsOf } from "../network/inputs.ts";
import { forward } from "../network/network.ts";
import { readLetters, stackBackward } from "../network/stack.ts";
import { createTextBatch } from "../network/text_batch.ts";
import type { Weights } from "../network/weights.ts";
import { readAndDispose, requireFinite } from "../ops/reading.ts";
import type { ExplainedText } from "../reasons.ts";
import { networksOf, type Uploaded } from "../task.ts";
import { scaledInputs } from "./scaled_inputs.ts";

const ROWS = 2 ** 13; // the words in a batch, whose states take some megabytes

/** The factor that scales the input of each word. */
export type Scales = Float64Array<ArrayBuffer>;

/** Returns the same factor for all words. */
export function evenly(words: number, alpha: number): Scales {
  return new Float64Array(words).fill(alpha);
}

/** Splits the scalings of a text into batches that fit the network. */
export function* together<T>(items: readonly T[], words: number): Generator<readonly T[]> {
  const size = Math.max(1, Math.floor(ROWS / words));
  for (let first = 0; first < items.length; first += size) yield items.slice(first, first + size);
}

/** Computes the network's outputs for each scaling of a text. */
export async function outputsOf(
  on: Uploaded<AnyModel>,
  text: ExplainedText,
  scales: readonly Scales[],
): Promise<FloatArray[]> {
  const { ops } = on, outputs: FloatArray[] = [];
  for (const some of together(scales, text.ids.length)) {
    const tensors = ops.scope(() => {
      const logits = networksOf(on).map((weights) => passOf(on, weights, text, some).pass.logits);
      return [meanOfTensors(ops, logits)];
    });
    const [y] = await readAndDispose(ops, tensors);
    requireFinite(y);
    outputs.push(...columnsOf(y, some.length, on.weights.by.shape[1]));
  }
  return outputs;
}

/**
 * Computes Σ_i x_t dF_i/dx_t for each word t and each score F, where F_i is the score of the text
 * with scaling i.
 *
 * @param gradients The gradient of the outputs for each score and each scaling.
 */
export async function gradientsOf(
  on: Uploaded<AnyModel>,
  text: ExplainedText,
  scales: readonly Scales[],
  gradients: readonly (readonly FloatArray[])[],
): Promise<Float64Array[]> {
  const { ops } = on, size = scales.length;
  const tensors = ops.scope(() => {
    const passes = networksOf(on)
      .map((weights) => ({ weights, ...passOf(on, weights, text, scales) }));
    return gradients.map((own) =>
      ops.scope(() => {
        const dLogits = ops.tensor(
          rowsOf(own, on.weights.by.shape[1]),
          passes[0].pass.logits.shape,
        );
        // An ensemble's logits are a mean: each network gets dLogits, and the results are averaged.
        const inWords = passes.map(({ weights, config, batch, inputs, pass }) => {
          const { dh } = logitsBackward(ops, pass.read, dLogits, weights.Why);
          const above = poolingOf(config).backward(ops, config, dh, pass, batch);
          const { layers } = stackBackward(ops, config, weights, batch, pass, above, { inputs });
          return layers[0].dInputs!;
        });
        return [meanOfTensors(ops, inWords)];
      })[0]
    );
  });
  return (await readAndDispose(ops, tensors)).map((parts) => {
    requireFinite(parts, "gradients");
    const sums = new Float64Array(text.ids.length);
    for (const [row, part] of parts.entries()) sums[Math.floor(row / size)] += part;
    return sums;
  });
}

/** Runs the forward pass of a text, one sentence for each scaling, in the open scope. */
function passOf(
  { ops, model }: Uploaded<AnyModel>,
  weights: Weights<Tensor>,
  { ids, spellings }: ExplainedText,
  scales: readonly Scales[],
) {
  const config: NetworkConfig = { ...model.config, frozen: true }; // no gradient of the embedding
  const sentences = scales.map(() => ids);
  const batch = createTextBatch(ops, config, sentences, spellings ?? model.vocabulary.length);
  const letters = batch.spelled && readLetters(ops, config, weights, batch.spelled).last;
  const column = ops.tensor(rowsOf(scales, 1), [scales.length * ids.length, 1]);
  const inputs = scaledInputs(
    inputsOf(config).read(ops, weights, batch, undefined, letters),
    column,
  );
  return { config, batch, inputs, pass: forward(ops, config, weights, batch, { inputs }) };
}

/** Returns the rows of equally long sentences in the order of a batch, time-major. */
function rowsOf(sentences: readonly FloatArray[], width: number): Float64Array {
  const size = sentences.length, rows = new Float64Array(size * sentences[0].length);
  for (const [i, own] of sentences.entries()) {
    for (const [k, value] of own.entries()) {
      rows[(Math.floor(k / width) * size + i) * width + k % width] = value;
    }
  }
  return rows;
}

/** Returns the rows of each sentence of a batch. */
function columnsOf(rows: FloatArray, size: number, width: number): FloatArray[] {
  return Array.from(
    { length: size },
    (_, i) =>
      Float64Array.from(
        { length: rows.length / size },
        (_, k) => rows[(Math.floor(k / width) * size + i) * width + k % width],
      ),
  );
}
