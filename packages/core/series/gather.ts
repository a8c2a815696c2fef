/**
 * Groups rows into series.
 *
 * @module
 */
import { type DataRecord, errorAt, type Report } from "../data/records.ts";
import { InputError } from "../errors.ts";
import { quote } from "../printable.ts";
import type { SeriesColumns } from "./columns.ts";
import { numberProblem, parseNumber, textOf } from "./numbers.ts";
import { parseTime, timeProblem } from "./times.ts";

/** The rows of one series, in the order of the file. */
export interface Gathered {
  /** The name of the series; absent if no column names the series. */
  name?: string;
  /** The line number of each row. */
  lines: number[];
  /** The values of each column. */
  values: number[][];
  /** The time of each row in milliseconds since 1970, or as a plain number, if known. */
  times?: number[];
  /** The label of the series. */
  label?: string;
}

/** Groups rows into series. */
export interface Gatherer {
  /** Adds rows. */
  add(records: readonly DataRecord[]): void;
  /** The series, in the order of their first rows. */
  readonly gathered: readonly Gathered[];
  /** The number of rows added. */
  readonly rows: number;
}

/**
 * Creates a gatherer for the rows of a table with these columns.
 *
 * @param report Called for a row without a readable time, a label or numbers, which is skipped.
 * @param reportNumber Called for a value that cannot be read, which counts as missing.
 * @throws {InputError} From `add`, if most values of a column are not numbers, or if the rows of
 *   one series have two labels.
 */
export function gatherRows(
  columns: SeriesColumns,
  file: string,
  report: Report,
  reportNumber: Report = report,
): Gatherer {
  const { numbers, layout } = columns;
  const known = new Array<number>(numbers.length).fill(0);
  const bad = new Array<number>(numbers.length).fill(0);
  const numberOf = (record: DataRecord, place: number): number => {
    const { name, form } = numbers[place];
    const text = textOf(record.get(name));
    const value = parseNumber(text, form);
    if (value !== undefined) {
      known[place]++;
      return value;
    }
    const { line } = record;
    const error = errorAt(file, line, `${quote(name)}: ${numberProblem(text, form)}`);
    reportNumber(error, line);
    if (++bad[place] > MAX_BAD && bad[place] > known[place]) throw error;
    return NaN;
  };
  return layout === "wide"
    ? gatherWide(columns, file, report, numberOf)
    : gatherLong(columns, file, report, numberOf);
}

const MAX_BAD = 100; // unreadable values of a column, if they are more than half of it

type NumberOf = (record: DataRecord, place: number) => number;

/** Gathers one series per row; values that are missing at its end make the series shorter. */
function gatherWide(
  { numbers, channels, series, label }: SeriesColumns,
  file: string,
  report: Report,
  numberOf: NumberOf,
): Gatherer {
  const gathered: Gathered[] = [];
  const take = (record: DataRecord) => {
    const { line } = record;
    const values = numbers.map((_, i) => numberOf(record, i));
    const columns = channels.map(({ places }) => places.map((place) => values[place]));
    let length = 0;
    for (const column of columns) {
      length = Math.max(length, column.findLastIndex((value) => !Number.isNaN(value)) + 1);
    }
    if (length === 0) return report(errorAt(file, line, "the row has no numbers; remove it"), line);
    const given = label === undefined ? undefined : textOf(record.get(label)).trim();
    if (given === "") {
      return report(errorAt(file, line, `no label in ${quote(label)}; give it one`), line);
    }
    gathered.push({
      ...(series === undefined ? {} : { name: textOf(record.get(series)) }),
      lines: [line],
      values: columns.map((column) => column.slice(0, length)),
      ...(given === undefined ? {} : { label: given }),
    });
  };
  return {
    gathered,
    add: (records) => records.forEach(take),
    get rows() {
      return gathered.length;
    },
  };
}

/** Gathers one time step per row, of one series or of several. */
function gatherLong(
  { numbers, time, timeForm, series, label }: SeriesColumns,
  file: string,
  report: Report,
  numberOf: NumberOf,
): Gatherer {
  const groups = new Map<string, Gathered>();
  const gathered: Gathered[] = [];
  let rows = 0;
  const groupOf = (record: DataRecord): Gathered => {
    const key = series === undefined ? "" : textOf(record.get(series)).trim();
    const found = groups.get(key);
    if (found) return found;
    const group: Gathered = {
      ...(series === undefined ? {} : { name: key }),
      lines: [],
      values: numbers.map(() => []),
      ...(time === undefined ? {} : { times: [] }),
    };
    groups.set(key, group);
    gathered.push(group);
    return group;
  };
  const take = (record: DataRecord) => {
    const { line } = record;
    const at = time === undefined ? undefined : parseTime(textOf(record.get(time)), timeForm!);
    if (time !== undefined && at === undefined) {
      const problem = timeProblem(textOf(record.get(time)), timeForm!);
      return report(errorAt(file, line, `${quote(time)}: ${problem}`), line);
    }
    const group = groupOf(record);
    if (label !== undefined) setLabel(group, textOf(record.get(label)).trim(), label, line);
    group.lines.push(line);
    if (at !== undefined) group.times!.push(at);
    for (let i = 0; i < numbers.length; i++) group.values[i].push(numberOf(record, i));
    rows++;
  };
  const setLabel = (group: Gathered, given: string, column: string, line: number) => {
    if (given === "") return; // one row with the label is enough
    group.label ??= given;
    if (group.label === given) return;
    const [what, cure] = series === undefined
      ? ["the rows have", "name the column that identifies the series of each row (--series)"]
      : [`the series ${quote(group.name)} has`, "give all rows of a series the same label"];
    throw new InputError(
      `${file}:${line}: ${what} two labels in ${quote(column)}, ${quote(group.label)} and ` +
        `${quote(given)}; ${cure}`,
    );
  };
  return {
    gathered,
    add: (records) => records.forEach(take),
    get rows() {
      return rows;
    },
  };
}
