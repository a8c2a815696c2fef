/**
 * Training of translation models.
 *
 * @module
 */
import type { Ops, Tensor } from "../backend.ts";
import type { NetworkConfig } from "../network/config.ts";
import { symbolLoss } from "../network/loss.ts";
import { withRecurrentDropout } from "../network/recurrent_dropout.ts";
import type { Weights } from "../network/weights.ts";
import { Random, STREAMS } from "../random.ts";
import { drawBatches } from "../training/buckets.ts";
import type { EncodedSet } from "../training/encoded.ts";
import { lazyChecksum } from "../training/checkpoint.ts";
import type { SettledOptions } from "../training/settled.ts";
import { rowWeightsOf } from "../training/row_weights.ts";
import { makeStep, type Step, type Trained } from "../training/step.ts";
import type { Sets, StepsSettings, TrainingTask } from "../training/training_task.ts";
import { DECODED_IN_TRAINING, measureSteps } from "./measure.ts";
import { requireKnown } from "./encode.ts";
import type { TranslationModel } from "./model.ts";
import { seq2seqBackward, seq2seqForward } from "./network.ts";
import { arrangePairs, packPairs, pairMasks, type Pairs, targetIds, uploadPairs } from "./pairs.ts";
import { scheduledSampling } from "./scheduled_sampling.ts";

/** Creates the training of a translation model. */
export function pairTraining(
  model: TranslationModel,
  { examples, validation, test }: Sets,
  options: SettledOptions,
  place: string,
): TrainingTask {
  const { config } = model;
  const { batchSize, teacherForcing } = options;
  const symbols = model.vocabulary.length;
  requireKnown(model, place, examples);
  requireKnown(model, "the validation pairs: ", validation);
  requireKnown(model, "the test pairs: ", test);
  const checksum = lazyChecksum(examples, validation);
  return {
    get checksum() {
      return checksum();
    },
    begin(ops) {
      const measureOf = (set: EncodedSet) =>
        set.length === 0 ? undefined : async function* (weights: Weights<Tensor>) {
          const sampled = { decoded: DECODED_IN_TRAINING };
          return (yield* measureSteps(ops, config, weights, set, symbols, sampled)).metrics;
        };
      return {
        loss: symbolLoss,
        stepsPerCall: 1,
        validation: measureOf(validation),
        test: measureOf(test),
        epoch(order) {
          const batches = drawBatches(examples, batchSize, order);
          return {
            sizes: batches.sizes,
            steps(trained, first, settings) {
              const { examples, timeSteps } = batches.at(first)!;
              const pairs = packPairs(ops, arrangePairs(examples, timeSteps, symbols));
              if (teacherForcing === 1) return pairStep(ops, config, trained, pairs, settings);
              const random = new Random(settings.seed, STREAMS.scheduledSampling, settings.t);
              return scheduledSampling(ops, config, trained.weights, pairs, teacherForcing, random)
                .then((inputs) => pairStep(ops, config, trained, { ...pairs, inputs }, settings));
            },
          };
        },
        carriedState: () => ({}),
        dispose() {},
      };
    },
  };
}

/** Takes a training step on a batch of pairs. Consumes weights and slots. */
export function pairStep(
  ops: Ops,
  config: NetworkConfig,
  trained: Trained<Tensor>,
  pairs: Pairs,
  { learningRates: [learningRate], ...settings }: StepsSettings,
): Step {
  const targets = targetIds(pairs);
  const forward = withRecurrentDropout(ops, config, settings, (weights) => {
    const batch = uploadPairs(ops, config, weights, pairs);
    const { sources: { length: size }, sourceSteps, targetSteps, places } = pairs;
    const steps = [sourceSteps, targetSteps] as const;
    const [encoder, decoder] = pairMasks(ops, config, size, steps, settings, places);
    const masks = { encoder, decoder };
    const pass = seq2seqForward(ops, config, weights, batch, masks);
    return {
      outputs: pass.decoded.logits,
      backward: (dLogits: Tensor) =>
        seq2seqBackward(ops, config, weights, batch, pass, dLogits, masks).gradients,
    };
  });
  const work = { targets, rowWeights: rowWeightsOf(targets), loss: symbolLoss, forward };
  return makeStep(ops, trained, work, { ...settings, learningRate });
}
