/**
 * Learning to give a text for a text.
 *
 * @module
 */
import type { Tensor } from "../backend.ts";
import { createBatch } from "../network/batch.ts";
import { drawBatches, roomFor } from "../training/buckets.ts";
import { checksum } from "../training/checkpoint.ts";
import type { Lesson, Sets, StepsSettings } from "../training/task.ts";
import { crossEntropy } from "../network/loss.ts";
import type { EncodedExample, Model } from "../model.ts";
import type { NetworkConfig, Weights } from "../network/config.ts";
import type { Ops } from "../ops/checked_ops.ts";
import { Random, STREAMS } from "../random.ts";
import {
  applyGradients,
  dropoutMasks,
  rowWeightsOf,
  type Step,
  type Trained,
} from "../training/step.ts";
import type { PassOptions } from "../network/stack.ts";
import type { SettledOptions } from "../training/options.ts";
import { createGroups } from "./attention.ts";
import { measurePairs } from "./measure.ts";
import { decoderConfig, seq2seqBackward, type Seq2seqBatch, seq2seqForward } from "./network.ts";
import { ownSymbols } from "./scheduled_sampling.ts";

/** The lesson of a model that translates. */
export function pairLesson(
  model: Model,
  { examples, validation, test }: Sets,
  options: SettledOptions,
): Lesson {
  const { config } = model;
  const { batchSize, teacherForcing } = options;
  const symbols = model.vocabulary.length;
  return {
    sum: checksum(examples, validation),
    begin(ops) {
      const measureOf = (set: readonly EncodedExample[]) =>
        set.length === 0
          ? undefined
          : (weights: Weights<Tensor>) => measurePairs(ops, config, weights, set, symbols);
      return {
        atOnce: 1,
        validation: measureOf(validation),
        test: measureOf(test),
        epoch(order) {
          const batches = drawBatches(examples, batchSize, order);
          return {
            sizes: batches.map(({ examples }) =>
              examples.filter(({ words }) => words.length > 0).length
            ),
            steps(trained, first, settings) {
              const { examples, timeSteps } = batches[first];
              const pairs = arrangePairs(examples, timeSteps, symbols);
              if (teacherForcing === 1) return pairStep(ops, config, trained, pairs, settings);
              const random = new Random(settings.seed, STREAMS.teacher, settings.t);
              return ownSymbols(ops, config, trained.weights, pairs, teacherForcing, random)
                .then((inputs) => pairStep(ops, config, trained, { ...pairs, inputs }, settings));
            },
          };
        },
        carried: () => ({}),
        dispose() {},
      };
    },
  };
}

/** Pairs of a batch, on the host. */
export interface Pairs {
  /** The sources' ids; none for padding. */
  sources: Int32Array[];
  /** How many steps the encoder makes. */
  sourceSteps: number;
  /** How many source symbols there are. */
  symbols: number;
  /** What the decoder reads: the start, and of each target all but the end. */
  inputs: Int32Array[];
  /** What it should give: each target, the end with it. */
  targets: readonly Int32Array[];
  /** How many steps the decoder makes. */
  targetSteps: number;
}

/** Pairs side by side. */
export function arrangePairs(
  examples: readonly EncodedExample[],
  sourceSteps: number,
  symbols: number,
): Pairs {
  const targets = examples.map(({ labels }) => labels);
  const longest = targets.reduce((most, { length }) => Math.max(most, length), 1);
  return {
    sources: examples.map(({ words }) => words),
    sourceSteps,
    symbols,
    inputs: targets.map((labels) => {
      const inputs = labels.slice();
      if (labels.length === 0) return inputs; // padding
      inputs.copyWithin(1, 0);
      inputs[0] = labels[labels.length - 1]; // the end is the start too
      return inputs;
    }),
    targets,
    targetSteps: examples.length > 1 ? roomFor(longest) : longest,
  };
}

/** Puts pairs on the device, in the open scope. */
export function uploadPairs(
  ops: Ops,
  config: NetworkConfig,
  weights: Weights<Tensor>,
  { sources, sourceSteps, symbols, inputs, targetSteps }: Pairs,
): Seq2seqBatch {
  const source = createBatch(ops, config, sources, symbols, sourceSteps);
  const own = decoderConfig(config);
  const target = createBatch(ops, own, inputs, weights.by.shape[1], targetSteps);
  const lengths = sources.map(({ length }) => length);
  const isGrouped = weights.Wc && sources.length > 1;
  return {
    source,
    target,
    groups: isGrouped ? createGroups(ops, lengths, sourceSteps, targetSteps) : undefined,
  };
}

/** The right symbol at each place of the decoder, time-major; -1 for padding. */
export function targetIds({ targets, targetSteps }: Pairs): Int32Array {
  const ids = new Int32Array(targetSteps * targets.length).fill(-1);
  for (const [i, target] of targets.entries()) {
    for (const [t, id] of target.entries()) ids[t * targets.length + i] = id;
  }
  return ids;
}

/** Dropout of the encoder and of the decoder, each with numbers of its own at every step. */
export function pairMasks(
  ops: Ops,
  config: NetworkConfig,
  size: number,
  [sourceSteps, targetSteps]: readonly [number, number],
  { seed, t }: Pick<StepsSettings, "seed" | "t">,
): [encoder: PassOptions["masks"], decoder: PassOptions["masks"]] {
  return [
    dropoutMasks(ops, config, size, sourceSteps, { seed, t: 2 * t }),
    dropoutMasks(ops, decoderConfig(config), size, targetSteps, { seed, t: 2 * t + 1 }),
  ];
}

/** Forward, loss, backward, update. Consumes weights and slots. */
export function pairStep(
  ops: Ops,
  config: NetworkConfig,
  { weights, slots }: Trained<Tensor>,
  pairs: Pairs,
  { rates: [learningRate], ...settings }: StepsSettings,
): Step {
  const targets = targetIds(pairs);
  const step: Step = { weights: {}, slots: {}, targets, count: 1 } as Step;
  ops.scope(() => {
    const batch = uploadPairs(ops, config, weights, pairs);
    const steps = [pairs.sourceSteps, pairs.targetSteps] as const;
    const [encoder, decoder] = pairMasks(ops, config, pairs.sources.length, steps, settings);
    const masks = { encoder, decoder };
    const labels = ops.indices(targets, weights.by.shape[1]);
    const column = ops.tensor(rowWeightsOf(targets), [targets.length, 1]);
    const pass = seq2seqForward(ops, config, weights, batch, masks);
    const { gradients } = seq2seqBackward(ops, config, weights, batch, pass, labels, column, masks);
    step.logits = pass.decoded.logits;
    step.losses = crossEntropy(ops, step.logits, labels);
    const update = { ...settings, learningRate };
    Object.assign(step, applyGradients(ops, { weights, slots }, gradients, update));
    return [
      step.losses,
      step.logits,
      ...Object.values(step.weights),
      ...Object.values(step.slots),
    ];
  });
  return step;
}
