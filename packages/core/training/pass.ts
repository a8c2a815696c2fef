/**
 * Forward and backward passes of a batch of sentences through a network with one stack of layers.
 *
 * @module
 */
import type { Indices, Ops, Tensor } from "../backend.ts";
import type { State } from "../network/cells/cell.ts";
import { longForward } from "../network/checkpointing.ts";
import { areHeavy, CHUNK, readInChunks } from "../network/chunks.ts";
import type { NetworkConfig } from "../network/config.ts";
import { drawMasks, dropoutMasks, dropoutRandom } from "../network/dropout.ts";
import { poolingOf } from "../network/head.ts";
import { backward, forward } from "../network/network.ts";
import { packedPlaces } from "../network/cells/packing.ts";
import { withRecurrentDropout } from "../network/recurrent_dropout.ts";
import type { PassOptions } from "../network/stack.ts";
import { finalStates, resetStates } from "../network/states.ts";
import { createTextBatch, hideRareWords } from "../network/text_batch.ts";
import type { Gradient, Weights } from "../network/weights.ts";
import { takesAnyShape } from "../ops/fused.ts";
import type { EncodedExample } from "./encoded.ts";

/** The forward pass of a batch, and its backward pass. */
export interface Pass {
  /** The outputs that the loss compares with the targets, one row per target. */
  outputs: Tensor;
  /** Computes the gradient of every trained weight from the gradient of the outputs. */
  backward(dOutputs: Tensor): Weights<Gradient>;
  /** Each layer's states after the last word, if they carry over to the next batch. */
  carriedState?: State[];
}

/** Settings of a pass. */
export interface PassSettings {
  /** The number of this step, from 1. */
  t: number;
  /** The random seed of dropout. */
  seed: number;
  /** The number of words at a sentence's end through which gradients flow back. Default: all. */
  window?: number;
  /** How often each word occurs in the training examples, for models that read letters. */
  wordCounts?: Float64Array;
  /** For streams, the states before the first word, and which streams to reset. */
  carriedState?: { states: readonly State[]; resetState: boolean[] };
}

/** The words of a sentence before its last `window` words. */
function beginningOf(words: Int32Array, window: number): Int32Array {
  return words.subarray(0, Math.max(0, words.length - window));
}

/** Maps packed rows, of words only, to the rows of all time steps (zeros for padding), and back. */
function spreadRows(
  ops: Ops,
  places: Int32Array,
  all: number,
): { rows: Indices; places: Indices } {
  const rows = new Int32Array(all).fill(-1);
  for (const [row, place] of places.entries()) if (place >= 0) rows[place] = row;
  return { rows: ops.indices(rows, places.length), places: ops.indices(places, all) };
}

/** Packs the rows of dropout masks, except the last mask's if its rows are sentences. */
function maskRows(
  ops: Ops,
  masks: PassOptions["masks"],
  places: Int32Array,
  bound: number,
  isPerStep: boolean,
): PassOptions["masks"] {
  if (!masks) return undefined;
  const rows = ops.indices(places, bound);
  const ofWords = isPerStep ? masks.length : masks.length - 1;
  return masks.map((mask, i) => {
    if (!mask || i >= ofWords) return mask;
    const kept = ops.gatherRows(mask, rows);
    ops.dispose([mask]);
    return kept;
  });
}

/** Returns the pass of a batch through a network with one stack of layers, for any loss. */
export function passOf(
  ops: Ops,
  config: NetworkConfig,
  examples: readonly Pick<EncodedExample, "words" | "spellings">[],
  timeSteps: number,
  settings: PassSettings,
): (weights: Weights<Tensor>) => Pass {
  const { carriedState, seed, t, window = Infinity, wordCounts } = settings;
  return withRecurrentDropout(ops, config, settings, (weights): Pass => {
    const whole = examples.map(({ words }) => words);
    const words = (weights.embedding ?? weights.Wxh).shape[0];
    const random = dropoutRandom(seed, t);
    const { spellings } = examples[0];
    const vocabularyOf = () =>
      spellings && wordCounts ? hideRareWords(spellings, wordCounts, random) : spellings ?? words;
    const masksOf = (steps: number) =>
      dropoutMasks(ops, config, whole.length, steps, settings, random);
    const isLong = whole.some(({ length }) => length > window);
    if (!isLong && !carriedState && areHeavy(config, whole)) {
      const drawn = drawMasks(config, whole.length, timeSteps, random);
      const pass = longForward(ops, config, weights, whole, CHUNK, drawn);
      return { outputs: pass.logits, backward: pass.backward };
    }
    const steps = isLong ? window : timeSteps;
    const initial = isLong
      ? readInChunks(ops, config, weights, whole.map((each) => beginningOf(each, window)), {
        chunk: window,
        words,
        masks: masksOf,
      }).states
      : carriedState && resetStates(ops, carriedState.states, carriedState.resetState);
    const sentences = isLong ? whole.map((each) => each.slice(-window)) : whole;
    const { isPerStep } = poolingOf(config), all = steps * sentences.length;
    const places = takesAnyShape(ops) && !carriedState ? packedPlaces(sentences, steps) : undefined;
    const batch = createTextBatch(ops, config, sentences, vocabularyOf(), steps, places);
    const drawn = masksOf(steps);
    const masks = places ? maskRows(ops, drawn, places, all, isPerStep) : drawn;
    const pass = forward(ops, config, weights, batch, { masks, initial });
    const spread = places && isPerStep ? spreadRows(ops, places, all) : undefined;
    return {
      outputs: spread ? ops.gatherRows(pass.logits, spread.rows) : pass.logits,
      backward: (dLogits) => {
        const d = spread ? ops.gatherRows(dLogits, spread.places) : dLogits;
        return backward(ops, config, weights, batch, pass, d, { masks }).gradients;
      },
      ...(carriedState ? { carriedState: finalStates(ops, pass.layers, batch.size) } : {}),
    };
  });
}
