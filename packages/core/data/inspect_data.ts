/**
 * What is in data that nobody has looked at yet: its columns, its examples, and its bad lines.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import { readTable } from "./csv.ts";
import {
  columnsOf,
  type DataFormat,
  type DataKind,
  type Example,
  exampleOf,
  expected,
} from "./examples.ts";
import { readJsonLines } from "./json_lines.ts";
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
 * is not given is guessed: the form by the first line, and columns of other names than `text` and
 * `label` by what they hold, the longest texts in the one and the fewest different in the other.
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
  options: {
    format?: DataFormat;
    kind?: DataKind;
    name?: string;
    textColumn?: string;
    labelColumn?: string;
  } = {},
): DataReport {
  const { name = "data", kind = "labels" } = options;
  const whole = content.replace(/^\ufeff/, "");
  const format = options.format ?? guessFormat(whole);
  if (whole.trim() === "") {
    throw errorAt(name, 1, `no content; expected ${expected(format, columnsOf(kind, {}))}`);
  }
  const separator = format === "tsv" ? "\t" : ",";
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
  const choose = (sample: Sample) => {
    columns = sample.columns;
    [textColumn, labelColumn] = chooseColumns(sample, kind, options);
    return wanted = columnsOf(kind, { textColumn, labelColumn });
  };
  choose({ columns: [], valuesOf: () => [] }); // for a file without any row
  const records = format === "jsonl"
    ? readJsonLines(whole, name, choose, report)
    : readTable(whole, separator, name, choose, report);
  const examples: Example[] = [];
  for (const record of records) {
    try {
      examples.push(exampleOf(record, wanted, name));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      report(error, record.line);
    }
  }
  return { format, columns, textColumn, labelColumn, examples, problems: inOrder(problems) };
}

function inOrder(problems: readonly DataProblem[]): DataProblem[] {
  return problems.toSorted((a, b) => a.line - b.line);
}

/** The form that the first line looks like. */
export function guessFormat(content: string): DataFormat {
  const [first] = content.trimStart().split(/[\r\n]/, 1);
  if (first.startsWith("{")) return "jsonl";
  return first.includes("\t") ? "tsv" : "csv";
}

const MAX_PROBLEMS = 20_000; // a file with more is of another format

/** The columns of texts and labels: those named, those usual, or those that look like it. */
export function chooseColumns(
  { columns, valuesOf }: Sample,
  kind: DataKind,
  { textColumn, labelColumn }: { textColumn?: string; labelColumn?: string },
): [text: string, label: string] {
  const usual = columnsOf(kind === "pairs" ? "pairs" : "labels", {}).map(({ name }) => name);
  const free = (taken: string | undefined) => columns.filter((column) => column !== taken);
  const best = (names: readonly string[], score: (values: string[]) => number) => {
    let chosen: string | undefined, highest = -Infinity;
    for (const name of names) {
      const usable = valuesOf(name).filter((value) => typeof value !== "object").map(String);
      const own = usable.length > 0 ? score(usable) : -Infinity;
      if (chosen === undefined || own > highest) [chosen, highest] = [name, own];
    }
    return chosen;
  };
  const length = (values: string[]) =>
    values.reduce((sum, { length }) => sum + length, 0) / values.length;
  const sameness = (values: string[]) => -new Set(values).size;

  const isAmbiguous = new Set(columns).size < columns.length;
  const least = kind === "texts" ? 1 : 2;
  if (columns.length < least || isAmbiguous) { // reading says what is wrong
    return [textColumn ?? usual[0], labelColumn ?? usual[1]];
  }
  // Of pairs the source stands first, as a rule.
  const text = textColumn ??
    (columns.includes(usual[0])
      ? usual[0]
      : kind === "pairs"
      ? free(labelColumn)[0]
      : best(free(labelColumn ?? usual[1]), length));
  const label = labelColumn ??
    (columns.includes(usual[1]) && text !== usual[1]
      ? usual[1]
      : kind === "pairs"
      ? free(text)[0]
      : best(free(text), sameness));
  return [text ?? usual[0], label ?? usual[1]];
}
