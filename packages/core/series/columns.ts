/**
 * Which columns of a table hold times, numbers, names and labels.
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

/** What the columns of a table were called, and its layout. */
export interface DataColumns {
  /** The column of the times. */
  time?: string;
  /** The column that says which series a row is of. */
  series?: string;
  /** The column of the labels. */
  label?: string;
  /** Whether a row was a step, or a whole series. */
  layout?: "long" | "wide";
}

/** What is asked for of a table's columns. */
export interface ColumnOptions {
  /** The columns of numbers. Default: all that hold numbers. */
  columns?: readonly string[];
  /** The column of the times; null for none. Default: one that is named so, or holds dates. */
  time?: string | null;
  /** The column that says which series a row is of; null for none. Default: one named `series`. */
  series?: string | null;
  /** The column of the labels; null for none. Default: one named `label`, `class` or `target`. */
  label?: string | null;
  /**
   * Whether a row is a step (`long`), or a whole series (`wide`), in columns such as t0 to t23.
   * Default: `wide` where there is a run of eight or more such columns, and no time.
   */
  layout?: "long" | "wide";
  /** What such columns were called elsewhere: each is taken where there is one of that name. */
  usual?: Pick<DataColumns, "time" | "series" | "label">;
  /** Whether labels are not read, where they may be missing. Default: false. */
  skipLabel?: boolean;
  /** The decimal mark. Default: found by the first rows. */
  decimal?: NumberForm["decimal"];
  /** Whether days come before months in dates with slashes. Default: found by the first rows. */
  dayFirst?: boolean;
}

/** A column of numbers, and how they are written. */
export interface NumbersIn {
  name: string;
  form: NumberForm;
}

/** The columns that are read. */
export interface SeriesColumns {
  layout: "long" | "wide";
  /** Of `long`, a column of the series each; of `wide`, a step each. */
  numbers: NumbersIn[];
  /** Of `wide`, for each column of the series the places of its steps among the numbers. */
  channels: { name: string; places: number[] }[];
  time?: string;
  timeForm?: TimeForm;
  series?: string;
  label?: string;
  /** What was guessed, and could be otherwise, a sentence each. */
  notes: string[];
}

const SERIES = /^(?:series|series_?id|unique_id|sequence)$/i;
const LABELS = ["label", "class", "target"];
const NAMES = /^(?:id|name)$/i;
const NUMBERED = /^(.*?)[ _.-]?(?:t[ _.-]?)?(\d+)$/i;
const ROLES = { time: "times", series: "names of series", label: "labels" };
const STEPS = "the steps";
const MIN_RUN = 8; // columns that are the steps of one series
const MIN_FIT = 0.5; // the fraction of a column's first values that are numbers

/** Settles the columns of a table by its beginning. */
export function settleColumns(
  { columns: names, valuesOf }: Sample,
  options: ColumnOptions,
  file: string,
): SeriesColumns {
  const texts = (name: string) => (valuesOf(name) ?? []).map(textOf);
  // A table without a header has numbers for names.
  const known = (name: string | null | undefined) => {
    if (name == null || names.includes(name)) return name ?? undefined;
    if (/^[1-9]\d{0,6}$/.test(name) && Number(name) <= names.length) return names[Number(name) - 1];
    return name; // which the reader of the table refuses, with the names that there are
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
        ? names[0] // as the UCR archive has it
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
      const cure = "name the steps t0, t1 and so on, or give one step a row (--layout long)";
      throw errorAt(file, 1, `no columns of steps: the header has ${quoteSome(names)}; ${cure}`);
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
      const cure = "name the column of the times (--time), or none (--time none)";
      const odd = quote(oddTime(texts(time)));
      throw errorAt(file, 2, `${quote(time)} holds no times, such as ${odd}; ${cure}`);
    }
    found.timeForm = form.form;
    if (form.isAmbiguous) {
      found.notes.push(
        `Dates in ${quote(time)} could be ${form.form} or day/month/year; read as ${form.form}. ` +
          "Say --day-first yes for the other.",
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
      `no column holds numbers: the header has ${quoteSome(names)}; give one that does`,
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
    // A number with something beside it, such as a unit.
    const found = /^(\(?)[-+]?\s*(\d+(?:[.,]\d+)*)[^\d"]{0,12}$/.exec(first ?? "");
    const plain = found && (found[1] ? `-${found[2]}` : found[2]);
    const cure = "choose a column of numbers" +
      (plain ? `, or write them without anything beside them, such as ${plain}` : "");
    throw errorAt(
      file,
      1,
      `${what} ${what === STEPS ? "hold" : "holds"} no numbers, but such as ${
        quote(first)
      }; ${cure}`,
    );
  }
  if (ambiguous !== undefined) {
    const comma = "the comma separates thousands";
    notes.push(`In ${what}, as in ${quote(ambiguous)}, ${comma}; say --decimal , if it does not.`);
  } else if (form.decimal === ",") notes.push(`${what}: the comma is the decimal mark.`);
  const signed = texts.filter((text) => signBeside(text) !== undefined);
  const [first] = signed;
  if (first !== undefined) {
    const sign = quote(signBeside(first)), value = parseNumber(first, form);
    const isMixed = signed.length < texts.filter((text) => !isMissing(text)).length;
    const others = isMixed ? ", and numbers without one as they are" : "";
    notes.push(
      `In ${what} the sign ${sign} is left out: ${quote(first)} is read as ${value}${others}.`,
    );
  }
  return form;
}

/** The columns that are steps of a series: the largest run of one prefix and rising numbers. */
function stepColumns(
  names: readonly string[],
  taken: readonly (string | undefined)[],
  isHeaderless: boolean,
): string[] {
  const label = isHeaderless && taken[2] === undefined ? names[0] : undefined;
  return names.filter((name) => !taken.includes(name) && name !== label && NUMBERED.test(name));
}

/** Steps by what they are of: `x_0, x_1, y_0, y_1` are two columns of a series. */
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

/** What the reader of a table looks for. */
export function wantedColumns({ numbers, time, series, label }: SeriesColumns): Column[] {
  const roles = { time, series, label };
  return [
    ...Object.entries(roles).flatMap(([role, name]) => name === undefined ? [] : [{ name, role }]),
    ...numbers.map(({ name }) => ({ name, role: "number" })),
  ];
}
