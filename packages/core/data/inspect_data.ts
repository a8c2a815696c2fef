/**
 * Inspects unknown data: its columns, its examples and its bad lines.
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

/** The result of {@linkcode inspectData}. */
export interface DataReport {
  /** The format that the data was read in. */
  format: DataFormat;
  /** The dialect of a table: its separator, its quotes, and whether it has a header. */
  dialect?: Dialect;
  /** The names of all columns or keys. */
  columns: string[];
  /** The column of the texts. */
  textColumn: string;
  /** The column of the labels. */
  labelColumn: string;
  /** The usable examples. */
  examples: Example[];
  /** The unusable lines, in their order. */
  problems: DataProblem[];
}

/**
 * Reads data as `parseExamples` does, but continues after bad lines and reports all of them.
 * Whatever the options leave open is guessed: the format and a table's dialect from the beginning,
 * and columns with names other than `text` and `label` from their values: the column with the
 * longest texts, and the one with the fewest different values.
 *
 * @throws {InputError} If the content is empty, a given column does not exist, or more than 20,000
 *   lines are bad.
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
    /** Whether to guess a column only if no other fits. Default: false, the best is chosen. */
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
