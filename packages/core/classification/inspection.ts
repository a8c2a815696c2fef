/**
 * Inspection of networks with one stack of layers: their forward and backward passes.
 *
 * @module
 */
import type { Tensor } from "../backend.ts";
import type { AnyModel } from "../model.ts";
import { crfLossOf, crfPass, marginalLogits } from "../network/crf.ts";
import { poolingOf } from "../network/head.ts";
import { backward, forward } from "../network/network.ts";
import { createTextBatch } from "../network/text_batch.ts";
import type { Spellings } from "../text/spellings.ts";
import type { InspectedPass, Uploaded } from "../task.ts";
import type { EncodedExample } from "../training/encoded.ts";
import { targetsOf } from "../training/step.ts";
import { allLogits, arrange } from "./measure.ts";

/** Returns the logits after each word: the word's own, or the text's as if it ended there. */
export function logitsAfterWords(
  { ops, model, weights }: Uploaded<AnyModel>,
  ids: Int32Array,
  spellings?: Spellings,
): Tensor {
  const { config, vocabulary } = model;
  if (poolingOf(config).isPerStep) {
    const batch = createTextBatch(ops, config, [ids], spellings ?? vocabulary.length);
    const { logits } = forward(ops, config, weights, batch);
    return config.crf ? marginalLogits(ops, weights, logits) : logits;
  }
  const beginnings = Array.from(ids, (_, t) => ids.subarray(0, t + 1));
  return allLogits(ops, config, weights, arrange(ops, model, beginnings));
}

/** Runs one example forward, and returns its backward pass as a function. */
export function stackPass(
  { ops, model, weights }: Uploaded<AnyModel>,
  example: EncodedExample,
): InspectedPass {
  const { config, vocabulary } = model;
  const known = example.spellings ?? vocabulary.length;
  const batch = createTextBatch(ops, config, [example.words], known);
  const pass = forward(ops, config, weights, batch);
  const targets = targetsOf(config, [example], example.words.length);
  const back = (dLogits: Tensor) => backward(ops, config, weights, batch, pass, dLogits);
  if (!config.crf) return { logits: pass.logits, targets, backward: back };
  const crf = crfPass(ops, weights, pass.logits, targets, 1, 1 / targets.length);
  return {
    logits: pass.logits,
    targets,
    loss: crfLossOf(() => crf),
    backward(dLogits) {
      const { gradients, layers } = back(dLogits);
      return { gradients: { ...gradients, ...crf.gradients }, layers };
    },
  };
}
