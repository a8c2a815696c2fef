/**
 * Training of language models by truncated backpropagation through time.
 *
 * @module
 */
import type { Tensor } from "../backend.ts";
import { InputError } from "../errors.ts";
import type { State } from "../network/cells/cell.ts";
import { symbolLoss } from "../network/loss.ts";
import { namedStates, restoredStates, tensorsOf, zeroStates } from "../network/states.ts";
import type { Weights } from "../network/weights.ts";
import { sequenceOf } from "../sequence.ts";
import { type Buckets, drawBatches } from "../training/buckets.ts";
import { type EncodedSet, longestOf } from "../training/encoded.ts";
import { lazyChecksum } from "../training/checkpoint.ts";
import type { SettledOptions } from "../training/settled.ts";
import { trainStep } from "../training/step.ts";
import type { Sets, TrainingTask } from "../training/training_task.ts";
import { measureSteps } from "./measure.ts";
import { requireKnown } from "./encode.ts";
import type { LanguageModel } from "./model.ts";
import { cutStreams, type StreamBatch, symbolsIn } from "./streams.ts";

const TIME_STEPS = 50; // symbols in a chunk

/**
 * Creates the training of a language model.
 *
 * @param place The prefix of errors about the text, which may be unknown or too short.
 */
export function documentTraining(
  model: LanguageModel,
  { examples, validation, test }: Sets,
  options: SettledOptions,
  place: string,
): TrainingTask {
  const { config } = model;
  const { batchSize, timeSteps: given } = options;
  const timeSteps = given ?? TIME_STEPS;
  const symbols = symbolsIn(examples);
  requireKnown(model, place || "the text: ", examples);
  requireKnown(model, "the validation text: ", validation);
  requireKnown(model, "the test text: ", test);
  if (given !== null && symbols < timeSteps) {
    throw new InputError(
      `${place || "the text "}has ${symbols} ${model.unit} to learn from, fewer ` +
        `than one chunk of ${timeSteps}; give a longer text, or use shorter chunks`,
    );
  }
  const checksum = lazyChecksum(examples, validation);
  return {
    get checksum() {
      return checksum();
    },
    begin(ops, before) {
      let states: State[] = [];
      if (before) ops.scope(() => tensorsOf(states = restoredStates(ops, config, before)));
      const measureOf = (set: EncodedSet) =>
        set.length === 0
          ? undefined
          : (weights: Weights<Tensor>) => measureSteps(ops, config, weights, set);
      return {
        loss: symbolLoss,
        stepsPerCall: 1,
        validation: measureOf(validation),
        test: measureOf(test),
        epoch(order) {
          const batches = batchesOf(examples, batchSize, timeSteps, order);
          return {
            sizes: batches.sizes,
            steps(trained, first, { learningRates: [learningRate], ...settings }) {
              const { examples, resetState, timeSteps } = batches.at(first)!;
              if (first === 0) { // an epoch starts without a carried state
                ops.dispose(tensorsOf(states));
                ops.scope(() => tensorsOf(states = zeroStates(ops, config, resetState.length)));
              }
              if (states[0]?.h.shape[0] !== resetState.length) {
                throw new InputError(
                  "the checkpoint lacks the states of its streams; start over",
                );
              }
              const step = trainStep(ops, config, trained, examples, timeSteps, {
                ...settings,
                learningRate,
                carriedState: { states, resetState },
              });
              ops.dispose(tensorsOf(states));
              states = step.carriedState!;
              return step;
            },
          };
        },
        carriedState: () => namedStates(config, states),
        dispose: () => ops.dispose(tensorsOf(states)),
      };
    },
  };
}

/** Cuts documents into streams, or batches them by length if each fits into one chunk. */
function batchesOf(
  documents: EncodedSet,
  batchSize: number,
  timeSteps: number,
  random: Parameters<typeof drawBatches>[2],
): Buckets<StreamBatch> {
  if (longestOf(documents) <= timeSteps) {
    const batches = drawBatches(documents, batchSize, random);
    const whole = (i: number) => {
      const batch = batches.at(i)!;
      return { ...batch, resetState: batch.examples.map(() => true) };
    };
    const sizes = Array.from(batches, ({ examples }) => symbolsIn(examples));
    return { ...sequenceOf(batches.length, whole), sizes };
  }
  const order = Uint32Array.from({ length: documents.length }, (_, i) => i);
  random?.shuffle(order);
  return cutStreams(documents, batchSize, timeSteps, order);
}
