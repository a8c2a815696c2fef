/**
 * What is in data that nobody has looked at yet: its columns, its examples, and its bad lines.
 *
 * @module
 */
import type { Dialect } from "./csv.ts";
import {
  type DataProblem,
  inOrder,
  inspectingReader,
  MAX_PROBLEMS,
  tooManyProblems,
} from "./example_reader.ts";
import type { Example, ParseOptions } from "./examples.ts";
import type { DataFormat } from "./formats.ts";
import { guessFormat } from "./guess_format.ts";
import { readText } from "./text_reader.ts";

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
  const problems: DataProblem[] = [];
  const { reader, found } = inspectingReader(options, guessFormat, (problem) => {
    problems.push(problem);
    if (problems.length > MAX_PROBLEMS) throw tooManyProblems(options.name, inOrder(problems)[0]);
  });
  const examples = [...readText(reader, content)];
  return { ...found(), examples, problems: inOrder(problems) };
}
