/**
 * Learning to foretell documents.
 *
 * @module
 */
import type { Tensor } from "../backend.ts";
import { drawBatches } from "../training/buckets.ts";
import type { State } from "../network/cells/cell.ts";
import { checksum } from "../training/checkpoint.ts";
import { InputError } from "../errors.ts";
import type { Lesson, Sets } from "../training/task.ts";
import type { EncodedExample, Model } from "../model.ts";
import type { Weights } from "../network/config.ts";
import { trainStep } from "../training/step.ts";
import type { SettledOptions } from "../training/options.ts";
import { freshStates, namesOf, restoredStates, tensorsOf } from "../network/states.ts";
import { measureDocuments } from "./measure.ts";
import { cutStreams, type StreamBatch, symbolsIn } from "./streams.ts";

const TIME_STEPS = 50; // symbols in a piece

/**
 * The lesson of a language model.
 *
 * @param place What errors about the text begin with.
 */
export function documentLesson(
  model: Model,
  { examples, validation, test }: Sets,
  options: SettledOptions,
  place: string,
): Lesson {
  const { config } = model;
  const { batchSize, timeSteps: given } = options;
  const timeSteps = given ?? TIME_STEPS;
  const symbols = symbolsIn(examples);
  if (given !== null && symbols < timeSteps) {
    throw new InputError(
      `${place || "the text "}has ${symbols} ${model.unit} to learn from, fewer ` +
        `than one piece of ${timeSteps}; give a longer text, or shorter pieces`,
    );
  }
  return {
    sum: checksum(examples, validation),
    begin(ops, before) {
      let states: State[] = [];
      if (before) ops.scope(() => tensorsOf(states = restoredStates(ops, config, before)));
      const measureOf = (set: readonly EncodedExample[]) =>
        set.length === 0
          ? undefined
          : (weights: Weights<Tensor>) => measureDocuments(ops, config, weights, set);
      return {
        atOnce: 1,
        validation: measureOf(validation),
        test: measureOf(test),
        epoch(order) {
          const batches = batchesOf(examples, batchSize, timeSteps, order);
          return {
            sizes: batches.map(({ examples }) => symbolsIn(examples)),
            steps(trained, first, { rates: [learningRate], ...settings }) {
              const { examples, fresh, timeSteps } = batches[first];
              if (first === 0) { // an epoch begins at the documents' beginning
                ops.dispose(tensorsOf(states));
                ops.scope(() => tensorsOf(states = freshStates(ops, config, fresh.length)));
              }
              if (states[0]?.h.shape[0] !== fresh.length) {
                throw new InputError(
                  "the checkpoint does not tell the states of its streams; start afresh",
                );
              }
              const step = trainStep(ops, config, trained, examples, timeSteps, {
                ...settings,
                learningRate,
                carried: { states, fresh },
              });
              ops.dispose(tensorsOf(states));
              states = step.carried!;
              return step;
            },
          };
        },
        carried: () => namesOf(states),
        dispose: () => ops.dispose(tensorsOf(states)),
      };
    },
  };
}

/** Streams, or where every document fits into one piece, documents of like length side by side. */
function batchesOf(
  documents: readonly EncodedExample[],
  batchSize: number,
  timeSteps: number,
  order: Parameters<typeof drawBatches>[2],
): StreamBatch[] {
  if (documents.every(({ words }) => words.length <= timeSteps)) {
    return drawBatches(documents, batchSize, order)
      .map((batch) => ({ ...batch, fresh: batch.examples.map(() => true) }));
  }
  const ordered = [...documents];
  order?.shuffle(ordered);
  return cutStreams(ordered, batchSize, timeSteps);
}
