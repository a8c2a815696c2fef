/**
 * Networks that learn gestures: the page's network, and those of the cross-validation.
 *
 * @module
 */
import { createCpuBackend } from "@unroll/backend-cpu";
import {
  createSeriesClassifier,
  nearestNeighbor,
  predict,
  recommendSeriesClassifier,
  type Series,
  type SeriesClassificationModel,
  train,
} from "@unroll/core";
import type { CrossValidation, Progress } from "./gestures_protocol.ts";
import { CSV, NETWORK, TRAINING } from "./gestures_settings.ts";

const MOST_FOLDS = 5;

/** One thread, because the network is small. */
export const backend = createCpuBackend({ threads: 1 });

/** Creates an untrained network for these strokes, and its training, one epoch at a time. */
export function training(strokes: readonly Series[]): {
  model: SeriesClassificationModel;
  epochs: AsyncGenerator<Progress, void>;
} {
  const advice = recommendSeriesClassifier(strokes);
  const model = createSeriesClassifier(strokes, { ...advice.network, ...NETWORK });
  const { time, series, label } = CSV;
  model.dataColumns = { time, series, label, layout: "long" }; // of the saved file
  async function* epochs(): AsyncGenerator<Progress, void> {
    const options = { ...advice.training, ...TRAINING };
    for await (const event of train(backend, model, strokes, options)) {
      if (event.type !== "epoch") continue;
      const { epoch, train: { loss, accuracy } } = event;
      yield { epoch, epochs: TRAINING.epochs, loss, accuracy };
    }
  }
  return { model, epochs: epochs() };
}

/**
 * Cross-validates: the strokes of each label are dealt into folds in turn; each fold is predicted
 * by a network trained on the others, and by their nearest neighbor. Yields after each epoch, with
 * the results so far when a fold is done.
 */
export async function* crossValidation(
  strokes: readonly Series[],
): AsyncGenerator<CrossValidation | undefined, void> {
  const counts = new Map<string, number>();
  const turns = strokes.map(({ label = "" }) => {
    const turn = counts.get(label) ?? 0;
    counts.set(label, turn + 1);
    return turn;
  });
  const folds = Math.min(MOST_FOLDS, ...counts.values());
  if (folds < 2) return; // leaving a fold out would leave nothing to train on
  const predicted: (string | undefined)[] = strokes.map(() => undefined);
  let asked = 0, network = 0, nearest = 0;
  for (let fold = 0; fold < folds; fold++) {
    const isLeftOut = (i: number) => turns[i] % folds === fold;
    const learned = strokes.filter((_, i) => !isLeftOut(i));
    const leftOut = strokes.filter((_, i) => isLeftOut(i));
    const { model, epochs } = training(learned);
    for await (const _ of epochs) yield undefined;
    const labels = (await predict(backend, model, leftOut)).map(({ label }) => label);
    let next = 0;
    for (const i of strokes.keys()) if (isLeftOut(i)) predicted[i] = labels[next++];
    asked += leftOut.length;
    network += leftOut.filter(({ label }, i) => label === labels[i]).length;
    nearest += leftOut.length * nearestNeighbor(learned, leftOut).accuracy;
    const accuracies = { network: network / asked, nearest: nearest / asked };
    yield { fold: fold + 1, folds, predicted: [...predicted], ...accuracies };
  }
}
