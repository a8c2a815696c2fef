/**
 * Examples from the bytes of a file of any size.
 *
 * @module
 */
import type { InputError } from "../errors.ts";
import { chooseColumns, onlyColumns } from "./choose_columns.ts";
import type { Dialect } from "./csv.ts";
import { createDecoder } from "./decode.ts";
import { type Example, exampleReader, type ParseOptions } from "./examples.ts";
import { type DataFormat, hasColumns } from "./formats.ts";
import { detectFormat } from "./guess_format.ts";
import { columnsOf } from "./reading.ts";
import { errorAt, type Report, type Sample } from "./records.ts";

/** A line that cannot be used, and why. */
export interface DataProblem {
  /** The line, from 1. */
  line: number;
  /** What is wrong with it, and what would do. */
  problem: string;
}

/** What a file begins with, and is read as. */
export interface DataBeginning {
  /** The form. */
  format: DataFormat;
  /** Whether it was guessed by the content, as neither an option nor the name says it. */
  isGuess: boolean;
  /** The characters that were held back, about 65,000, or all. */
  text: string;
}

/** Settings of {@linkcode createExampleReader}. */
export interface ExampleReaderOptions extends Omit<ParseOptions, "guess"> {
  /** The encoding of the bytes. Default: UTF-8, or UTF-16 by its mark. */
  encoding?: string;
  /** Whether columns are guessed only where one alone fits. Default: the best is taken. */
  isCautious?: boolean;
  /** Called for each line that cannot be used, once. Default: nothing is done about it. */
  onProblem?: (problem: DataProblem) => void;
  /** Called before the first example, with what the file begins with. */
  onBeginning?: (beginning: DataBeginning) => void;
}

/** Reads examples from bytes that come in chunks, cut anywhere. */
export interface ExampleReader {
  /** How many rows were read so far, those that cannot be used among them. */
  readonly rows: number;
  /** The encoding of the bytes: the one given, or found at their beginning. */
  readonly encoding: string;
  /** The examples that are complete with these bytes. */
  push(bytes: Uint8Array): Example[];
  /** The rest, at the end of the bytes. */
  end(): Example[];
}

/**
 * A reader of examples from a file's bytes, which need never be all in memory. It holds back the
 * first 65,536 characters, guesses from them what the options leave open, and then gives examples
 * as they come. They are those that `inspectData` finds, however the bytes are cut.
 *
 * The strings of an example may share the memory of their chunk, as engines make them; whoever keeps
 * some examples for long should keep copies of their strings, or numbers in place of them.
 *
 * @throws {InputError} From `push` and `end`, which are not to be called after that: where there is
 * nothing to read, the bytes are no text, there is no such column, or more than 20,000 lines are bad
 * and they are most of those read.
 *
 * @example
 * ```ts
 * import { createExampleReader, type Example } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = new TextEncoder().encode("text,label\nso good,up\nso,so bad,down\nnot bad,up\n");
 * const lines: number[] = [];
 * const reader = createExampleReader({
 *   name: "train.csv",
 *   onProblem: ({ line }) => lines.push(line),
 * });
 * const examples: Example[] = [];
 * for (let at = 0; at < bytes.length; at += 16) { // as they come from a file or the network
 *   examples.push(...reader.push(bytes.subarray(at, at + 16)));
 * }
 * examples.push(...reader.end());
 * assertEquals(examples.map(({ text }) => text), ["so good", "not bad"]);
 * assertEquals([reader.rows, lines], [3, [3]]);
 * ```
 */
export function createExampleReader(options: ExampleReaderOptions = {}): ExampleReader {
  const { name = "data", encoding, onProblem, onBeginning } = options;
  let problems = 0, first: DataProblem | undefined;
  const note = (problem: DataProblem) => {
    problems++;
    onProblem?.(problem);
    if (first === undefined || problem.line < first.line) first = problem;
    if (problems > MAX_PROBLEMS && problems > reader.count()) throw tooManyProblems(name, first);
  };
  const formatOf = (text: string) => {
    const given = options.format;
    const { format, isGuess } = given === undefined
      ? detectFormat(name, text)
      : { format: given, isGuess: false };
    onBeginning?.({ format, isGuess, text });
    return format;
  };
  const decoder = createDecoder(name, encoding);
  const { reader } = inspectingReader({ ...options, format: undefined }, formatOf, note);
  return {
    get rows() {
      return problems + reader.count();
    },
    get encoding() {
      return decoder.encoding;
    },
    push: (bytes) => reader.push(decoder.push(bytes)),
    end: () => [...reader.push(decoder.end()), ...reader.end()],
  };
}

/** What is found out of a file besides its examples. */
interface Found {
  format: DataFormat;
  dialect?: Dialect;
  columns: string[];
  textColumn: string;
  labelColumn: string;
}

/**
 * A reader that goes on after a line that cannot be used, and guesses what is not given.
 *
 * @param formatOf The format by what the text begins with, where it is not given.
 */
export function inspectingReader(
  options: Omit<ParseOptions, "guess"> & { isCautious?: boolean },
  formatOf: (beginning: string) => DataFormat,
  note: (problem: DataProblem) => void,
): { reader: ReturnType<typeof exampleReader>; found: () => Found } {
  const { name = "data", kind = "labels", isCautious = false } = options;
  const usual = columnsOf(kind === "pairs" ? "pairs" : "labels", {}).map(({ name }) => name);
  const asked = columnsOf(kind, options).map(({ name }) => name);
  const found: Found = { format: "csv", columns: [], textColumn: "", labelColumn: "" };
  const choose = (sample: Sample) => {
    const [textColumn, labelColumn] = !isCautious
      ? chooseColumns(sample, kind, usual, options)
      : hasColumns(found.format)
      ? onlyColumns(sample, kind, asked, options)
      : asked;
    const chosen = { textColumn, labelColumn: labelColumn ?? usual[1] };
    Object.assign(found, chosen, { columns: sample.columns });
    return columnsOf(kind, chosen);
  };
  const report: Report = ({ message }: InputError, line) => {
    note({ line, problem: message.slice(name.length).replace(/^:\d+: /, "") });
  };
  const reader = exampleReader({
    ...options,
    report,
    open(beginning) {
      found.format = options.format ?? formatOf(beginning);
      const columns = (dialect: Dialect | undefined) => {
        found.dialect = dialect;
        return choose;
      };
      return { format: found.format, columns, named: columnsOf(kind, {}) };
    },
  });
  return { reader, found: () => found };
}

/** How many lines may be bad: a file with more is of another format. */
export const MAX_PROBLEMS = 20_000;

/** The error of a file with too many bad lines, by the first of them. */
export function tooManyProblems(name = "data", { line, problem }: DataProblem): InputError {
  const count = `more than ${MAX_PROBLEMS} lines cannot be read, the first for this`;
  return errorAt(name, line, `${count}: ${problem}`);
}

/** Problems in the order of their lines. */
export function inOrder(problems: readonly DataProblem[]): DataProblem[] {
  return problems.toSorted((a, b) => a.line - b.line);
}
