/**
 * Reads series from files in chunks, as the command line does.
 *
 * @module
 */
import { createSeriesReader, describeSeries, type SeriesData } from "@unroll/core";
import { count } from "../words/numbers.ts";
import { forecastWorker as words } from "../words/forecast_worker.ts";
import type { ColumnRole, FoundSeries, SeriesReadSettings } from "./forecast_protocol.ts";
import type { BuiltIn } from "./forecast_sets.ts";

const NAMED = 5; // rows described in full
const LARGE = 2 ** 22; // bytes, from which progress is reported

/** The contents of a file. */
export interface ReadFile extends SeriesData {
  found: FoundSeries;
}

/** Reads a file; for a large one, `onProgress` receives the progress. */
export async function readSeriesFile(
  file: Blob,
  name: string,
  { time, series: by }: SeriesReadSettings,
  onProgress: (text: string) => void,
): Promise<ReadFile> {
  const lines = new Set<number>(), first: string[] = [];
  const reader = createSeriesReader({
    ...{ name, time, series: by, label: null, layout: "long", keepEnd: true },
    onProblem({ line, problem }) {
      lines.add(line);
      if (first.length < NAMED) first.push(`${name}:${line}: ${problem}`);
    },
  });
  let read = 0;
  const bytes = file.stream().getReader(); // not every browser can iterate over a stream
  for (let next = await bytes.read(); !next.done; next = await bytes.read()) {
    reader.push(next.value);
    read += next.value.length;
    if (file.size >= LARGE) onProgress(words.reading(name, read / file.size));
  }
  const { series, reading } = reader.end();
  const { fields, columns, time: times, series: seriesColumn, notes } = reading;
  return {
    ...{ series, reading },
    found: {
      name,
      about: `${name}: ${describeSeries(reading)}`,
      notes,
      ...(lines.size > 0 && { leftOut: { count: lines.size, rows: reading.rows, first } }),
      fields,
      roles: Object.fromEntries(columns.map((column): [string, ColumnRole] => [column, "target"])),
      time: times?.column,
      series: seriesColumn,
      names: series.length > 1 ? series.map(({ name }, i) => name ?? count(i + 1)) : [],
      rows: Math.max(...series.map(({ values }) => values[0].length)),
    },
  };
}

/** Reads a built-in series. */
export async function readBuiltIn({ file, csv, roles }: BuiltIn): Promise<ReadFile> {
  const read = await readSeriesFile(new Blob([csv]), file, {}, () => {});
  return { ...read, found: { ...read.found, roles: roles ?? read.found.roles } };
}
