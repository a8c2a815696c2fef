/**
 * Forecasts after each line of a stream. Only the last window of values is kept, so that each line
 * costs the same.
 *
 * @module
 */
import {
  type Forecast,
  type ForecastModel,
  InputError,
  type Predictor,
  quote,
  type Series,
  timeReader,
} from "@unroll/core";
import { INPUT } from "../files/paths.ts";
import { printable, printJson, warn, write } from "../output/terminal.ts";

/** How to forecast a stream. */
export interface StreamSettings {
  /** Number of steps to forecast after each line. Default: 1. */
  horizon?: number;
  /** The decimal mark. */
  decimal?: "." | ",";
  /** Whether days come before months in dates with slashes. */
  "day-first"?: "yes" | "no";
  /** Whether to print JSON. */
  json: boolean;
}

const DIGITS = 6, BLOCK = 512;

/**
 * Answers each line with the forecast of the next values, or with an empty line until there are
 * enough values. An empty field repeats the last number of its column. If the model has calendar
 * features, each line starts with its time.
 *
 * @returns The exit status: 2 if a line could not be read, otherwise 0.
 */
export async function streamForecasts(
  predictor: Predictor<ForecastModel>,
  lines: AsyncIterable<string[]>,
  { horizon = 1, decimal = ".", json, "day-first": dayFirst }: StreamSettings,
): Promise<number> {
  const { model } = predictor, { window, calendar } = model;
  requireStreamable(model, horizon);
  // The times for calendar features are a column before the others.
  const hasTimes = calendar.length > 0;
  const columns = hasTimes ? ["time", ...model.columns] : model.columns;
  const readTime = hasTimes ? timeReader(dayFirst && dayFirst === "yes") : undefined;
  // The last values of each column, then those of the current lines.
  let kept = columns.map(() => new Float64Array(0));
  let count = 0, status = 0, isSaid = false;
  for await (const some of blocksOf(lines)) {
    const rows: (Float64Array | undefined)[] = [];
    let last = columns.map((_, i) => kept[i].at(-1) ?? NaN);
    for (const [i, line] of some.entries()) {
      try {
        last = parseRow(line, { columns, last, decimal, readTime, place: count + i + 1 });
        rows.push(Float64Array.from(last));
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        warn(`error: ${printable(error.message)}`);
        status = 2;
        rows.push(undefined);
      }
    }
    const good = rows.filter((row) => row !== undefined);
    const all = columns.map((_, i) => {
      const values = new Float64Array(kept[i].length + good.length);
      values.set(kept[i]);
      for (const [t, row] of good.entries()) values[kept[i].length + t] = row[i];
      return values;
    });
    const answers = await forecastsAfter(predictor, all, kept[0].length, horizon);
    let at = 0;
    const text: string[] = [];
    for (const [i, row] of rows.entries()) {
      const forecast = row === undefined ? undefined : answers[at++];
      if (json) printJson({ line: count + i + 1, ...recordOf(forecast) });
      else text.push(lineOf(forecast));
    }
    if (!json && text.length > 0) write(`${text.join("\n")}\n`);
    count += some.length;
    kept = all.map((values) => values.slice(-window));
    if (!isSaid && kept[0].length < window) {
      warn(`note: forecasts start after ${window} values, the window that the model reads`);
    }
    isSaid = true;
  }
  return status;
}

/** Yields lines as soon as they arrive, in blocks of at most `BLOCK` for the network. */
async function* blocksOf(lines: AsyncIterable<string[]>): AsyncGenerator<string[]> {
  for await (const some of lines) {
    for (let at = 0; at < some.length; at += BLOCK) yield some.slice(at, at + BLOCK);
  }
}

