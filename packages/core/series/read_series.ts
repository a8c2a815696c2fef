/**
 * Series from the bytes of a file of any size.
 *
 * @module
 */
import { requireBoolean, requireInteger, requireOneOf, requireOptions } from "../checks.ts";
import { type Dialect, tableReader } from "../data/csv.ts";
import { createDecoder } from "../data/decode.ts";
import {
  type DataBeginning,
  type DataProblem,
  MAX_PROBLEMS,
  tooManyProblems,
} from "../data/example_reader.ts";
import { dialectOf, type ParseOptions } from "../data/examples.ts";
import { DATA_FORMATS, type DataFormat, hasColumns, isTableFormat } from "../data/formats.ts";
import { detectFormat } from "../data/guess_format.ts";
import { recordReader } from "../data/read_records.ts";
import { type DataRecord, errorAt, quoteSome, type Report, type Sample } from "../data/records.ts";
import { noContent, type TextReader, textReader } from "../data/text_reader.ts";
import type { InputError } from "../errors.ts";
import { quote } from "../printable.ts";
import { buildSeries } from "./build.ts";
import { type ColumnOptions, type SeriesColumns, settleColumns, wantedColumns } from "./columns.ts";
import { type Gatherer, gatherRows } from "./gather.ts";
import type { Series } from "./series.ts";
import type { TimeForm } from "./times.ts";
import type { TimeStep } from "./time_steps.ts";

/** Settings of {@linkcode createSeriesReader}. */
export interface SeriesOptions
  extends ColumnOptions, Pick<ParseOptions, "separator" | "quotes" | "header"> {
  /** What to call the content in errors. Default: `"data"`. */
  name?: string;
  /** The form of the content. Default: by the name, or guessed by its beginning. */
  format?: DataFormat;
  /** The encoding of the bytes. Default: UTF-8, or UTF-16 by its mark. */
  encoding?: string;
  /** The most steps or numbers in a row that are filled where they are missing. Default: 100. */
  maxGap?: number;
  /**
   * Whether numbers that are missing in the last rows stay NaN, as in rows of times to come.
   * Default: false.
   */
  keepEnd?: boolean;
  /** Called for each line that cannot be used as it is, once. Default: nothing is done about it. */
  onProblem?: (problem: SeriesProblem) => void;
  /** Called before the first row, with what the file begins with. */
  onBeginning?: (beginning: DataBeginning) => void;
}

/** A line that cannot be used as it is. */
export interface SeriesProblem extends DataProblem {
  /** Whether a number of it counts as missing; otherwise the whole row is left out. */
  isNumber?: boolean;
}

const OPTIONS = Object.keys(
  {
    columns: true,
    time: true,
    series: true,
    label: true,
    layout: true,
    usual: true,
    skipLabel: true,
    decimal: true,
    dayFirst: true,
    separator: true,
    quotes: true,
    header: true,
    name: true,
    format: true,
    encoding: true,
    maxGap: true,
    keepEnd: true,
    onProblem: true,
    onBeginning: true,
  } satisfies Record<keyof SeriesOptions, true>,
);

/** How series were read. */
export interface SeriesReading {
  /** The form. */
  format: DataFormat;
  /** How a table is written. */
  dialect?: Dialect;
  /** Whether a row is a step, or a whole series. */
  layout: "long" | "wide";
  /** The number of rows. */
  rows: number;
  /** The columns of the series. */
  columns: string[];
  /** All columns of the content, whatever they hold. */
  fields: string[];
  /** The column of the times, and how they are written. */
  time?: { column: string; form: TimeForm };
  /** The step between times. */
  step?: TimeStep;
  /** The column that says which series a row is of. */
  series?: string;
  /** The column of the labels. */
  label?: string;
  /** What was guessed and could be otherwise, and what was filled: a sentence each. */
  notes: string[];
}

/** Series, and how they were read. */
export interface SeriesData {
  /** The series, in the order of their first rows, with no number missing. */
  series: Series[];
  /** How they were read. */
  reading: SeriesReading;
}

/** Reads series from bytes that come in chunks, cut anywhere. */
export interface SeriesReader {
  /** How many rows were read so far. */
  readonly rows: number;
  /** Takes the next bytes in. */
  push(bytes: Uint8Array): void;
  /** The series, at the end of the bytes. */
  end(): SeriesData;
}

/**
 * A reader of series from a file's bytes, which need never be all in memory. Of the first 200 rows it
 * guesses what the options leave open: which columns hold times, numbers and labels, and how they are
 * written. Rows of several series may be mixed.
 *
 * Times must rise. Steps that are missing between them, and missing numbers (empty, `NA`, `-` and the
 * like), are filled on the line between their neighbors, at the ends by the nearest number. A number
 * that cannot be read counts as missing, and is reported; a row without a time is left out.
 *
 * @throws {InputError} From `push` and `end`, which are not to be called after that: where there is
 * nothing to read, there is no such column, most numbers of a column are none, times go back or come
 * again, or more than `maxGap` are missing in a row.
 *
 * @example
 * ```ts
 * import { createSeriesReader } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const reader = createSeriesReader({ name: "sales.csv" });
 * const bytes = new TextEncoder().encode("day,sold\n2024-01-01,3\n2024-01-02,NA\n2024-01-03,4\n");
 * for (let at = 0; at < bytes.length; at += 16) reader.push(bytes.subarray(at, at + 16));
 * const { series: [sales], reading } = reader.end();
 * assertEquals(sales.values[0], Float64Array.of(3, 3.5, 4));
 * assertEquals(reading.notes, ['1 number is missing in "sold"; filled on the line between their neighbors.']);
 * ```
 */
