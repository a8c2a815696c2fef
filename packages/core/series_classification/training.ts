/**
 * Training of models that give series a label.
 *
 * @module
 */
import {
  meanWeightOf,
  requireWeight,
  settleLabelWeights,
} from "../classification/label_weights.ts";
import { dropoutMasks } from "../network/dropout.ts";
import { crossEntropyLoss } from "../network/loss.ts";
import { backward, forward } from "../network/network.ts";
import type { Sequence } from "../sequence.ts";
import { checksum } from "../training/checkpoint.ts";
import type { SettledOptions } from "../training/settled.ts";
import {
  makeStep,
  rowWeightsOf,
  type StepSettings,
  type StepWork,
  weightedClipping,
} from "../training/step.ts";
import type { Measure, Sets, TrainingTask } from "../training/training_task.ts";
import { drawSeries, uploadSeries, variationOf } from "./batch.ts";
import type { EncodedSeries } from "./encode.ts";
import { measureSeries, seriesMetrics } from "./measure.ts";
import type { SeriesClassificationModel } from "./model.ts";

/** What a step reads: its series, varied, forward and back. */
export function seriesWork(
  ops: Parameters<typeof makeStep>[0],
  model: SeriesClassificationModel,
  series: readonly EncodedSeries[],
  settings: Pick<StepSettings, "seed" | "t" | "labelWeights" | "meanWeight">,
): StepWork {
  const { config } = model;
  const targets = Int32Array.from(series, ({ labels }) => labels[0]);
  return {
    targets,
    rowWeights: rowWeightsOf(targets, settings.labelWeights, settings.meanWeight),
    loss: crossEntropyLoss,
    forward(weights) {
      const vary = variationOf(model, settings);
      const { batch, inputs, timeSteps } = uploadSeries(ops, model, series, vary);
      const masks = dropoutMasks(ops, config, series.length, timeSteps, settings);
      const options = { inputs, masks };
      const pass = forward(ops, config, weights, batch, options);
      return {
        outputs: pass.logits,
        backward: (dLogits) =>
          backward(ops, config, weights, batch, pass, dLogits, options).gradients,
      };
    },
  };
}

/** A checksum of series as the network sees them, labels and numbers. */
export function seriesChecksum(...sets: Sequence<EncodedSeries>[]): number {
  const rounded = (inputs: EncodedSeries["inputs"]) =>
    new Int32Array(Float32Array.from(inputs).buffer);
  return checksum(
    ...sets.flatMap((set) => [
      Array.from(set, ({ inputs, labels }) => ({ words: rounded(inputs), labels })),
    ]),
  );
}

/** The training of a model that gives series a label. */
export function seriesTraining(
  model: SeriesClassificationModel,
  { examples, validation, test }: Sets<EncodedSeries>,
  options: SettledOptions,
): TrainingTask {
  const counts = model.labels.map(() => 0);
  for (const { labels: [label] } of examples) counts[label]++;
  const labelWeights = settleLabelWeights(options.labelWeights, model.labels, counts);
  const meanWeight = labelWeights && meanWeightOf(labelWeights, counts);
  for (const [name, set] of Object.entries({ validation, test })) {
    requireWeight(`the ${name} series`, set, model.labels, labelWeights);
  }
  let known: number | undefined;
  return {
    get checksum() {
      return known ??= seriesChecksum(examples, validation);
    },
    begin(ops) {
      const measureOf = (set: Sequence<EncodedSeries>): Measure | undefined => {
        if (set.length === 0) return undefined;
        return async function* (weights) {
          const measured = yield* measureSeries({ ops, model, weights }, set);
          return seriesMetrics(measured, set, model.labels.length, labelWeights);
        };
      };
      return {
        labelWeights,
        loss: crossEntropyLoss,
        validation: measureOf(validation),
        test: measureOf(test),
        stepsPerCall: 1,
        epoch(order) {
          const batches = drawSeries(examples, options.batchSize, order);
          return {
            sizes: batches.map(({ length }) => length),
            steps(trained, first, { learningRates: [learningRate], ...settings }) {
              const series = Array.from(batches[first], (i) => examples.at(i)!);
              const own = { ...settings, learningRate, labelWeights, meanWeight };
              const work = seriesWork(ops, model, series, own);
              const clipping = weightedClipping(own, work.rowWeights);
              return makeStep(ops, trained, work, { ...own, clipping });
            },
          };
        },
        carriedState: () => ({}),
        dispose() {},
      };
    },
  };
}
