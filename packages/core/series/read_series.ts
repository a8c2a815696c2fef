/**
 * Reads series from the bytes of a file of any size.
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
  /** The name of the content in errors. Default: `"data"`. */
  name?: string;
  /** The format. Default: from the extension of the name, or detected from the first bytes. */
  format?: DataFormat;
  /** The encoding of the bytes. Default: UTF-8, or UTF-16 if a byte order mark says so. */
  encoding?: string;
  /** The longest run of missing steps or missing values that is filled. Default: 100. */
  maxGap?: number;
  /**
   * Whether values that are missing in the last rows stay NaN, as in rows of future times.
   * Default: false.
   */
  keepEnd?: boolean;
  /** Called for each problem in a line. Default: problems are not reported. */
  onProblem?: (problem: SeriesProblem) => void;
  /** Called before the first row, with the format and the beginning of the content. */
  onBeginning?: (beginning: DataBeginning) => void;
}

/** A problem in a line. */
export interface SeriesProblem extends DataProblem {
  /** Whether one value of the row counts as missing; otherwise the whole row is skipped. */
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

/** How series were read: the format, the columns and the guesses. */
export interface SeriesReading {
  /** The format of the content. */
  format: DataFormat;
  /** The separator, quotes and header of a table. */
  dialect?: Dialect;
  /** `long` if each row is a time step, `wide` if each row is a whole series. */
  layout: "long" | "wide";
  /** The number of rows. */
  rows: number;
  /** The columns of the series. */
  columns: string[];
  /** All columns of the content, whether they are used or not. */
  fields: string[];
  /** The time column, and how its times are written. */
  time?: { column: string; form: TimeForm };
  /** The distance between consecutive times. */
  step?: TimeStep;
  /** The column that names the series of each row. */
  series?: string;
  /** The label column. */
  label?: string;
  /** Ambiguous guesses and filled values, one sentence each. */
  notes: string[];
}

/** Series, with how they were read. */
export interface SeriesData {
  /** The series, in the order of their first rows, with missing values filled. */
  series: Series[];
  /** How they were read. */
  reading: SeriesReading;
}

/** Reads series from bytes in chunks that may be split at any position. */
export interface SeriesReader {
  /** The number of rows read so far. */
  readonly rows: number;
  /** Reads the next bytes. */
  push(bytes: Uint8Array): void;
  /** Returns the series after the last bytes. */
  end(): SeriesData;
}

/**
 * Creates a reader of series from the bytes of a file, which never need to be in memory all at
 * once. Guesses from the first 200 rows whatever the options leave open: which columns hold times,
 * numbers and labels, and how they are written. Rows of several series may be mixed.
 *
 * Times must increase. Missing steps and missing values (empty, `NA`, `-` and the like) are filled
 * by linear interpolation, or at the ends with the nearest value. A value that cannot be read
 * counts as missing and is reported; a row whose time cannot be read is skipped and reported.
 *
 * @throws {InputError} From `push` and `end`, after which neither may be called: if there is
 *   nothing to read, a column does not exist, most values of a column are not numbers, times
 *   decrease or repeat, or more than `maxGap` steps or values are missing in a row.
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
 * assertEquals(reading.notes, ['1 value is missing in "sold"; filled by linear interpolation.']);
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
    if (!unknown) return []; // a JSON object need not have all keys
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
        const cure = first ? `the first problem: ${first.problem}` : "add some below the header";
        throw errorAt(name, first?.line ?? 1, `no usable rows; ${cure}`);
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
 * Reads the series of a whole content; see {@linkcode createSeriesReader}.
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
