/**
 * Training runs, the same for Unroll and PyTorch: the training set, the network, the options, and
 * the metric on the held-out set.
 *
 * @module
 */
import {
  type Backend,
  createLanguageModel,
  evaluate,
  type Example,
  type LanguageModelOptions,
  splitSymbols,
  type TrainOptions,
} from "@unroll/core";
import { streamsFor } from "#core/language_model/measure.ts";
import { taskOf } from "#core/tasks.ts";
import { Random, STREAMS } from "#core/random.ts";
import { drawBatches } from "#core/training/buckets.ts";
import type { EncodedExample, EncodedSet } from "#core/training/encoded.ts";
import { learningRateFactor, settleSchedule } from "#core/training/schedule.ts";
import type { AnyModel } from "#core/model.ts";

/** When to stop training. */
export interface Goal {
  /** The metric value to reach on the held-out set. */
  value: number;
  /** Whether lower is better, as for a loss. */
  isLeast: boolean;
}

/** A training run: examples, a network and options. */
export interface Course {
  /** An untrained model. */
  model: AnyModel;
  /** The training set. */
  examples: readonly Example[];
  /** The held-out set. */
  held: readonly Example[];
  /** The training options. */
  options: TrainOptions & { epochs: number; batchSize: number; learningRate: number };
  /** The number of steps per epoch. */
  stepsPerEpoch: number;
  /** Evaluate every this many steps, besides at the end of each epoch. */
  measureEvery?: number;
  /** Returns the metric on the held-out set. */
  measure(backend: Backend, model: AnyModel): Promise<number>;
}

/** Returns the steps after which the network is evaluated, in order. */
export function measuredSteps({ options, stepsPerEpoch, measureEvery }: Course): number[] {
  const last = options.epochs * stepsPerEpoch;
  const steps = Array.from({ length: last }, (_, i) => i + 1);
  return steps.filter((step) =>
    step % stepsPerEpoch === 0 || (measureEvery !== undefined && step % measureEvery === 0)
  );
}

/** Returns the learning rate of each step. */
export function learningRates({ options, stepsPerEpoch }: Course): number[] {
  const { epochs, learningRate } = options;
  const schedule = settleSchedule(options.schedule);
  return Array.from({ length: epochs * stepsPerEpoch }, (_, i) => {
    const epoch = Math.floor(i / stepsPerEpoch) + 1;
    const progress = i / stepsPerEpoch / epochs;
    return learningRate * learningRateFactor(schedule, i + 1, epoch, progress, 0);
  });
}

/** Returns the indices of each step's examples, as Unroll's training loop draws them. */
export function orderOf({ options }: Course, examples: readonly EncodedExample[]): number[][] {
  const { epochs, batchSize, seed = 1 } = options;
  const places = new Map(examples.map(({ words }, place) => [words, place]));
  const order: number[][] = [];
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const batches = drawBatches(examples, batchSize, new Random(seed, STREAMS.order, epoch));
    for (const { examples } of batches) {
      const some = examples.map(({ words }) => places.get(words));
      order.push(some.filter((place) => place !== undefined)); // the others are padding
    }
  }
  return order;
}

/** Returns what a program in another language needs for the same training run. */
export function jobOf(course: Course): { learningRates: number[]; [name: string]: unknown } {
  const { model, options } = course;
  const encoded = (examples: readonly Example[]) =>
    Array.from(
      taskOf(model).encode(model, examples, { mayBeUnseen: true }) as EncodedSet,
      ({ words, labels }) => ({ words, labels }),
    );
  const plain = (examples: readonly EncodedExample[]) =>
    examples.map(({ words, labels }) => ({ words: [...words], labels: [...labels] }));
  const common = {
    task: model.task,
    config: model.config,
    symbols: (model as unknown as { vocabulary: string[] }).vocabulary.length,
    labels: model.labels.length,
    seed: options.seed ?? 1,
    clipNorm: options.clipNorm,
    learningRates: learningRates(course),
    measureAt: measuredSteps(course),
    stepsPerEpoch: course.stepsPerEpoch,
  };
  const examples = encoded(course.examples), held = encoded(course.held);
  if (model.task !== "language-model") {
    const order = orderOf(course, examples);
    return { ...common, examples: plain(examples), held: plain(held), order };
  }
  const { batchSize: batch, timeSteps } = options;
  const heldStreams = streamsFor(held[0].words.length);
  return {
    ...common,
    text: plain(examples)[0],
    held: plain(held)[0],
    heldStreams,
    batch,
    timeSteps,
  };
}

const HELD = 0.05; // the fraction of a text that is held out

/** Returns the training run of a character language model of a text whose end is held out. */
export function textCourse(
  text: string,
  network: LanguageModelOptions,
  options: Course["options"] & { timeSteps: number },
): Course {
  const documentOf = (symbols: readonly string[]) => [{ text: symbols.join("") }];
  const symbols = splitSymbols(text, "characters");
  const cut = Math.floor(symbols.length * (1 - HELD));
  const chunk = options.batchSize * options.timeSteps;
  const stepsPerEpoch = Math.floor(cut / chunk); // so that all streams end together
  const examples = documentOf(symbols.slice(0, stepsPerEpoch * chunk));
  const held = documentOf(symbols.slice(cut));
  return {
    model: createLanguageModel(examples, network),
    examples,
    held,
    options,
    stepsPerEpoch,
    measure: async (backend, model) =>
      (await evaluate(backend, model as ReturnType<typeof createLanguageModel>, held)).loss,
  };
}