function requireStreamable(model: ForecastModel, horizon: number): void {
  const { knownAhead, horizon: most } = model;
  if (knownAhead.length > 0) {
    const reads = knownAhead.map((name) => quote(name)).join(" and ");
    throw new InputError(
      `--stream: the model reads future values of ${reads}, which a stream lacks; give --data FILE`,
    );
  }
  if (horizon > most) {
    throw new InputError(
      `--horizon: expected at most ${most}, the model's horizon, for --stream, got ${horizon}`,
    );
  }
}

/** Returns the forecast after each row from `first` on; undefined if too few rows precede it. */
async function forecastsAfter(
  predictor: Predictor<ForecastModel>,
  values: readonly Float64Array[],
  first: number,
  horizon: number,
): Promise<(Forecast | undefined)[]> {
  const { columns, window, calendar } = predictor.model, rows = values[0].length;
  const asked: Series[] = [];
  const begin = Math.max(first, window - 1);
  for (let t = begin; t < rows; t++) {
    const some = values.map((all) => all.subarray(t + 1 - window, t + 1));
    const [time, ...others] = some;
    asked.push(calendar.length > 0 ? { columns, time, values: others } : { columns, values: some });
  }
  const forecasts = asked.length === 0 ? [] : await predictor.predict(asked, { horizon });
  const missing = Math.max(0, Math.min(rows, begin) - first);
  return [...new Array<undefined>(missing).fill(undefined), ...forecasts];
}

/** Parses the numbers of a line, in the order of the model's columns; empty ones repeat. */
function parseRow(
  line: string,
  { columns, last, decimal, readTime, place }: {
    columns: readonly string[];
    last: readonly number[];
    decimal: "." | ",";
    readTime: ReturnType<typeof timeReader> | undefined;
    place: number;
  },
): number[] {
  const separator = decimal === "," ? /[;\t]/ : /[,;\t]/;
  const fields = columns.length === 1 ? [line] : line.split(separator);
  const fail = (problem: string): never => {
    throw new InputError(`${INPUT}:${place}: ${problem}`);
  };
  if (fields.length !== columns.length) {
    const names = columns.map((name) => quote(name)).join(", ");
    const values = fields.length === 1 ? "1 value" : `${fields.length} values`;
    fail(`${quote(line)} has ${values}, but the model reads ${names}; give all of them`);
  }
  return fields.map((field, i) => {
    if (i === 0 && readTime) {
      const time = readTime(field.trim());
      if (time === undefined) {
        return fail(
          `${quote(field)} is not a time such as 2024-01-31 13:00; start each line with one`,
        );
      }
      return time > last[0] || Number.isNaN(last[0])
        ? time
        : fail(`the time ${quote(field)} is not later than the previous one; sort the lines`);
    }
    const text = decimal === "," ? field.trim().replace(",", ".") : field.trim();
    if (/^(|na|n\/a|nan|null|-)$/i.test(text)) {
      return Number.isNaN(last[i])
        ? fail("there is no value yet to repeat; give a number")
        : last[i];
    }
    const value = Number(text);
    return Number.isFinite(value) ? value : fail(`${quote(field)} is not a number; leave it empty`);
  });
}

function lineOf(forecast: Forecast | undefined): string {
  if (forecast === undefined) return "";
  const { values, quantiles } = forecast;
  const shown = (value: number) => String(Number(value.toPrecision(DIGITS)));
  const fields: string[] = [];
  for (let t = 0; t < values[0].length; t++) {
    for (let i = 0; i < values.length; i++) {
      fields.push(shown(values[i][t]));
      for (const { values: ends } of quantiles) fields.push(shown(ends[i][t]));
    }
  }
  return fields.join(",");
}

function recordOf(forecast: Forecast | undefined): object {
  if (forecast === undefined) return { forecast: null };
  const { targets, values, quantiles } = forecast;
  const byTarget = (all: readonly Float64Array[]) =>
    Object.fromEntries(targets.map((name, i) => [name, Array.from(all[i])]));
  return {
    forecast: byTarget(values),
    quantiles: quantiles.map(({ probability, values: ends }) => (
      { probability, values: byTarget(ends) }
    )),
  };
}
