/**
 * The task of series regression: predicting a number for a series.
 *
 * @module
 */
import {
  createSeriesRegressor,
  evaluate,
  type Field,
  InputError,
  recommendSeriesClassifier,
  type Sequence,
  type Series,
  type SeriesRegressionModel,
} from "@unroll/core";
import type { RunFlag, RunSettings } from "../flags/run_flags.ts";
import {
  describeNumbers,
  numberComparison,
  numberFacts,
  numberParts,
  rounded,
  shown,
} from "../output/number_review.ts";
import { few, figure, LABEL, print, printable, shellWord, table } from "../output/terminal.ts";
import { countsOf, nameOf, SET_NAMES } from "../output/train_report.ts";
import { reportLeftOut } from "../run/examples.ts";
import { openLabeledSeries, planLabeledSeries, readColumns } from "./labeled_series.ts";
import type { Plan } from "./plan.ts";
import { regression } from "./regression.ts";
import { saveRows } from "./series_predict.ts";
import { serveSeries } from "./serving.ts";
import type { OwnPrediction, Task } from "./task.ts";

const UNIT = "series";

/** The flags of files with series: any of them selects this task. */
const SERIES: readonly RunFlag[] = [
  "series",
  "time",
  "features",
  "layout",
  "decimal",
  "day-first",
  "segment",
  "noise",
  "stretch",
];

const prediction: OwnPrediction<SeriesRegressionModel> = {
  flags: ["time", "series", "layout", "decimal", "day-first", "max-gap"],
  models: "a model that predicts numbers for series",
  usage: "this model predicts a number for a series: give series with --data FILE",
  async file(predictor, settings) {
    const { model } = predictor;
    const found = await readColumns([settings.data], settings, model.columns, {
      usual: model.dataColumns,
      skipLabel: true,
    });
    reportLeftOut(found.leftOut);
    const { series, readings: [reading] } = found;
    const rows = (await predictor.predict(series)).map(({ value }, i): Field[] => [
      [reading.series ?? "series", series[i].name ?? String(i + 1)],
      ["prediction", rounded(model, value)],
    ]);
    if (await saveRows(rows, settings)) return 0;
    const cells = rows.map(([[, name], [, value]]) => [
      printable(String(name), LABEL),
      shown(model, Number(value)),
    ]);
    for (const line of table([["series", "prediction"], ...cells], [0])) print(line);
    return 0;
  },
};

/** The task `regression` for files with series: a number for each series. */
export const seriesRegression: Task<SeriesRegressionModel, Series> = {
  name: regression.name,
  reads: "series",
  isAsked: (settings) => SERIES.some((flag) => settings[flag] !== undefined),
  models: "series-regression",
  usage: "use it with deno task predict --data FILE",
  flags: ["label-column", ...SERIES, "max-gap", "bidirectional", "head", "loss"],
  help: {
    examples: ["train --task regression --data pulses.csv --series id --label-column age"],
    about: "100 series",
    sets: () => [],
    advise(examples) {
      const advice = recommendSeriesClassifier(examples);
      const network = { ...advice.network, embedding: undefined };
      return { ...advice, network, model: createSeriesRegressor(examples, advice.network) };
    },
  },
  open: openLabeledSeries,
  plan: (all, settings, known) => Promise.resolve().then(() => planSeries(all, settings, known)),
  settles: ({ segment, noise, stretch, loss }) => ({ segment, noise, stretch, loss }),
  table(model, sets) {
    const { columns, scale, loss } = model;
    return {
      start:
        `Training ${nameOf(model)} on ${countsOf(UNIT, sets)} of ${few(columns)}: numbers of ` +
        `${shown(model, scale.mean)} ± ${shown(model, scale.deviation)}.`,
      record: { columns, loss, scale },
      unit: UNIT,
      columns: ["loss", "MAE"],
      cells: ({ loss, mae }) => [figure(loss, 4), shown(model, mae)],
    };
  },
  async results(backend, model, measured, on = "training") {
    const evaluation = await evaluate(backend, model, measured);
    const { loss: _, unknownTexts: __, ...figures } = evaluation, series = measured.length;
    const comparison = numberComparison(model, evaluation);
    return {
      lines: ["", ...describeNumbers(model, evaluation, `${SET_NAMES[on]} (${series} series)`)],
      records: [{ type: "review", on, comparison, series, ...figures }],
    };
  },
  async report(backend, model, measured) {
    const evaluation = await evaluate(backend, model, measured);
    return {
      facts: [
        ["Columns", few(model.columns)],
        ["Steps read at once", String(model.segment)],
        ["Prediction from", model.config.head],
        ["Evaluated on", `${measured.length} series`],
        ...numberFacts(model, evaluation),
      ],
      ...numberParts(model, evaluation, "series"),
    };
  },
  hint: (path) => `deno task predict --model ${shellWord(path)} --data new.csv --out answers.csv`,
  async evaluate(backend, model, examples) {
    const evaluation = await evaluate(backend, model, examples), series = examples.length;
    return {
      lines: describeNumbers(model, evaluation, `${series} series`),
      records: [{ series, ...evaluation }],
    };
  },
  predict: prediction,
  serve: serveSeries<SeriesRegressionModel>({
    async answer(predictor, asked) {
      const answers = await predictor.predict(asked.map(({ series }) => series));
      return answers.map(({ value, rows }) => ({ value, rows }));
    },
  }),
  summary: ({ task, columns, segment, noise, stretch, loss, scale }) => (
    { task, columns, segment, noise, stretch, loss, ...scale }
  ),
};

/** Plans a training run. */
function planSeries(
  all: Sequence<Series>,
  settings: RunSettings,
  known: SeriesRegressionModel | undefined,
): Plan<SeriesRegressionModel, Series> {
  const { loss } = settings;
  if (known && loss !== undefined && loss !== known.loss) {
    throw new InputError("--loss: is fixed by the model of --from; leave it out");
  }
  return planLabeledSeries(all, settings, known, {
    byLabel: false,
    create: (examples, network) => createSeriesRegressor(examples, { ...network, loss }),
  });
}
