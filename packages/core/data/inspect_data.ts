/**
 * What is in data that nobody has looked at yet: its columns, its examples, and its bad lines.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import { chooseColumns, onlyColumns } from "./choose_columns.ts";
import type { Dialect } from "./csv.ts";
import {
  columnsOf,
  dialectOf,
  type Example,
  exampleOf,
  expected,
  hasColumns,
  type ParseOptions,
  readingOf,
} from "./examples.ts";
import type { DataFormat } from "./formats.ts";
import { guessFormat } from "./guess_format.ts";
import { readRecords } from "./read_records.ts";
import { type Column, errorAt, type Sample } from "./records.ts";

/** A line that cannot be used, and why. */
export interface DataProblem {
  /** The line, from 1. */
  line: number;
  /** What is wrong with it, and what would do. */
  problem: string;
}

/** What {@linkcode inspectData} finds. */
export interface DataReport {
  /** The form that it was read in. */
  format: DataFormat;
  /** How a table is written: its separator, its quotes, and whether it has a header. */
  dialect?: Dialect;
  /** The names of all columns or keys. */
  columns: string[];
  /** The one that the texts were taken from. */
  textColumn: string;
  /** The one that the labels were taken from. */
  labelColumn: string;
  /** The examples that can be used. */
  examples: Example[];
  /** The lines that cannot, in their order. */
  problems: DataProblem[];
}

/**
 * Reads data as `parseExamples` does, but goes on after a bad line and reports all of them. What
 * is not given is guessed: the form and how a table is written by what it begins with, and columns of
 * other names than `text` and `label` by what they hold, the longest texts in the one and the fewest
 * different in the other.
 *
 * @throws {InputError} Where there is nothing to read, no such column, or more than 20,000 lines
 * are bad.
 *
 * @example
 * ```ts
 * import { inspectData } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const report = inspectData('review,stars\n"Good, very good",5\nBad,1,2\nNot bad,4\n');
 * assertEquals([report.textColumn, report.labelColumn], ["review", "stars"]);
 * assertEquals(report.examples.map(({ label }) => label), ["5", "4"]);
 * assertEquals(report.problems[0].line, 3);
 * ```
 */
export function inspectData(
  content: string,
  options: Omit<ParseOptions, "guess"> & {
    /** Whether columns are guessed only where one alone fits. Default: the best is taken. */
    isCautious?: boolean;
  } = {},
): DataReport {
  const { name = "data", kind = "labels" } = options;
  const whole = content.replace(/^\ufeff/, "");
  const format = options.format ?? guessFormat(whole);
  if (whole.trim() === "") {
    throw errorAt(name, 1, `no content; expected ${expected(format, columnsOf(kind, {}))}`);
  }
  const dialect = dialectOf(whole, format, kind, options);
  const problems: DataProblem[] = [];
  const report = ({ message }: InputError, line: number) => {
    const problem = message.slice(name.length).replace(/^:\d+: /, "");
    problems.push({ line, problem });
    if (problems.length <= MAX_PROBLEMS) return;
    const [first] = inOrder(problems);
    const count = `more than ${MAX_PROBLEMS} lines cannot be read, the first for this`;
    throw errorAt(name, first.line, `${count}: ${first.problem}`);
  };
  let columns: string[] = [], textColumn = "", labelColumn = "", wanted: Column[] = [];
  const usual = columnsOf(kind === "pairs" ? "pairs" : "labels", {}).map(({ name }) => name);
  const choose = (sample: Sample) => {
    columns = sample.columns;
    if (options.isCautious) {
      const asked = columnsOf(kind, options).map(({ name }) => name);
      const [text, label] = hasColumns(format) ? onlyColumns(sample, kind, asked, options) : asked;
      [textColumn, labelColumn] = [text, label ?? usual[1]];
    } else [textColumn, labelColumn] = chooseColumns(sample, kind, usual, options);
    return wanted = columnsOf(kind, { textColumn, labelColumn });
  };
  choose({ columns: [], valuesOf: () => [] }); // for a file without any row
  const records = readRecords(whole, format, name, choose, { dialect, report });
  const examples: Example[] = [];
  for (const record of records) {
    try {
      examples.push(exampleOf(record, wanted, name));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      report(error, record.line);
    }
  }
  const names = wanted.map(({ name }) => name);
  options.onRead?.(readingOf(options, format, dialect, names, examples.length));
  return {
    format,
    dialect,
    columns,
    textColumn,
    labelColumn,
    examples,
    problems: inOrder(problems),
  };
}

function inOrder(problems: readonly DataProblem[]): DataProblem[] {
  return problems.toSorted((a, b) => a.line - b.line);
}

const MAX_PROBLEMS = 20_000; // a file with more is of another format
