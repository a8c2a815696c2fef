/**
 * Reads series to forecast from files: their columns, and test files that continue the training
 * file.
 *
 * @module
 */
import {
  dataColumnsOf,
  type DataWarning,
  describeStep,
  type ForecastModel,
  InputError,
  quote,
  type Series,
  type SeriesPart,
  withFilledEnds,
  withKnownRows,
} from "@unroll/core";
import { type FileSeries, readSeriesFiles } from "../files/read_series.ts";
import type { SeriesSettings } from "../flags/series_flags.ts";
import { few, printable, warn } from "../output/terminal.ts";
import type { Opened, OpenSettings } from "./opening.ts";

/** The columns that the flags name, by purpose. */
export interface NamedColumns {
  /** Columns to forecast; undefined for all other columns of numbers. */
  targets: string[] | undefined;
  /** Covariates that are known up to the present. */
  features: string[];
  /** Covariates whose future values are known. */
  knownAhead: string[];
}

/** Returns the columns that the flags name; a column known ahead may also be named as a feature. */
export function namedColumns(settings: Partial<SeriesSettings>): NamedColumns {
  const once = (names: readonly string[] = []) => [...new Set(names)];
  const targets = settings.target && once(settings.target);
  const knownAhead = once(settings["known-ahead"]);
  const features = once(settings.features).filter((name) => !knownAhead.includes(name));
  const both = targets?.find((name) => [...features, ...knownAhead].includes(name));
  if (both !== undefined) {
    throw new InputError(
      `--target: ${quote(both)} is also named by --features or --known-ahead; a target is always ` +
        "read, so name it once",
    );
  }
  return { targets, features, knownAhead };
}

/** Opens the series in files; a test file that starts where the training ends continues it. */
export async function openForecast(
  files: readonly string[],
  settings: OpenSettings,
  known?: ForecastModel,
  learned?: Opened<ForecastModel, SeriesPart>,
): Promise<Opened<ForecastModel, SeriesPart>> {
  const { targets, features, knownAhead } = namedColumns(settings);
  const columns = known?.columns ?? learned?.examples.at(0)?.columns ??
    (targets && [...targets, ...features, ...knownAhead]);
  const isNew = known === undefined && learned === undefined;
  const usual = known?.dataColumns ?? learned?.dataColumns;
  const named = { columns, label: null, layout: "long", keepEnd: true, usual } as const;
  const found = await readSeriesFiles(files, settings, named, isNew), { series: read } = found;
  if (known) sayOtherStep(known, files, found);
  if (isNew) requireColumns(files[0], read[0].columns, [...features, ...knownAhead]);
  const others = [...features, ...knownAhead];
  const own = known?.targets ?? targets ?? read[0].columns.filter((name) => !others.includes(name));
  const series = read.map((each) => withoutEnd(filledEnds(each, own), own));
  const examples: readonly SeriesPart[] = learned
    ? series.map((each) => continued(each, learned))
    : series;
  return {
    ...{ examples, leftOut: found.leftOut, dataColumns: dataColumnsOf(found.readings[0]) },
    warnings: [],
    unknown: () => [],
    tests: (
      model,
    ) => [...warningsOf(examples, learned), ...shortSeries(examples, model, "evaluated")],
  };
}

/**
 * Returns a series whose columns all reach the last row that has a target: missing numbers at the
 * end of a column are filled with its last known value, and reported.
 */
export function filledEnds(series: Series, targets: readonly string[]): Series {
  const file = (series.where ?? "").replace(/:\d+$/, "");
  return withFilledEnds(series, targets, ({ column, count, value }) => {
    const [numbers, are] = count === 1 ? ["number", "is"] : [`${count} numbers`, "are"];
    const whose = series.name === undefined ? "" : ` of ${quote(series.name)}`;
    warn(
      `${printable(file)}: the last ${numbers} of ${quote(column)}${whose} ${are} missing; ` +
        `filled with the last known value, ${value}. To forecast ${
          count === 1 ? "it" : "them"
        }, train with --target for the columns to forecast and --known-ahead for those known ` +
        "in advance",
    );
  });
}