export function createSeriesReader(options: SeriesOptions = {}): SeriesReader {
  requireOptions("createSeriesReader()", options, OPTIONS);
  const { name = "data", encoding, onProblem, onBeginning, maxGap = 100, keepEnd = false } =
    options;
  if (maxGap !== Infinity) requireInteger("the largest gap that is filled", maxGap, 0);
  if (options.decimal !== undefined) requireOneOf("the decimal mark", options.decimal, [".", ","]);
  if (options.layout !== undefined) requireOneOf("the layout", options.layout, ["long", "wide"]);
  if (options.dayFirst !== undefined) requireBoolean("dayFirst", options.dayFirst);
  let problems = 0, leftOut = 0, first: DataProblem | undefined;
  let gatherer: Gatherer | undefined, columns: SeriesColumns | undefined;
  const found: { format: DataFormat; dialect?: Dialect } = { format: "csv" };
  const reportAs = (isNumber: boolean): Report => ({ message }: InputError, line) => {
    const problem = { line, problem: message.slice(name.length).replace(/^:\d+: /, "") };
    first ??= problem;
    if (!isNumber) leftOut++;
    onProblem?.({ ...problem, ...(isNumber ? { isNumber } : {}) });
    if (++problems > MAX_PROBLEMS && problems > (gatherer?.rows ?? 0)) {
      throw tooManyProblems(name, first);
    }
  };
  const report = reportAs(false);
  let fields: string[] = [];
  const choose = (sample: Sample) => {
    fields = [...sample.columns];
    columns = settleColumns(sample, options, name);
    gatherer = gatherRows(columns, name, report, reportAs(true));
    const wanted = wantedColumns(columns);
    if (isTableFormat(found.format)) return wanted;
    const unknown = wanted.find((column) => !sample.columns.includes(column.name));
    if (!unknown) return []; // as an object of JSON need not have all keys
    if (sample.columns.length === 0) {
      const cure = 'give objects, such as {"time": "2024-01-31", "value": 12.5}';
      throw errorAt(name, 1, `the rows have no keys; ${cure}`);
    }
    const { name: key, role } = unknown, own = quoteSome(sample.columns);
    throw errorAt(name, 1, `no key ${quote(key)} for the ${role}: the objects have ${own}`);
  };
  const open = (beginning: string): TextReader<DataRecord> => {
    const { format, isGuess } = options.format === undefined
      ? detectFormat(name, beginning)
      : { format: options.format, isGuess: false };
    onBeginning?.({ format, isGuess, text: beginning });
    found.format = format;
    if (!hasColumns(format)) {
      const { title } = DATA_FORMATS[format];
      throw errorAt(name, 1, `${title} has no columns of numbers; give CSV, TSV or JSON Lines`);
    }
    const named = options.columns?.[0] ?? options.time ?? options.series ?? options.label;
    found.dialect = dialectOf(beginning, format, "texts", {
      ...options,
      textColumn: named ?? undefined,
    });
    return found.dialect
      ? tableReader(found.dialect, name, choose, report)
      : recordReader(beginning, format, name, choose, { report });
  };
  const wanted = [{ name: options.time ?? "time", role: "time" }, {
    name: "value",
    role: "number",
  }];
  const reader = textReader(
    open,
    (beginning) => noContent(name, options.format ?? detectFormat(name, beginning).format, wanted),
  );
  const decoder = createDecoder(name, encoding);
  const take = (records: readonly DataRecord[]) => {
    if (records.length > 0) gatherer!.add(records);
  };
  return {
    get rows() {
      return gatherer?.rows ?? 0;
    },
    push: (bytes) => take(reader.push(decoder.push(bytes))),
    end() {
      take(reader.push(decoder.end()));
      take(reader.end());
      if (!gatherer || !columns || gatherer.rows === 0) {
        const cure = first ? `the first for this: ${first.problem}` : "give some below the header";
        throw errorAt(name, first?.line ?? 1, `no rows that can be used; ${cure}`);
      }
      const rows = gatherer.rows + leftOut;
      if (leftOut > rows / 2) {
        const { line, problem } = first!;
        const count = `${leftOut} of ${rows} rows cannot be used, this one first`;
        throw errorAt(name, line, `${problem}; ${count}`);
      }
      const { series, step, notes } = buildSeries(gatherer.gathered, columns, name, {
        maxGap,
        keepEnd,
      });
      const { layout, time, timeForm, series: names, label } = columns;
      const reading: SeriesReading = {
        ...found,
        layout,
        rows: gatherer.rows,
        columns: columns.channels.map(({ name }) => name),
        fields,
        ...(time === undefined ? {} : { time: { column: time, form: timeForm! } }),
        ...(step ? { step } : {}),
        ...(names === undefined ? {} : { series: names }),
        ...(label === undefined ? {} : { label }),
        notes: [...columns.notes, ...notes],
      };
      return { series, reading };
    },
  };
}

/**
 * The series of a whole content; see {@linkcode createSeriesReader}.
 *
 * @example
 * ```ts
 * import { readSeries } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const { series } = readSeries("store,t,sold\na,0,1\nb,0,5\na,1,2\nb,1,6\n", { series: "store" });
 * assertEquals(series.map(({ name, values }) => [name, ...values[0]]), [["a", 1, 2], ["b", 5, 6]]);
 * ```
 */
export function readSeries(content: string, options: SeriesOptions = {}): SeriesData {
  const reader = createSeriesReader({ ...options, encoding: undefined });
  reader.push(new TextEncoder().encode(content));
  return reader.end();
}
