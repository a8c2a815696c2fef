/**
 * Decides which columns of a table hold times, numbers, series names and labels.
 *
 * @module
 */
import { type Column, errorAt, quoteSome, type Sample } from "../data/records.ts";
import { quote } from "../printable.ts";
import {
  findNumberForm,
  isMissing,
  type NumberForm,
  parseNumber,
  signBeside,
  textOf,
} from "./numbers.ts";
import { guessTime, oddTime, unreadTimes } from "./time_columns.ts";
import { findTimeForm, type TimeForm } from "./times.ts";

/** The column names of a table, and its layout. */
export interface DataColumns {
  /** The time column. */
  time?: string;
  /** The column that names the series of each row. */
  series?: string;
  /** The label column. */
  label?: string;
  /** `long` if each row was a time step, `wide` if each row was a whole series. */
  layout?: "long" | "wide";
}

/** Options for the columns of a table. */
export interface ColumnOptions {
  /** The number columns. Default: all that hold numbers. */
  columns?: readonly string[];
  /** The time column; null for none. Default: one with a name for times, or one of dates. */
  time?: string | null;
  /** The column that names the series; null for none. Default: `series`, `unique_id` or such. */
  series?: string | null;
  /** The label column; null for none. Default: one named `label`, `class` or `target`. */
  label?: string | null;
  /**
   * Whether each row is a time step (`long`) or a whole series (`wide`), in columns such as t0 to
   * t23. Default: `wide` if there are eight or more such columns and no time column.
   */
  layout?: "long" | "wide";
  /** Column names used in training: each is preferred to a guess if the table has it. */
  usual?: Pick<DataColumns, "time" | "series" | "label">;
  /** Whether to ignore labels, which may then be missing. Default: false. */
  skipLabel?: boolean;
  /** The decimal mark. Default: detected from the first rows. */
  decimal?: NumberForm["decimal"];
  /** Whether days come before months in dates with slashes. Default: detected. */
  dayFirst?: boolean;
}

/** A number column, and the format of its numbers. */
export interface NumbersIn {
  name: string;
  form: NumberForm;
}

/** The columns to read. */
export interface SeriesColumns {
  layout: "long" | "wide";
  /** In the `long` layout, the columns of the series; in the `wide` layout, one for each step. */
  numbers: NumbersIn[];
  /** The columns of the series, each with the places of its steps in `numbers`. */
  channels: { name: string; places: number[] }[];
  time?: string;
  timeForm?: TimeForm;
  series?: string;
  label?: string;
  /** Ambiguous guesses, one sentence each. */
  notes: string[];
}

const SERIES = /^(?:series|series_?id|unique_id|sequence)$/i;
const LABELS = ["label", "class", "target"];
const NAMES = /^(?:id|name)$/i;
const NUMBERED = /^(.*?)[ _.-]?(?:t[ _.-]?)?(\d+)$/i;
const ROLES = { time: "times", series: "series names", label: "labels" };
const STEPS = "the steps";
const MIN_RUN = 8; // columns that look like steps, for the wide layout
const MIN_FIT = 0.5; // the fraction of a column's first values that must be numbers

/**
 * Settles the columns of a table from the options and its first rows.
 *
 * @throws {InputError} If no column holds numbers, or a given column does not hold what it should.
 */
export function settleColumns(
  { columns: names, valuesOf }: Sample,
  options: ColumnOptions,
  file: string,
): SeriesColumns {
  const texts = (name: string) => (valuesOf(name) ?? []).map(textOf);
  // The columns of a table without a header are named by number.
  const known = (name: string | null | undefined) => {
    if (name == null || names.includes(name)) return name ?? undefined;
    if (/^[1-9]\d{0,6}$/.test(name) && Number(name) <= names.length) return names[Number(name) - 1];
    return name; // the table reader rejects it, and lists the existing names
  };
  const guess = (given: string | null | undefined, find: () => string | undefined) =>
    given === null ? undefined : known(given) ?? find();
  const usual = options.usual ?? {}, asBefore: string[] = [];
  const guessAs = (role: keyof typeof usual, find: () => string | undefined) =>
    guess(options[role], () => {
      const name = usual[role], found = find();
      if (name === undefined || name === found || !names.includes(name)) return found;
      if (role !== "label" || !options.skipLabel) asBefore.push(`${ROLES[role]} in ${quote(name)}`);
      return name;
    });
  const isHeaderless = names.every((name, i) => name === `${i + 1}`);
  const series = guessAs("series", () => names.find((name) => SERIES.test(name)));
  const time = guessAs("time", () => guessTime(names, texts, series !== undefined));
  const run = options.layout === "long" || time !== undefined && options.layout !== "wide"
    ? []
    : stepColumns(names, [series, time, known(options.label ?? usual.label)], isHeaderless);
  const layout = options.layout ?? (time === undefined && run.length >= MIN_RUN ? "wide" : "long");
  const label = guessAs(
    "label",
    () =>
      layout === "wide" && isHeaderless && names.length > MIN_RUN
        ? names[0] // as in the UCR archive
        : LABELS.map((label) => names.find((name) => name.toLowerCase() === label))
          .find((name) => name !== undefined),
  );
  const found: SeriesColumns = {
    layout,
    numbers: [],
    channels: [],
    notes: asBefore.length > 0 ? [`As in training: ${asBefore.join(", ")}.`] : [],
    ...(series === undefined ? {} : { series }),
    ...(label === undefined || options.skipLabel ? {} : { label }),
  };
  const taken = [series, time, label];
  if (layout === "wide") {
    const given = options.columns?.map((name) => known(name)!);
    const steps = given ?? run.filter((name) => !taken.includes(name));
    if (steps.length === 0) {
      const cure = "name the steps t0, t1 and so on, or give one step per row (--layout long)";
      throw errorAt(file, 1, `no step columns: the header has ${quoteSome(names)}; ${cure}`);
    }
    const form = settleNumbers(STEPS, steps.flatMap(texts), options, file, found.notes);
    found.numbers = steps.map((name) => ({ name, form }));
    found.channels = channelsOf(steps);
    found.series ??= names.find((name) => NAMES.test(name) && !taken.includes(name));
    return found;
  }
  if (time !== undefined && names.includes(time)) {
    found.time = time;
    const form = findTimeForm(texts(time), options.dayFirst);
    if (!form) {
      const cure = "name the time column (--time), or use none (--time none)";
      const odd = quote(oddTime(texts(time)));
      throw errorAt(file, 2, `${quote(time)} does not hold times, for example ${odd}; ${cure}`);
    }
    found.timeForm = form.form;
    if (form.isAmbiguous) {
      found.notes.push(
        `Dates in ${quote(time)} could be ${form.form} or day/month/year; read as ${form.form}. ` +
          "Use --day-first yes for the other.",
      );
    }
  } else if (time !== undefined) found.time = time;
  else if (options.time === undefined) found.notes.push(...unreadTimes(names, texts));
  const numeric = options.columns?.map((name) => known(name)!) ??
    names.filter((name) => !taken.includes(name) && isNumeric(texts(name), options));
  if (numeric.length === 0) {
    throw errorAt(
      file,
      1,
      `no column holds numbers: the header has ${quoteSome(names)}; add one that does`,
    );
  }
  found.numbers = numeric.map((name) => ({
    name,
    form: settleNumbers(
      quote(name),
      names.includes(name) ? texts(name) : [],
      options,
      file,
      found.notes,
    ),
  }));
  found.channels = numeric.map((name, i) => ({ name, places: [i] }));
  return found;
}