/** Warns if the interval between the times of a file differs from the training's. */
export function sayOtherStep(
  { step: learned }: ForecastModel,
  files: readonly string[],
  { readings }: FileSeries,
): void {
  for (const [i, { step }] of readings.entries()) {
    if (!step || !learned || step.unit === learned.unit && step.size === learned.size) continue;
    if (step.isIrregular || learned.isIrregular) continue;
    warn(
      `warning: ${printable(files[i])}: its times are ${describeStep(step)} apart, but ` +
        `${describeStep(learned)} in training; give rows with the training's interval`,
    );
  }
}

/** Returns a warning if some series, but not all, are too short for a window plus a horizon. */
export function shortSeries(
  series: readonly SeriesPart[],
  { window, horizon }: ForecastModel,
  isNot: "trained on" | "evaluated",
): DataWarning[] {
  const needed = window + horizon;
  const short = series.filter(({ values }) => values[0].length < needed), count = short.length;
  if (count === 0 || count === series.length) return [];
  const names = few(short.map(({ name, where }, i) => name ?? where ?? `${i + 1}`));
  const [have, are] = count === 1 ? ["has", "is"] : ["have", "are"];
  const message =
    `${count} of ${series.length} series ${have} fewer than ${needed} rows, a window ` +
    `plus a horizon, and ${are} not ${isNot}: ${names}`;
  return [{ kind: "short-series", message, count }];
}

/** Returns a series without the rows after the last target value, which have future values only. */
function withoutEnd(series: Series, targets: readonly string[]): Series {
  const known = withKnownRows(series, targets), { where = "" } = series;
  const more = series.values[0].length - known.values[0].length;
  if (more > 0) {
    const file = printable(where.replace(/:\d+$/, ""));
    const rows = more === 1 ? "row has" : `${more} rows have`;
    warn(`${file}: the last ${rows} nothing to forecast; left out`);
  }
  return known;
}

function requireColumns(file: string, columns: readonly string[], named: readonly string[]): void {
  const missing = named.find((name) => !columns.includes(name));
  if (missing === undefined) return;
  const there = columns.map((name) => quote(name)).join(", ");
  throw new InputError(
    `${file}:1: no column ${quote(missing)} of numbers, only ${there}; ` +
      "correct --features or --known-ahead",
  );
}

/** Returns a test series with the training series before it, if it continues that series. */
function continued(
  test: SeriesPart,
  { examples }: Opened<ForecastModel, SeriesPart>,
): SeriesPart {
  const found = Array.from(examples).filter(({ name }) => name === test.name);
  if (found.length !== 1) return test;
  const [before] = found, rows = before.values[0].length;
  if (!before.time || !test.time) {
    if (before.time || test.time) return test;
    warn(
      `${printable(test.where ?? "")}: has no times; it is read as continuing the training data`,
    );
    return joined(before, test);
  }
  const last = before.time[rows - 1], first = test.time[0];
  if (first > last) {
    // Months differ by up to three days.
    const step = rows > 1 ? last - before.time[rows - 2] : Infinity;
    return first - last <= 1.5 * step ? joined(before, test) : test;
  }
  const from = test.time.findIndex((time) => time > last);
  return from > 0 ? { ...test, from } : test;
}

/** Joins two series into one; the rows of the second are to be forecast. */
function joined(before: SeriesPart, after: SeriesPart): SeriesPart {
  const both = (a: Float64Array, b: Float64Array) => {
    const all = new Float64Array(a.length + b.length);
    all.set(a);
    all.set(b, a.length);
    return all;
  };
  return {
    ...after,
    columns: before.columns,
    values: before.columns.map((name, i) =>
      both(before.values[i], after.values[after.columns.indexOf(name)])
    ),
    ...(before.time && after.time ? { time: both(before.time, after.time) } : {}),
    from: before.values[0].length,
  };
}

/** Returns a warning if test series overlap the training data in time. */
function warningsOf(
  tests: readonly SeriesPart[],
  learned: Opened<ForecastModel, SeriesPart> | undefined,
): DataWarning[] {
  if (!learned) return [];
  const count = tests.filter((test) =>
    test.from === undefined &&
    Array.from(learned.examples).some((each) =>
      each.name === test.name && each.time && test.time && test.time[0] <= each.time.at(-1)! &&
      test.time.at(-1)! >= each.time[0]
    )
  ).length;
  if (count === 0) return [];
  const overlap = count === 1 ? "overlaps" : "overlap";
  return [{
    kind: "test-in-training",
    message: `${count} of the ${tests.length} test series ${overlap} the training data in time; ` +
      "evaluate on later rows",
    count,
  }];
}
