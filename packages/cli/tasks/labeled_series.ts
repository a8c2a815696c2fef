/**
 * Reads series with one label each from files.
 *
 * @module
 */
import {
  dataColumnsOf,
  InputError,
  quote,
  recommendSeriesClassifier,
  type Sequence,
  type Series,
  type SeriesClassificationModel,
  type SeriesRegressionModel,
  splitExamples,
} from "@unroll/core";
import {
  type FileSeries,
  type KnownColumns,
  readSeriesFiles,
  type SeriesReadSettings,
} from "../files/read_series.ts";
import type { RunSettings } from "../flags/run_flags.ts";
import type { Opened, OpenSettings } from "./opening.ts";
import {
  omitUndefined,
  type Plan,
  sizedSettings,
  trainingWith,
  validationFraction,
} from "./plan.ts";

/** A model that learns from series with one label each, which may be a number. */
type LabeledSeriesModel = SeriesClassificationModel | SeriesRegressionModel;

/** Opens the labeled series in files. */
export async function openLabeledSeries<M extends LabeledSeriesModel>(
  files: readonly string[],
  settings: OpenSettings,
  known?: M,
  learned?: Opened<M, Series>,
): Promise<Opened<M, Series>> {
  const columns = known?.columns ?? learned?.examples.at(0)?.columns;
  const column = settings["label-column"];
  const label = column === "label" ? undefined : column; // a file need not have the usual one
  const usual = known?.dataColumns ?? learned?.dataColumns;
  const found = await readColumns(files, settings, columns, { label, usual });
  requireLabels(found);
  return {
    examples: found.series,
    leftOut: found.leftOut,
    dataColumns: dataColumnsOf(found.readings[0]),
    warnings: [],
    unknown: () => [],
    tests: () => [],
  };
}

/**
 * Plans a training run on labeled series.
 *
 * @param own Whether the validation split is stratified by label, and a function that creates an
 *   untrained model.
 */
export function planLabeledSeries<M extends LabeledSeriesModel>(
  all: Sequence<Series>,
  settings: RunSettings,
  known: M | undefined,
  own: { byLabel: boolean; create(examples: Series[], network: object): M },
): Plan<M, Series> {
  const advice = recommendSeriesClassifier(all), series = Array.from(all);
  const fraction = validationFraction(settings, advice);
  const { train: examples, validation } = fraction > 0
    ? splitSeries(series, fraction, settings.seed, own.byLabel)
    : { train: series, validation: [] };
  const training = trainingWith<Series>(settings, advice, validation);
  const { cell, activation, layers, bidirectional, dropout, head, init, seed } = settings;
  const { hidden } = sizedSettings(settings, advice.network);
  const { segment, noise, stretch } = settings;
  const given = omitUndefined({
    ...{ cell, activation, hidden, layers, dropout, head, init, seed, segment, noise, stretch },
    recurrentDropout: settings["recurrent-dropout"],
    bidirectional: bidirectional && bidirectional === "yes",
  });
  return {
    model: known ?? own.create(examples, { ...advice.network, ...given }),
    examples,
    training,
  };
}

/** Holds out a fraction of the series for validation. */
function splitSeries(all: readonly Series[], fraction: number, seed: number, byLabel: boolean) {
  const places = all.map(({ label }, i) => ({ text: String(i), label }));
  const { train, validation } = splitExamples(places, fraction, { seed, byLabel });
  const seriesAt = ({ text }: { text: string }) => all[Number(text)];
  return { train: train.map(seriesAt), validation: validation.map(seriesAt) };
}

/**
 * Checks that all series have a label.
 *
 * @throws {InputError} If a series has none; the message says whether the column is missing.
 */
function requireLabels({ series, readings }: FileSeries): void {
  const missing = series.filter(({ label }) => label === undefined);
  if (missing.length === 0) return;
  const [{ name, where }] = missing;
  const column = readings.find(({ label }) => label !== undefined)?.label;
  if (column === undefined) {
    throw new InputError(`${where}: has no column of labels; name one with --label-column`);
  }
  if (missing.length === series.length) {
    const cure = "fill it in, or name the column of the labels with --label-column";
    throw new InputError(`${where}: the column ${quote(column)} has no labels; ${cure}`);
  }
  const whose = name === undefined ? "the series" : `the series ${quote(name)}`;
  throw new InputError(
    `${where}: ${whose} has no label in ${quote(column)}; give it one, or remove it`,
  );
}

/**
 * Reads the series in files, with the columns that a model reads.
 *
 * @param columns These columns, if known.
 * @param known What else is known about the file: the label column, and the columns' usual names.
 */
export async function readColumns(
  files: readonly string[],
  settings: SeriesReadSettings,
  columns: readonly string[] | undefined,
  known: Pick<KnownColumns, "label" | "usual" | "skipLabel">,
): Promise<FileSeries> {
  // In a wide table the columns are time steps: the columns that a model reads are checked below.
  const named = { columns: settings.features, ...known };
  const found = await readSeriesFiles(files, settings, named, columns === undefined);
  const wanted = columns ?? found.series[0].columns;
  const series = found.series.map((each) => {
    const places = wanted.map((name) => each.columns.indexOf(name));
    const missing = places.indexOf(-1);
    if (missing >= 0) {
      const [own, there] = [wanted, each.columns].map((names) => names.map(quote).join(", "));
      throw new InputError(
        `${each.where}: no column ${quote(wanted[missing])} of numbers, only ${there}; ` +
          `the model reads ${own}, so give a file with these`,
      );
    }
    return { ...each, columns: wanted, values: places.map((at) => each.values[at]) };
  });
  return { ...found, series };
}