function isNumeric(texts: readonly string[], { decimal }: ColumnOptions): boolean {
  const { fit, known } = findNumberForm(texts, decimal);
  return known > 0 && fit >= MIN_FIT;
}

function settleNumbers(
  what: string,
  texts: readonly string[],
  { decimal }: ColumnOptions,
  file: string,
  notes: string[],
): NumberForm {
  const { form, fit, known, ambiguous } = findNumberForm(texts, decimal);
  if (known > 0 && fit < MIN_FIT) {
    const first = texts.find((text) =>
      !isMissing(text) && findNumberForm([text], decimal).fit === 0
    );
    // A number followed by something else, such as a unit.
    const found = /^(\(?)[-+]?\s*(\d+(?:[.,]\d+)*)[^\d"]{0,12}$/.exec(first ?? "");
    const plain = found && (found[1] ? `-${found[2]}` : found[2]);
    const cure = "choose a column of numbers" +
      (plain ? `, or write numbers without anything else, such as ${plain}` : "");
    throw errorAt(
      file,
      1,
      `${what} ${what === STEPS ? "do" : "does"} not hold numbers, for example ${
        quote(first)
      }; ${cure}`,
    );
  }
  if (ambiguous !== undefined) {
    const comma = "the comma separates thousands";
    notes.push(`In ${what}, as in ${quote(ambiguous)}, ${comma}; use --decimal , if it does not.`);
  } else if (form.decimal === ",") notes.push(`${what}: the comma is the decimal mark.`);
  const signed = texts.filter((text) => signBeside(text) !== undefined);
  const [first] = signed;
  if (first !== undefined) {
    const sign = quote(signBeside(first)), value = parseNumber(first, form);
    const isMixed = signed.length < texts.filter((text) => !isMissing(text)).length;
    const others = isMixed ? ", and numbers without it are unchanged" : "";
    notes.push(
      `In ${what} the sign ${sign} is ignored: ${quote(first)} is read as ${value}${others}.`,
    );
  }
  return form;
}

/** Returns the columns whose names end in a number, such as `t0`: the steps of a series. */
function stepColumns(
  names: readonly string[],
  taken: readonly (string | undefined)[],
  isHeaderless: boolean,
): string[] {
  const label = isHeaderless && taken[2] === undefined ? names[0] : undefined;
  return names.filter((name) => !taken.includes(name) && name !== label && NUMBERED.test(name));
}

/** Groups steps by their prefix: `x_0, x_1, y_0, y_1` are two columns of a series. */
function channelsOf(steps: readonly string[]): SeriesColumns["channels"] {
  const groups = new Map<string, { at: number; place: number }[]>();
  for (const [place, name] of steps.entries()) {
    const [, prefix, number] = NUMBERED.exec(name) ?? ["", "", `${place}`];
    if (!groups.has(prefix)) groups.set(prefix, []);
    groups.get(prefix)!.push({ at: Number(number), place });
  }
  const parts = [...groups.values()];
  const areAlike = parts.every(({ length }) => length === parts[0].length);
  if (!areAlike) return [{ name: "value", places: steps.map((_, i) => i) }];
  return [...groups].map(([prefix, places]) => ({
    name: prefix.replace(/[ _.-]+$/, "") || "value",
    places: places.sort((a, b) => a.at - b.at).map(({ place }) => place),
  }));
}

/** Returns the columns that a table reader has to find. */
export function wantedColumns({ numbers, time, series, label }: SeriesColumns): Column[] {
  const roles = { time, series, label };
  return [
    ...Object.entries(roles).flatMap(([role, name]) => name === undefined ? [] : [{ name, role }]),
    ...numbers.map(({ name }) => ({ name, role: "number" })),
  ];
}
