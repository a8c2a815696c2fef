/**
 * Training of models that classify series.
 *
 * @module
 */
import type { Ops } from "../backend.ts";
import {
  meanWeightOf,
  requireWeight,
  settleLabelWeights,
} from "../classification/label_weights.ts";
import { dropoutMasks } from "../network/dropout.ts";
import { crossEntropyLoss } from "../network/loss.ts";
import { backward, forward } from "../network/network.ts";
import { withRecurrentDropout } from "../network/recurrent_dropout.ts";
import type { Sequence } from "../sequence.ts";
import { checksum } from "../training/checkpoint.ts";
import type { SettledOptions } from "../training/settled.ts";
import { makeStep, type StepSettings, type StepWork, weightedClipping } from "../training/step.ts";
import { rowWeightsOf } from "../training/row_weights.ts";
import { type SteppedTraining, steppedTraining } from "../training/stepped_training.ts";
import type { Sets, TrainingTask } from "../training/training_task.ts";
import { drawSeries, uploadSeries, variationOf } from "./batch.ts";
import type { EncodedSeries } from "./encode.ts";
import { measureSeries, seriesMetrics } from "./measure.ts";
import type { SeriesClassificationModel } from "./model.ts";

/** Returns the forward pass of a batch of augmented series, for any loss. */
export function seriesPass(
  ops: Ops,
  model: Parameters<typeof uploadSeries>[1] & Parameters<typeof variationOf>[0],
  series: readonly EncodedSeries[],
  settings: { seed: number; t: number },
): StepWork["forward"] {
  const { config } = model;
  return withRecurrentDropout(ops, config, settings, (weights) => {
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
  });
}

/** Returns the work of a training step: targets, loss and passes of a batch of augmented series. */
export function seriesWork(
  ops: Ops,
  model: SeriesClassificationModel,
  series: readonly EncodedSeries[],
  settings: Pick<StepSettings, "seed" | "t" | "labelWeights" | "meanWeight">,
): StepWork {
  const targets = Int32Array.from(series, ({ labels }) => labels[0]);
  return {
    targets,
    rowWeights: rowWeightsOf(targets, settings.labelWeights, settings.meanWeight),
    loss: crossEntropyLoss,
    forward: seriesPass(ops, model, series, settings),
  };
}

/** Computes a checksum of the encoded series, of inputs and labels. */
function seriesChecksum(...sets: Sequence<EncodedSeries>[]): number {
  const rounded = (inputs: EncodedSeries["inputs"]) =>
    new Int32Array(Float32Array.from(inputs).buffer);
  return checksum(
    ...sets.map((set) =>
      Array.from(set, ({ inputs, labels }) => ({ words: rounded(inputs), labels }))
    ),
  );
}

/** Returns a training task on series, for any loss. */
export function trainingOnSeries(
  sets: Sets<EncodedSeries>,
  { batchSize }: SettledOptions,
  goal: Omit<SteppedTraining<EncodedSeries, readonly EncodedSeries[]>, "checksum" | "draw">,
): TrainingTask {
  const { examples, validation } = sets;
  let known: number | undefined;
  return steppedTraining(sets, {
    ...goal,
    checksum: () => known ??= seriesChecksum(examples, validation),
    draw(order) {
      const batches = drawSeries(examples, batchSize, order);
      return {
        sizes: batches.map(({ length }) => length),
        at: (place) => Array.from(batches[place], (i) => examples.at(i)!),
      };
    },
  });
}

/** Returns the training task of a series classifier. */
export function seriesTraining(
  model: SeriesClassificationModel,
  sets: Sets<EncodedSeries>,
  options: SettledOptions,
): TrainingTask {
  const { examples, validation, test } = sets;
  const counts = model.labels.map(() => 0);
  for (const { labels: [label] } of examples) counts[label]++;
  const labelWeights = settleLabelWeights(options.labelWeights, model.labels, counts);
  const meanWeight = labelWeights && meanWeightOf(labelWeights, counts);
  for (const [name, set] of Object.entries({ validation, test })) {
    requireWeight(`the ${name} series`, set, model.labels, labelWeights);
  }
  return trainingOnSeries(sets, options, {
    labelWeights,
    loss: crossEntropyLoss,
    async *measure(ops, weights, set) {
      const measured = yield* measureSeries({ ops, model, weights }, set);
      return seriesMetrics(measured, set, model.labels.length, labelWeights);
    },
    step(ops, trained, series, settings) {
      const own = { ...settings, labelWeights, meanWeight };
      const work = seriesWork(ops, model, series, own);
      return makeStep(ops, trained, work, {
        ...own,
        clipping: weightedClipping(own, work.rowWeights),
      });
    },
  });
}
