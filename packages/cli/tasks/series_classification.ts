/**
 * The task of classifying series.
 *
 * @module
 */
import {
  createSeriesClassifier,
  evaluate,
  type Evaluation,
  nearestNeighbor,
  recommendSeriesClassifier,
  type Series,
  type SeriesClassificationModel,
} from "@unroll/core";
import {
  describeCount,
  describeEvaluation,
  describeReview,
  reviewFacts,
} from "../output/label_review.ts";
import { few, figure, percent, shellWord } from "../output/terminal.ts";
import { countsOf, nameOf, SET_NAMES } from "../output/train_report.ts";
import { openLabeledSeries, planLabeledSeries } from "./labeled_series.ts";
import { seriesPrediction, seriesServing } from "./series_predict.ts";
import type { Task } from "./task.ts";

const MOST_COMPARED = 2000; // training series that each evaluated series is compared with
const UNIT = "series";

/** The task `series-classification`: one label for each series. */
export const seriesClassification: Task<SeriesClassificationModel, Series> = {
  name: "series-classification",
  models: "series-classification",
  usage: "use it with deno task predict --data FILE",
  flags: [
    "label-column",
    "series",
    "time",
    "features",
    "layout",
    "decimal",
    "day-first",
    "max-gap",
    "bidirectional",
    "head",
    "segment",
    "noise",
    "stretch",
    "label-weights",
  ],
  without: ["embedding", "strip-html"],
  help: {
    examples: [
      "train --task series-classification --data gestures.csv --series gesture --time step",
      "train --task series-classification --data train.csv --test test.csv --layout wide",
    ],
    about: "100 series of 100 steps",
    sets: () => [100, 20, 2000].map((count) => wavesOf(count)),
    note: () =>
      "Training adds noise to each number and stretches or shrinks each column, so that a few " +
      "dozen series are enough: see --noise and --stretch.",
    advise(examples) {
      const advice = recommendSeriesClassifier(examples);
      const network = { ...advice.network, embedding: undefined };
      return { ...advice, network, model: createSeriesClassifier(examples, advice.network) };
    },
  },
  open: openLabeledSeries,
  plan: (all, settings, known) =>
    Promise.resolve().then(() =>
      planLabeledSeries(all, settings, known, { byLabel: true, create: createSeriesClassifier })
    ),
  settles: ({ segment, noise, stretch }) => ({ segment, noise, stretch }),
  table(model, sets) {
    const { labels, columns } = model;
    return {
      start: `Training ${nameOf(model)} to classify series of ${few(columns)} into ` +
        `${labels.length} labels, on ${countsOf(UNIT, sets)}.`,
      record: { columns, labels },
      unit: UNIT,
      columns: ["loss", "accuracy"],
      cells: ({ loss, accuracy }) => [figure(loss, 4), percent(accuracy)],
    };
  },
  async results(backend, model, measured, on = "training", learned) {
    const evaluation = await evaluate(backend, model, measured);
    const { accuracy, majority, confused, mistakes, unseen } = evaluation;
    const nearest = on === "training" || learned.length > MOST_COMPARED
      ? undefined
      : nearestNeighbor(learned, measured, { columns: model.columns }).accuracy;
    const comparison = describeWinner(evaluation, nearest);
    return {
      lines: [
        "",
        comparison,
        ...describeReview(
          evaluation,
          `${SET_NAMES[on]} (${describeCount(measured.length, undefined, UNIT)})`,
          nearest === undefined ? "" : `one nearest neighbor ${percent(nearest)}; `,
        ),
      ],
      records: [{
        type: "review",
        on,
        comparison,
        series: measured.length,
        accuracy,
        ...(nearest === undefined ? {} : { nearestNeighbor: nearest }),
        ...{ majority, confused, unseen, mistakes },
      }],
    };
  },
  async report(backend, model, measured) {
    const evaluation = await evaluate(backend, model, measured);
    const { confusion, confused, mistakes } = evaluation;
    const { labels, columns, segment } = model;
    return {
      facts: [
        ["Columns", few(columns)],
        ["Steps read at once", String(segment)],
        ["Prediction from", model.config.head],
        ["Labels", String(labels.length)],
        ["Evaluated on", describeCount(measured.length, undefined, UNIT)],
        ...reviewFacts(evaluation),
      ],
      ...{ labels, confusion, confused, mistakes },
    };
  },
  hint: (path) => `deno task predict --model ${shellWord(path)} --data new.csv --out answers.csv`,
  async evaluate(backend, model, examples) {
    const evaluation = await evaluate(backend, model, examples);
    const series = examples.length;
    return {
      lines: describeEvaluation(evaluation, series, undefined, UNIT),
      records: [{ series, ...evaluation }],
    };
  },
  predict: seriesPrediction,
  serve: seriesServing,
  summary: ({ task, columns, labels, segment, noise, stretch }) => (
    { task, columns, segment, noise, stretch, labels }
  ),
};

/** Compares the network with the baselines in one line. */
function describeWinner({ accuracy, majority }: Evaluation, nearest = -1): string {
  const [name, best] = nearest >= majority.accuracy
    ? ["one nearest neighbor", nearest]
    : ["the majority class", majority.accuracy];
  if (accuracy === best) return `The network and ${name} have the same accuracy, ${percent(best)}.`;
  const both = `accuracy ${percent(accuracy)}, and ${percent(best)} for ${name}`;
  return accuracy > best
    ? `The network beats the baselines: ${both}, the best of them.`
    : `A baseline beats the network: ${both}. Use that one, or train on more series.`;
}

/** Returns series for which to show defaults. */
function wavesOf(count: number): Series[] {
  return Array.from({ length: count }, (_, i) => ({
    columns: ["value"],
    values: [Float64Array.from({ length: 100 }, (_, t) => Math.sin(t / (2 + i % 2)))],
    label: i % 2 ? "slow" : "fast",
  }));
}
