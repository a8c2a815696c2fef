/**
 * Training of models that label texts or words.
 *
 * @module
 */
import type { Tensor } from "../backend.ts";
import { InputError } from "../errors.ts";
import type { AnyModel } from "../model.ts";
import type { NetworkConfig } from "../network/config.ts";
import { refuseLabelWeights } from "../network/crf.ts";
import { crossEntropyLoss } from "../network/loss.ts";
import type { Weights } from "../network/weights.ts";
import { drawBatches } from "../training/buckets.ts";
import { type EncodedSet, longestOf } from "../training/encoded.ts";
import { lazyChecksum } from "../training/checkpoint.ts";
import { clippingOf, type SettledOptions } from "../training/settled.ts";
import { trainStep } from "../training/step.ts";
import type { Measure, Sets, TrainingTask } from "../training/training_task.ts";
import { meanWeightOf, requireWeight, settleLabelWeights } from "./label_weights.ts";
import {
  createMeasureSet,
  handlesOf,
  type Measured,
  type MeasureSet,
  measureSteps,
} from "./measure.ts";
import { canMakeSgdSteps, sgdSteps } from "./sgd_steps.ts";

const WORK_PER_CALL = 2 ** 27; // multiplications: some ten milliseconds, which a stop waits for

/**
 * Returns the number of words before a text's end that gradients flow back through. With pooling,
 * or in both directions, the first words count as much as the last, so none can be left out.
 */
function windowOf(config: NetworkConfig, timeSteps: number | null): number {
  if (timeSteps === null) return Infinity;
  if (config.head === "last" && !config.bidirectional) return timeSteps;
  throw new InputError(
    "timeSteps is for networks with the head last that read in one direction (--head last " +
      "--bidirectional no); for others, limit the words of a text by the tokenizer's maxLength " +
      "(--max-length)",
  );
}

/** Counts the targets of each label. */
function labelCounts(examples: EncodedSet, labels: number): number[] {
  if (examples.labelCounts) return examples.labelCounts(labels);
  const counts = new Array<number>(labels).fill(0);
  for (const example of examples) for (const label of example.labels) counts[label]++;
  return counts;
}

/** Counts each word of examples whose words are read by letters; undefined for other examples. */
function spelledCounts(examples: EncodedSet): Float64Array | undefined {
  const spellings = examples.at(0)?.spellings;
  if (!spellings) return undefined;
  const counts = new Float64Array(spellings.words);
  for (const { words } of examples) for (const id of words) counts[spellings.wordOf(id)]++;
  return counts;
}

/**
 * Creates the training of a model that labels texts, or their words.
 *
 * @param figures Computes further figures when examples are measured.
 */
export function labelTraining(
  model: AnyModel,
  { examples, validation, test }: Sets,
  options: SettledOptions,
  _place?: string,
  figures?: (set: MeasureSet, measured: Measured) => Record<string, number>,
): TrainingTask {
  const { config } = model;
  const counts = labelCounts(examples, model.labels.length);
  if (config.crf) refuseLabelWeights(options.labelWeights);
  const labelWeights = settleLabelWeights(options.labelWeights, model.labels, counts);
  const meanWeight = labelWeights && meanWeightOf(labelWeights, counts);
  for (const [name, set] of Object.entries({ validation, test })) {
    requireWeight(`the ${name} examples`, set, model.labels, labelWeights);
  }
  const longest = longestOf(examples), wordCounts = spelledCounts(examples);
  const { batchSize, optimizer } = options;
  const checksum = lazyChecksum(examples, validation);
  const window = windowOf(config, options.timeSteps);
  return {
    get checksum() {
      return checksum();
    },
    begin(ops) {
      const isFast = batchSize === 1 && longest <= window && !options.fineTuning &&
        canMakeSgdSteps(ops, config, { optimizer, clipping: clippingOf(options), labelWeights });
      const onDevice: MeasureSet[] = [];
      const measureOf = (set: EncodedSet) => {
        if (set.length === 0) return undefined;
        const own = createMeasureSet(ops, model, set);
        onDevice.push(own);
        return async function* (weights: Weights<Tensor>) {
          const measured = yield* measureSteps(ops, config, weights, own, { labelWeights });
          return { ...measured.metrics, ...figures?.(own, measured) };
        };
      };
      let measures: { validation?: Measure; test?: Measure } = {};
      ops.scope(() => {
        measures = { validation: measureOf(validation), test: measureOf(test) };
        return onDevice.flatMap(handlesOf);
      });
      return {
        labelWeights,
        loss: crossEntropyLoss,
        ...measures,
        // With a batch size of 1, many steps can run as one op.
        stepsPerCall: isFast
          ? Math.max(1, Math.floor(WORK_PER_CALL / (3 * longest * config.hidden ** 2)))
          : 1,
        epoch(order) {
          const batches = drawBatches(examples, batchSize, order);
          return {
            sizes: batches.sizes,
            steps(trained, first, { learningRates, clipping, ...settings }) {
              if (isFast) {
                const sentences = learningRates.flatMap((_, i) => batches.at(first + i)!.examples);
                return sgdSteps(
                  ops,
                  config,
                  trained.weights,
                  sentences,
                  learningRates,
                  clipping.value,
                );
              }
              const { examples, timeSteps } = batches.at(first)!;
              const [learningRate] = learningRates;
              return trainStep(ops, config, trained, examples, timeSteps, {
                ...settings,
                clipping,
                learningRate,
                labelWeights,
                meanWeight,
                window,
                wordCounts,
              });
            },
          };
        },
        carriedState: () => ({}),
        dispose: () => ops.dispose(onDevice.flatMap(handlesOf)),
      };
    },
  };
}
