/**
 * Series to forecast, from files: which columns they have, and how a test file goes on from the
 * training file.
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

/** The columns that the flags name, by what they are for. */
export interface NamedColumns {
  /** Those to forecast; undefined for all others of numbers. */
  targets: string[] | undefined;
  /** Those that are known up to now. */
  features: string[];
  /** Those that are known for times to come. */
  knownAhead: string[];
}

/** The columns that the flags name: one that is known ahead may be named as a feature too. */
export function namedColumns(settings: Partial<SeriesSettings>): NamedColumns {
  const once = (names: readonly string[] = []) => [...new Set(names)];
  const targets = settings.target && once(settings.target);
  const knownAhead = once(settings["known-ahead"]);
  const features = once(settings.features).filter((name) => !knownAhead.includes(name));
  const both = targets?.find((name) => [...features, ...knownAhead].includes(name));
  if (both !== undefined) {
    throw new InputError(
      `--target: ${quote(both)} is named by --features or --known-ahead too; a target is read ` +
        "anyway, so name it once",
    );
  }
  return { targets, features, knownAhead };
}

/** The series in some files; a test file that begins where the training ends goes on from there. */
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
    ) => [...warningsOf(examples, learned), ...shortSeries(examples, model, "measured")],
  };
}

/**
 * A series whose columns all reach the last row that has a target: numbers that are missing at the end
 * of one are the last one again, which is said.
 */
export function filledEnds(series: Series, targets: readonly string[]): Series {
  const file = (series.where ?? "").replace(/:\d+$/, "");
  return withFilledEnds(series, targets, ({ column, count, value }) => {
    const [numbers, are] = count === 1 ? ["number", "is"] : [`${count} numbers`, "are"];
    const whose = series.name === undefined ? "" : ` of ${quote(series.name)}`;
    warn(
      `${printable(file)}: the last ${numbers} of ${quote(column)}${whose} ${are} missing; ` +
        `filled with the last known one, ${value}. To forecast ${
          count === 1 ? "it" : "them"
        }, name in training what to forecast (--target) and what is known before ` +
        "(--known-ahead)",
    );
  });
}

/** Says so where the times of files are apart as those of the training were not. */
export function sayOtherStep(
  { step: learned }: ForecastModel,
  files: readonly string[],
  { readings }: FileSeries,
): void {
  for (const [i, { step }] of readings.entries()) {
    if (!step || !learned || step.unit === learned.unit && step.size === learned.size) continue;
    if (step.isIrregular || learned.isIrregular) continue;
    warn(
      `warning: ${printable(files[i])}: its times are ${describeStep(step)} apart, and ` +
        `${describeStep(learned)} in training; give rows as far apart as those`,
    );
  }
}

/** Series that are too short for a window and a horizon, where others are not; none otherwise. */
export function shortSeries(
  series: readonly SeriesPart[],
  { window, horizon }: ForecastModel,
  isNot: "trained on" | "measured",
): DataWarning[] {
  const needed = window + horizon;
  const short = series.filter(({ values }) => values[0].length < needed), count = short.length;
  if (count === 0 || count === series.length) return [];
  const names = few(short.map(({ name, where }, i) => name ?? where ?? `${i + 1}`));
  const [have, are] = count === 1 ? ["has", "is"] : ["have", "are"];
  const message =
    `${count} of ${series.length} series ${have} fewer than ${needed} rows, a window ` +
    `and a horizon, and ${are} not ${isNot}: ${names}`;
  return [{ kind: "short-series", message, count }];
}

/** A series without the rows behind the last that has a target: what is known of times to come. */
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
    `${file}:1: no column ${quote(missing)} of numbers: there is ${there}; ` +
      "correct --features or --known-ahead",
  );
}

/** A series to test with behind the one that was learned, where it goes on from that. */
function continued(
  test: SeriesPart,
  { examples }: Opened<ForecastModel, SeriesPart>,
): SeriesPart {
  const found = Array.from(examples).filter(({ name }) => name === test.name);
  if (found.length !== 1) return test;
  const [before] = found, rows = before.values[0].length;
  if (!before.time || !test.time) {
    if (before.time || test.time) return test;
    warn(`${printable(test.where ?? "")}: has no times; it is read as going on from the training`);
    return joined(before, test);
  }
  const last = before.time[rows - 1], first = test.time[0];
  if (first > last) {
    // A month is up to three days longer than another.
    const step = rows > 1 ? last - before.time[rows - 2] : Infinity;
    return first - last <= 1.5 * step ? joined(before, test) : test;
  }
  const from = test.time.findIndex((time) => time > last);
  return from > 0 ? { ...test, from } : test;
}

/** Two series as one; the second is to be forecast. */
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

/** Says of series to test with that they were learned. */
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
  const are = count === 1 ? "is of times that are" : "are of times that are";
  return [{
    kind: "test-in-training",
    message: `${count} of the ${tests.length} test series ${are} in the training too; measure on ` +
      "later ones",
    count,
  }];
}
