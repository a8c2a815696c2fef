/**
 * Evaluation of language models on documents.
 *
 * @module
 */
import type { FloatArray, Ops, Tensor } from "../backend.ts";
import type { Example } from "../data/examples.ts";
import { placeOf } from "../data/place.ts";
import { InputError } from "../errors.ts";
import { createBatch } from "../network/batch.ts";
import type { State } from "../network/cells/cell.ts";
import type { NetworkConfig } from "../network/config.ts";
import { crossEntropy, isRightSymbol } from "../network/loss.ts";
import { forward } from "../network/network.ts";
import { finalStates, resetStates, tensorsOf, zeroStates } from "../network/states.ts";
import type { Weights } from "../network/weights.ts";
import { readAndDispose, requireFinite } from "../ops/reading.ts";
import type { Sequence } from "../sequence.ts";
import type { Uploaded } from "../task.ts";
import type { EncodedSet } from "../training/encoded.ts";
import type { Metrics } from "../training/metrics.ts";
import { resultOf } from "../training/training_task.ts";
import { targetsOf } from "../training/step.ts";
import { encodeDocuments, requireKnown, unknownFraction } from "./encode.ts";
import type { LanguageModel } from "./model.ts";
import { cutStreams, symbolsIn } from "./streams.ts";

const MOST_STREAMS = 32; // streams that are read in parallel
const STREAM_LENGTH = 4096; // at least, because each stream starts without context
const TIME_STEPS = 64;

/**
 * The evaluation of a language model. The loss divided by ln 2 is in bits per symbol; e raised to
 * the loss is the perplexity.
 */
export interface LanguageModelEvaluation {
  /** The mean cross-entropy per symbol, in nats. */
  loss: number;
  /** The fraction of symbols whose most probable prediction is right, from 0 to 1. */
  accuracy: number;
  /** The number of predicted symbols. */
  symbols: number;
  /** The fraction of symbols that the model does not know, from 0 to 1; they count as wrong. */
  unknown: number;
}

/** Evaluates a model on documents; throws an `InputError` if there are none. */
export async function evaluateDocuments(
  { ops, model, weights }: Uploaded<LanguageModel>,
  examples: Sequence<Example>,
): Promise<LanguageModelEvaluation> {
  if (examples.length === 0) throw new InputError("there are no texts to evaluate on");
  const documents = encodeDocuments(model, examples);
  requireKnown(model, placeOf(examples) || "the text: ", documents);
  const { loss, accuracy } = await measureDocuments(
    ops,
    model.config,
    weights,
    documents,
    requireFinite,
  );
  return { loss, accuracy, symbols: symbolsIn(documents), unknown: unknownFraction(documents) };
}

/** Returns the number of streams to measure a number of symbols in. */
export function streamsFor(symbols: number): number {
  return Math.max(1, Math.min(MOST_STREAMS, Math.floor(symbols / STREAM_LENGTH)));
}

/**
 * Computes the mean loss in nats per symbol, and the accuracy per symbol.
 *
 * @param check Called with each symbol's logits and the sum of all losses; it may throw.
 */
export function measureDocuments(
  ...given: Parameters<typeof measureSteps>
): Promise<Metrics> {
  return resultOf(measureSteps(...given));
}

/** Like {@linkcode measureDocuments}, in steps, so that other work can run between them. */
export async function* measureSteps(
  ops: Ops,
  config: NetworkConfig,
  weights: Weights<Tensor>,
  documents: EncodedSet,
  check?: (numbers: FloatArray, what?: string) => void,
): AsyncGenerator<void, Metrics> {
  const words = (weights.embedding ?? weights.Wxh).shape[0], labels = weights.by.shape[1];
  const batches = cutStreams(documents, streamsFor(symbolsIn(documents)), TIME_STEPS);
  let states: State[] = [];
  const size = batches.at(0)!.examples.length;
  ops.scope(() => tensorsOf(states = zeroStates(ops, config, size)));
  let loss = 0, right = 0, count = 0;
  try {
    for (const { examples, resetState, timeSteps } of batches) {
      const targets = targetsOf(config, examples, timeSteps);
      const before = states;
      let after: State[] = [];
      const [losses, logits] = ops.scope(() => {
        const batch = createBatch(
          ops,
          config,
          examples.map((each) => each.words),
          words,
          timeSteps,
        );
        const initial = resetStates(ops, before, resetState);
        const pass = forward(ops, config, weights, batch, { initial });
        after = finalStates(ops, pass.layers, size);
        const targetIds = ops.indices(targets, labels);
        return [crossEntropy(ops, pass.logits, targetIds), pass.logits, ...tensorsOf(after)];
      });
      states = after;
      ops.dispose(tensorsOf(before));
      const [l, y] = await readAndDispose(ops, [losses, logits]);
      yield;
      for (const [i, target] of targets.entries()) {
        if (target < 0) continue;
        check?.(y.subarray(i * labels, (i + 1) * labels) as FloatArray);
        loss += l[i];
        count++;
        if (isRightSymbol(y, i, labels, target)) right++;
      }
    }
  } finally {
    ops.dispose(tensorsOf(states));
  }
  check?.(Float64Array.of(loss), "losses");
  return { loss: loss / count, accuracy: right / count };
}
