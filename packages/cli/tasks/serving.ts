/**
 * How models answer other programs, which ask in JSON: what is common to tasks that read texts, and
 * to tasks that read series.
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

/** A value of an object of JSON, by its key. */
export type JsonObject = Record<string, unknown>;

/** An answer as JSON; of what cannot be answered, why not, as its `error`. */
export type JsonAnswer = JsonObject & { error?: string };

/** How a task's models answer requests. */
// deno-lint-ignore no-explicit-any
export interface Serving<M extends AnyModel, Asked = any> {
  /** The keys of a request: of what is asked, and of a list of such. They may be the same. */
  readonly keys: { one: string; many: string };
  /** What a request may look like. */
  example(model: M): JsonObject;
  /** The other keys of a request, with what checks and gives their values. */
  readonly options?: Record<string, (value: unknown, model: M) => unknown>;
  /**
   * What is asked, from its JSON.
   *
   * @param place What errors about it begin with.
   * @throws {InputError} Where it is nothing that can be asked.
   */
  read(value: unknown, model: M, place: string): Asked;
  /** How much of it there is: characters, or rows. */
  sizeOf(asked: Asked): number;
  /** How many are computed at once, so that it takes no seconds. Default: {@linkcode MAX_BATCH}. */
  batch?(options: JsonObject): number;
  /** The answers, one for each, in their order. */
  answer(
    predictor: Predictor<M>,
    asked: readonly Asked[],
    options: JsonObject,
  ): Promise<JsonAnswer[]>;
}

/** How many texts or series are computed at once: more are hardly faster. */
export const MAX_BATCH = 64;

const EXAMPLE = "not bad at all";

/** How models answer that read texts. */
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

/** A series as it was read, and how. */
export interface ReadSeries {
  /** The series. */
  series: Series;
  /** How it was read. */
  reading: SeriesReading;
}

/** How models answer that read series. */
export function serveSeries<M extends SeriesModel>(
  { keepEnd = false, ...own }: Pick<Serving<M, ReadSeries>, "answer" | "options"> & {
    /** Whether numbers that are missing in the last rows stay so, as in rows of times to come. */
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

/** The numbers of one series, column by column, read as the rows of a file are. */
function readOne(value: unknown, model: SeriesModel, place: string, keepEnd: boolean): ReadSeries {
  const { columns, dataColumns } = model;
  // Of a model with one column the numbers alone will do.
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
      `${place}: no column ${quote(missing)}: there is ${
        names.slice(0, 8).map(quote).join(", ")
      }; ` +
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
        `${place}: the column ${quote(name)} has ${column.length} rows, and ${
          quote(columns[0])
        } has ` +
          `${rows}; give as many of each`,
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
  if (rows === 0) throw new InputError(`${place}: there are no rows; give at least one`);
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

/** Whether a value of JSON is an object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value of JSON, for an error. */
export function shownJson(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  return isObject(value) ? "an object" : typeof value === "string" ? quote(value) : String(value);
}

/** What checks a whole number in a range. */
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

/** What checks a switch. */
export function truth(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw new InputError(`expected true or false, got ${shownJson(value)}`);
}
