/**
 * Learning to tell texts, or the words in them, apart.
 *
 * @module
 */
import type { Tensor } from "../backend.ts";
import { drawBatches } from "../training/buckets.ts";
import { checksum } from "../training/checkpoint.ts";
import { createMeasureSet, handlesOf, measure, type MeasureSet } from "./evaluate.ts";
import type { Lesson, Measure, Sets } from "../training/task.ts";
import type { EncodedExample, Model } from "../model.ts";
import type { Weights } from "../network/config.ts";
import { canDescend, descend, trainStep } from "../training/step.ts";
import {
  clippingOf,
  meanWeightOf,
  requireWeight,
  type SettledOptions,
  settleLabelWeights,
} from "../training/options.ts";

const WORK_AT_ONCE = 2 ** 27; // multiplications, of some ten milliseconds: requests to stop wait for it

/** The lesson of a model that gives labels. */
export function textLesson(
  model: Model,
  { examples, validation, test }: Sets,
  options: SettledOptions,
): Lesson {
  const { config } = model;
  const counts = model.labels.map(() => 0);
  for (const { labels } of examples) for (const label of labels) counts[label]++;
  const labelWeights = settleLabelWeights(options.labelWeights, model.labels, counts);
  const meanWeight = labelWeights && meanWeightOf(labelWeights, counts);
  for (const [name, set] of Object.entries({ validation, test })) {
    requireWeight(`the ${name} examples`, set, model.labels, labelWeights);
  }
  const longest = examples.reduce((most, { words }) => Math.max(most, words.length), 1);
  const { batchSize, optimizer } = options;
  return {
    sum: checksum(examples, validation),
    begin(ops) {
      const isFast = batchSize === 1 &&
        canDescend(ops, config, { optimizer, clipping: clippingOf(options), labelWeights });
      const onDevice: MeasureSet[] = [];
      const measureOf = (set: readonly EncodedExample[]) => {
        if (set.length === 0) return undefined;
        const own = createMeasureSet(ops, model, set);
        onDevice.push(own);
        return (weights: Weights<Tensor>) => measure(ops, config, weights, own, { labelWeights });
      };
      let measures: { validation?: Measure; test?: Measure } = {};
      ops.scope(() => {
        measures = { validation: measureOf(validation), test: measureOf(test) };
        return onDevice.flatMap(handlesOf);
      });
      return {
        labelWeights,
        ...measures,
        // On single sentences many steps are one op.
        atOnce: isFast
          ? Math.max(1, Math.floor(WORK_AT_ONCE / (3 * longest * config.hidden ** 2)))
          : 1,
        epoch(order) {
          const batches = drawBatches(examples, batchSize, order);
          return {
            sizes: batches.map(({ examples }) =>
              examples.filter(({ words }) => words.length > 0).length
            ),
            steps(trained, first, { rates, clipping, ...settings }) {
              if (isFast) {
                const some = batches.slice(first, first + rates.length);
                const sentences = some.flatMap(({ examples }) => examples);
                return descend(ops, config, trained.weights, sentences, rates, clipping.value);
              }
              const { examples, timeSteps } = batches[first];
              const [learningRate] = rates;
              return trainStep(ops, config, trained, examples, timeSteps, {
                ...settings,
                clipping,
                learningRate,
                labelWeights,
                meanWeight,
              });
            },
          };
        },
        carried: () => ({}),
        dispose: () => ops.dispose(onDevice.flatMap(handlesOf)),
      };
    },
  };
}
