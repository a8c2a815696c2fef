/**
 * The HTTP service of tasks: JSON requests for models that read texts, and for models that read
 * series.
 *
 * @module
 */
import {
  type AnyModel,
  InputError,
  type Predictor,
  quote,
  readSeries,
  type Series,
  type SeriesModel,
  type SeriesReading,
} from "@unroll/core";

/** A JSON object. */
export type JsonObject = Record<string, unknown>;

/** A prediction as JSON; if there is none, `error` has the reason. */
export type JsonAnswer = JsonObject & { error?: string };

/** How a task's models answer requests. */
// deno-lint-ignore no-explicit-any
export interface Serving<M extends AnyModel, Asked = any> {
  /** The keys of a request for a single input, and for a list of inputs; may be the same. */
  readonly keys: { one: string; many: string };
  /** Returns an example of a request. */
  example(model: M): JsonObject;
  /** The other keys of a request, each with a function that checks and returns its value. */
  readonly options?: Record<string, (value: unknown, model: M) => unknown>;
  /**
   * Reads an input from its JSON value.
   *
   * @param place The start of error messages about the input.
   * @throws {InputError} If the value is not a valid input.
   */
  read(value: unknown, model: M, place: string): Asked;
  /** Returns the size of an input: characters of a text, rows of a series. */
  sizeOf(asked: Asked): number;
  /** Returns the batch size, small enough not to take seconds. Default: {@linkcode MAX_BATCH}. */
  batch?(options: JsonObject): number;
  /** Returns the predictions, one for each input, in order. */
  answer(
    predictor: Predictor<M>,
    asked: readonly Asked[],
    options: JsonObject,
  ): Promise<JsonAnswer[]>;
}

/** The maximum batch size, in texts or series: larger batches are hardly faster. */
export const MAX_BATCH = 64;

const EXAMPLE = "not bad at all";

/** Creates the service of models that read texts. */
export function serveTexts<M extends AnyModel>(
  own: Pick<Serving<M, string>, "answer" | "batch" | "options"> & { example?: JsonObject },
): Serving<M, string> {
  return {
    ...own,
    keys: { one: "text", many: "texts" },
    example: () => own.example ?? { text: EXAMPLE },
    read(value, _, place) {
      if (typeof value === "string") return value;
      throw new InputError(`${place}: expected a text, got ${shownJson(value)}`);
    },
    sizeOf: (text) => text.length,
  };
}

/** A series, and how it was read. */
export interface ReadSeries {
  /** The series. */
  series: Series;
  /** How it was read. */
  reading: SeriesReading;
}

/** Creates the service of models that read series. */
export function serveSeries<M extends SeriesModel>(
  { keepEnd = false, ...own }: Pick<Serving<M, ReadSeries>, "answer" | "options"> & {
    /** Whether missing numbers in the last rows stay missing, as in future rows. */
    keepEnd?: boolean;
  },
): Serving<M, ReadSeries> {
  return {
    ...own,
    keys: { one: "series", many: "series" },
    example: ({ columns }) => ({
      series: Object.fromEntries(columns.slice(0, 8).map((name) => [name, [1.5, 2, 2.5]])),
    }),
    read: (value, model, place) => readOne(value, model, place, keepEnd),
    sizeOf: ({ series }) => series.values[0].length,
  };
}

/** Reads one series, given column by column, in the same way as the rows of a file. */
function readOne(value: unknown, model: SeriesModel, place: string, keepEnd: boolean): ReadSeries {
  const { columns, dataColumns } = model;
  // For a model with one column, a list of numbers is enough.
  const given = Array.isArray(value) && columns.length === 1 ? { [columns[0]]: value } : value;
  if (!isObject(given)) {
    throw new InputError(
      `${place}: expected columns with their numbers, such as {"${columns[0]}": [1.5, 2]}, got ` +
        shownJson(value),
    );
  }
  const names = Object.keys(given);
  const missing = columns.find((name) => !Object.hasOwn(given, name));
  if (missing !== undefined) {
    throw new InputError(
      `${place}: no column ${quote(missing)}, only ${names.slice(0, 8).map(quote).join(", ")}; ` +
        `the model reads ${columns.map(quote).join(", ")}`,
    );
  }
  const rows = lengthOf(given[columns[0]]);
  for (const name of names) {
    const column = given[name];
    if (!Array.isArray(column)) {
      throw new InputError(
        `${place}: the column ${quote(name)}: expected a list, got ${shownJson(column)}`,
      );
    }
    if (column.length !== rows) {
      throw new InputError(
        `${place}: the column ${quote(name)} has ${column.length} rows, but ${
          quote(columns[0])
        } has ` +
          `${rows}; give each column the same number of rows`,
      );
    }
    const odd = column.findIndex((cell) => typeof cell === "object" && cell !== null);
    if (odd < 0) continue;
    throw new InputError(
      `${place}: the column ${quote(name)}: expected a number in row ${odd + 1}, got ${
        shownJson(column[odd])
      }`,
    );
  }
  if (rows === 0) throw new InputError(`${place}: has no rows; give at least one`);
  const lines = Array.from(
    { length: rows },
    (_, t) =>
      JSON.stringify(
        Object.fromEntries(names.map((name) => [name, (given[name] as unknown[])[t]])),
      ),
  );
  const time = names.find((name) => name === dataColumns?.time) ??
    names.find((name) => name === "time" && !columns.includes(name)) ?? null;
  const { series, reading } = readSeries(lines.join("\n"), {
    ...{ format: "jsonl", name: place, columns, time, series: null, label: null, layout: "long" },
    keepEnd,
    onProblem({ line, problem }) {
      throw new InputError(`${place}:${line}: ${problem}`);
    },
  });
  return { series: series[0], reading };
}

function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}

/** Returns whether a JSON value is an object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Formats a JSON value for an error message. */
export function shownJson(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  return isObject(value) ? "an object" : typeof value === "string" ? quote(value) : String(value);
}

/** Returns a function that checks a whole number in a range. */
export function whole(least: number, most: number): (value: unknown) => number {
  return (value) => {
    if (Number.isInteger(value) && Number(value) >= least && Number(value) <= most) {
      return Number(value);
    }
    throw new InputError(
      `expected a whole number from ${least} to ${most}, got ${shownJson(value)}`,
    );
  };
}

/**
 * Checks a boolean.
 *
 * @throws {InputError} If the value is not true or false.
 */
export function truth(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw new InputError(`expected true or false, got ${shownJson(value)}`);
}
