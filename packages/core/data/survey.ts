/**
 * What is in data that nobody has looked at yet: its columns, its examples, and its bad lines.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import { readHeaderRow, readTable } from "./csv.ts";
import {
  columnsOf,
  type DataFormat,
  type DataKind,
  type Example,
  exampleOf,
  expected,
} from "./examples.ts";
import { readJsonLines, readKeys } from "./json_lines.ts";
import { type Column, type DataRecord, errorAt } from "./records.ts";

/** A line that cannot be used, and why. */
export interface SurveyProblem {
  /** The line, from 1. */
  line: number;
  /** What is wrong with it, and what would do. */
  problem: string;
}

/** What {@linkcode surveyExamples} finds. */
export interface Survey {
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
  problems: SurveyProblem[];
}

/**
 * Reads data as `parseExamples` does, but goes on after a bad line and tells of all of them. What
 * is not given is guessed: the form by the first line, and columns of other names than `text` and
 * `label` by what they hold, the longest texts in the one and the fewest different in the other.
 *
 * @throws {InputError} Where there is nothing to read, or no such column.
 *
 * @example
 * ```ts
 * import { surveyExamples } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const survey = surveyExamples('review,stars\n"Good, very good",5\nBad,1,2\nNot bad,4\n');
 * assertEquals([survey.textColumn, survey.labelColumn], ["review", "stars"]);
 * assertEquals(survey.examples.map(({ label }) => label), ["5", "4"]);
 * assertEquals(survey.problems[0].line, 3);
 * ```
 */
export function surveyExamples(
  content: string,
  options: {
    format?: DataFormat;
    kind?: DataKind;
    name?: string;
    textColumn?: string;
    labelColumn?: string;
  } = {},
): Survey {
  const { name = "data", kind = "labels" } = options;
  const whole = content.replace(/^\ufeff/, "");
  const format = options.format ?? guessFormat(whole);
  if (whole.trim() === "") {
    throw errorAt(name, 1, `no content; expected ${expected(format, columnsOf(kind, {}))}`);
  }
  const separator = format === "tsv" ? "\t" : ",";
  const columns = format === "jsonl" ? readKeys(whole) : readHeaderRow(whole, separator, name);
  const problems: SurveyProblem[] = [];
  const report = ({ message }: InputError, line: number) => {
    problems.push({ line, problem: message.slice(name.length).replace(/^:\d+: /, "") });
  };
  const read = (wanted: readonly Column[]) =>
    format === "jsonl"
      ? readJsonLines(whole, name, wanted, report)
      : readTable(whole, separator, name, wanted, report);
  const [textColumn, labelColumn] = chooseColumns(columns, kind, options, read);
  problems.length = 0; // those met in choosing
  const wanted = columnsOf(kind, { textColumn, labelColumn });
  const examples = read(wanted).flatMap((record) => {
    try {
      return [exampleOf(record, wanted, name)];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      report(error, record.line);
      return [];
    }
  });
  problems.sort((a, b) => a.line - b.line);
  return { format, columns, textColumn, labelColumn, examples, problems };
}

/** The form that the first line looks like. */
function guessFormat(content: string): DataFormat {
  const [first] = content.trimStart().split(/[\r\n]/, 1);
  if (first.startsWith("{")) return "jsonl";
  return first.includes("\t") ? "tsv" : "csv";
}

const MAX_LOOKED_AT = 200; // records are enough to tell texts from labels

function chooseColumns(
  columns: readonly string[],
  kind: DataKind,
  { textColumn, labelColumn }: { textColumn?: string; labelColumn?: string },
  read: (wanted: readonly Column[]) => DataRecord[],
): [text: string, label: string] {
  const usual = columnsOf(kind === "pairs" ? "pairs" : "labels", {}).map(({ name }) => name);
  const free = (taken: string | undefined) => columns.filter((column) => column !== taken);
  const valuesOf = (name: string) =>
    read([{ name, role: name }]).slice(0, MAX_LOOKED_AT).map((record) => String(record.get(name)));
  const best = (names: readonly string[], score: (values: string[]) => number) =>
    names.toSorted((a, b) => score(valuesOf(b)) - score(valuesOf(a)))[0];
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
  return [text, label ?? usual[1]];
}
