/**
 * The examples in files: rows that cannot be used are left out and named, and what is odd is said.
 *
 * @module
 */
import {
  type DataProblem,
  type DataWarning,
  type Example,
  InputError,
  type Model,
  readerOf,
  type Reading,
  splitUsable,
  testWarnings,
  truncationWarning,
  unknownWarning,
} from "@unroll/core";
import type { FileContent } from "../files/files.ts";
import { printable, printJson, warn } from "../output/terminal.ts";

const NAMED = 10; // rows that are named, of those left out

/** Rows of a file that cannot be used. */
export interface LeftOut {
  /** The file. */
  file: string;
  /** How many rows it has. */
  rows: number;
  /** How many of them were left out. */
  count: number;
  /** The first of those. */
  problems: DataProblem[];
}

/**
 * The examples in some files, in their order, without the rows that cannot be used.
 *
 * @param read Reads a file.
 * @param strict Whether one row that cannot be used is an error.
 * @param reading How the model reads texts.
 * @throws {InputError} For a file whose rows mostly cannot be used; where `strict`, for any such row.
 */
export async function readFiles(
  read: (file: string) => Promise<FileContent>,
  files: readonly string[],
  strict: boolean,
  reading: Reading,
): Promise<{ examples: Example[]; leftOut: LeftOut[] }> {
  const sets: Example[][] = [], leftOut: LeftOut[] = [];
  for (const file of files) {
    const content = await read(file);
    const { usable, unusable } = splitUsable(reading, content.examples);
    const problems = [
      ...content.problems,
      ...unusable.map(({ example, problem }) => ({ line: lineOf(example), problem })),
    ].sort((a, b) => a.line - b.line);
    sets.push(usable);
    if (problems.length === 0) continue;
    const rows = usable.length + problems.length;
    if (strict) throw errorOf(file, problems[0]);
    if (problems.length > rows / 2) throw refusal(file, problems, rows, content);
    leftOut.push({ file, rows, count: problems.length, problems: problems.slice(0, NAMED) });
  }
  return { examples: sets.flat(), leftOut };
}

/** The line of an example in its file; 0 where it is the whole file. */
function lineOf({ where = "" }: Example): number {
  return Number(/:(\d+)$/.exec(where)?.[1] ?? 0);
}

function errorOf(file: string, { line, problem }: DataProblem, more = ""): InputError {
  return new InputError(`${file}${line > 0 ? `:${line}` : ""}: ${problem}${more}`);
}

function refusal(
  file: string,
  problems: readonly DataProblem[],
  rows: number,
  { looksLike }: FileContent,
): InputError {
  const look = looksLike?.();
  const more = [
    rows > 1 ? `; ${problems.length} of ${rows} rows cannot be used, this one first` : "",
    look === undefined ? "" : `; the file looks like ${look}`,
  ];
  return errorOf(file, problems[0], more.join(""));
}

/** Says which rows were left out, on standard error and, where asked, as events. */
export function reportLeftOut(leftOut: readonly LeftOut[], json = false): void {
  for (const each of leftOut) {
    const { file, rows, count, problems } = each;
    if (json) printJson({ type: "left-out", ...each });
    const name = printable(file);
    warn(`${name}: left out ${count} of ${rows} rows; --strict stops at the first:`);
    for (const { line, problem } of problems) warn(`  ${name}:${line}: ${printable(problem)}`);
    if (count > problems.length) warn(`  and ${count - problems.length} more`);
  }
}

/** Says what is odd about the examples in files, on standard error and, where asked, as events. */
export function reportWarnings(
  warnings: readonly DataWarning[],
  files: readonly string[],
  json = false,
): void {
  const more = files.length > 1 ? ` and ${files.length - 1} more` : "";
  const place = files.length === 0 ? "" : `${printable(files[0])}${more}: `;
  for (const warning of warnings) {
    if (json) printJson({ type: "warning", files, ...warning });
    warn(`warning: ${place}${printable(warning.message)}`);
  }
}

/** What is odd about examples to test a model with, beside those that it learned. */
export function testFindings(
  model: Model,
  learned: readonly Example[],
  test: readonly Example[],
): DataWarning[] {
  return [
    ...testWarnings(learned, test, readerOf(model), knownBy(model)),
    ...truncationFindings(model, test),
  ];
}

/** How many texts are longer than a model reads. */
export function truncationFindings(
  reading: Reading,
  examples: Iterable<Example>,
): DataWarning[] {
  const warning = truncationWarning(reading, examples);
  return warning ? [warning] : [];
}

/** What a model does not know of examples to learn. */
export function unknownFindings(model: Model, learned: readonly Example[]): DataWarning[] {
  const warning = unknownWarning(learned, readerOf(model), knownBy(model));
  return warning ? [warning] : [];
}

function knownBy({ vocabulary }: Model): (word: string) => boolean {
  const words = new Set(vocabulary);
  return (word) => words.has(word);
}
