/**
 * Reads series from files and from standard input.
 *
 * @module
 */
import {
  createSeriesReader,
  type DataColumns,
  type DataProblem,
  describeSeries,
  InputError,
  quote,
  type Series,
  type SeriesOptions,
  type SeriesReading,
} from "@unroll/core";
import type { SeriesSettings } from "../flags/series_flags.ts";
import { printable, warn } from "../output/terminal.ts";
import type { LeftOut } from "../run/examples.ts";
import { readChunks, readingProgress, rowsOf } from "./chunks.ts";
import { type ReadSettings, sayFormat } from "./read_data.ts";

/** The flags for how series are written. */
export type SeriesReadSettings =
  & ReadSettings
  & Partial<SeriesSettings>
  & { strict: boolean };

/** What is known about a file's columns in addition to the flags. */
export interface KnownColumns
  extends Pick<SeriesOptions, "columns" | "label" | "layout" | "keepEnd" | "skipLabel"> {
  /** The names of the columns in training; flags override them. */
  usual?: DataColumns;
}

/** The series read from files. */
export interface FileSeries {
  /** The series, in the order of the files. */
  series: Series[];
  /** The rows that could not be read completely. */
  leftOut: LeftOut[];
  /** How each file was read. */
  readings: SeriesReading[];
}

const NAMED = 10; // rows that are named

/**
 * Reads the series in files, in order. Always reports which values were filled in, and if `isNew`,
 * how each file was read.
 *
 * @param isNew Whether nothing is known about the columns yet, so that the choice is reported.
 * @throws {InputError} If a file cannot be read; if `strict`, if a row cannot be read.
 * @throws {StoppedError} If a signal arrives in the meantime.
 */
export async function readSeriesFiles(
  files: readonly string[],
  settings: SeriesReadSettings,
  known: KnownColumns,
  isNew: boolean,
): Promise<FileSeries> {
  const all: FileSeries = { series: [], leftOut: [], readings: [] };
  for (const file of files) {
    const { series, reading, problems } = await readFile(file, settings, known)
      .catch((error) => {
        throw withCure(error, isNew ? undefined : known.columns);
      });
    all.readings.push(reading);
    for (const each of series) all.series.push(each);
    if (isNew) warn(`${printable(file)}: ${describeSeries(reading)}`);
    for (const note of reading.notes) warn(`${printable(file)}: ${printable(note)}`);
    const rows = reading.rows + problems.rows.count;
    for (const [what, { count, first }] of Object.entries(problems)) {
      if (count === 0) continue;
      const isNumbers = what === "numbers";
      all.leftOut.push({ file, rows, count, problems: first, ...(isNumbers && { what }) });
    }
  }
  return all;
}

/** Rewords an error about missing columns or rows for series, with what to do about it. */
function withCure(error: unknown, columns: readonly string[] | undefined): unknown {
  if (!(error instanceof InputError)) return error;
  const cure = columns === undefined
    ? "correct the names of the columns"
    : `the model reads ${columns.map((name) => quote(name)).join(", ")}, so give a file with these`;
  error.message = error.message
    .replace(/name yours with the \w+ column option/, cure)
    .replace(
      "no examples below the header; add a row for each text",
      "no rows below the header; add some",
    )
    .replace("and examples below it", "and rows below it");
  return error;
}

async function readFile(file: string, settings: SeriesReadSettings, known: KnownColumns) {
  const { format, separator, quotes, encoding, decimal, strict } = settings;
  const dayFirst = settings["day-first"] && settings["day-first"] === "yes";
  const progress = readingProgress(file);
  const problems = { rows: countProblems(), numbers: countProblems() };
  const reader = createSeriesReader({
    ...{ format, separator, quotes, encoding, decimal, dayFirst, name: file },
    header: settings["no-header"] ? false : undefined,
    time: noneOf(settings.time),
    series: noneOf(settings.series),
    layout: settings.layout ?? known.usual?.layout,
    maxGap: settings["max-gap"],
    ...known,
    onBeginning: (found) => sayFormat(file, found),
    onProblem({ line, problem, isNumber }) {
      if (strict) throw new InputError(`${file}:${line}: ${problem}`);
      problems[isNumber ? "numbers" : "rows"].add({ line, problem });
    },
  });
  try {
    for await (const chunk of readChunks(file)) {
      reader.push(chunk.bytes);
      progress.show(chunk, rowsOf(reader.rows));
    }
    const { series, reading } = reader.end();
    settings.onReading?.(tellReading(file, reading, encoding));
    return { series, reading, problems };
  } finally {
    progress.clear();
  }
}

/** Counts lines with a problem, and keeps the first ones. */
function countProblems() {
  const lines = new Set<number>(), first: DataProblem[] = [];
  return {
    first,
    get count() {
      return lines.size;
    },
    add(problem: DataProblem) {
      lines.add(problem.line);
      if (first.length < NAMED) first.push(problem);
    },
  };
}

/** Returns the column that a flag names; null for `none`. */
function noneOf(column: string | undefined): string | null | undefined {
  return column === "none" ? null : column;
}

/** Returns how a file was read, for `--json`. */
function tellReading(file: string, reading: SeriesReading, encoding = "utf-8") {
  const { format, dialect, rows, layout, columns, time, series, label, notes } = reading;
  return {
    ...{ file, format, encoding, rows, layout, columns, series, notes },
    separator: dialect?.separator,
    quotes: dialect?.quotes,
    header: dialect?.header,
    time: time?.column,
    labelColumn: label,
    guessed: true,
  };
}
