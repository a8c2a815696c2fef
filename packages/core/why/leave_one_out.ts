/**
 * Leave-one-out attribution: how much scores fall without a word.
 *
 * @module
 */
import type { FloatArray } from "../backend.ts";
import { allLogits, arrange } from "../classification/measure.ts";
import type { AnyModel } from "../model.ts";
import { poolingOf } from "../network/head.ts";
import { readAndDispose, requireFinite } from "../ops/reading.ts";
import type { ExplainedText } from "../reasons.ts";
import { networksOf, type Uploaded } from "../task.ts";
import type { Difference } from "./integrated_gradients.ts";
import { mixedOutputs } from "./mixed_outputs.ts";
import { evenly, outputsOf, together } from "./passes.ts";

const NO_WORD = -1; // the id of an empty word, whose input is 0

/**
 * Computes how much scores fall without each word. Without its only word, a text is one empty word.
 * For a tagger, an empty word replaces the removed one, so that every word keeps its place.
 *
 * @param all The targets, with their scores for the whole text.
 */
export async function leaveOneOut(
  on: Uploaded<AnyModel>,
  text: ExplainedText,
  all: readonly (Pick<Difference, "target"> & { score: number })[],
): Promise<Float64Array[]> {
  const shares = all.map(() => new Float64Array(text.words.length));
  const leave = poolingOf(on.model.config).isPerStep ? outputsWithEmpty : outputsWithout;
  for (const words of together([...text.words.keys()], text.ids.length)) {
    for (const [k, outputs] of (await leave(on, text, words)).entries()) {
      const mixed = mixedOutputs(text.mix, outputs, text.mix?.linear?.without(words[k]) ?? 0);
      for (const [i, { target, score }] of all.entries()) {
        shares[i][words[k]] = score - target.score(mixed);
      }
    }
  }
  return shares;
}

/** Computes the outputs for a text with an empty word in place of each of `words`. */
async function outputsWithEmpty(
  on: Uploaded<AnyModel>,
  text: ExplainedText,
  words: readonly number[],
): Promise<FloatArray[]> {
  const scales = words.map((word) => evenly(text.ids.length, 1).fill(0, word, word + 1));
  return await outputsOf(on, text, scales);
}

/** Computes the outputs for a text without each of `words`. */
async function outputsWithout(
  on: Uploaded<AnyModel>,
  { ids, mix }: ExplainedText,
  words: readonly number[],
): Promise<FloatArray[]> {
  const { ops, model } = on;
  const wordOf = (t: number) => mix?.linear?.wordOf[t] ?? t;
  const sentences = words.map((word) => {
    const rest = ids.filter((_, t) => wordOf(t) !== word);
    return rest.length > 0 ? rest : Int32Array.of(NO_WORD);
  });
  const [y] = await readAndDispose(
    ops,
    ops.scope(() => [allLogits(ops, model.config, networksOf(on), arrange(ops, model, sentences))]),
  );
  requireFinite(y);
  const width = y.length / words.length;
  return words.map((_, i) => y.subarray(i * width, (i + 1) * width) as FloatArray);
}
