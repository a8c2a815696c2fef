/**
 * Reads examples from the bytes of a file of any size.
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
  /** What is wrong with it, and how to fix it. */
  problem: string;
}

/** The beginning of a file, and the format it is read in. */
export interface DataBeginning {
  /** The format. */
  format: DataFormat;
  /** Whether the format was guessed from the content rather than given or taken from the name. */
  isGuess: boolean;
  /** The buffered characters: the first 65,537, or all if the file is shorter. */
  text: string;
}

/** Settings of {@linkcode createExampleReader}. */
export interface ExampleReaderOptions extends Omit<ParseOptions, "guess"> {
  /** The encoding of the bytes. Default: UTF-8, or UTF-16 with a byte order mark. */
  encoding?: string;
  /** Whether to guess a column only if no other fits. Default: false, the best is chosen. */
  isCautious?: boolean;
  /** Called once for each line that cannot be used. Default: such lines are skipped silently. */
  onProblem?: (problem: DataProblem) => void;
  /** Called before the first example, with the beginning of the file. */
  onBeginning?: (beginning: DataBeginning) => void;
}

/** Reads examples from bytes that arrive in chunks, split anywhere. */
export interface ExampleReader {
  /** The number of rows read so far, including unusable ones. */
  readonly rows: number;
  /** The encoding of the bytes: the one given, or the one detected from the first bytes. */
  readonly encoding: string;
  /** Returns the examples that these bytes complete. */
  push(bytes: Uint8Array): Example[];
  /** Returns the remaining examples, after the last bytes. */
  end(): Example[];
}

/**
 * Creates a reader of examples from a file's bytes without loading the whole file. It buffers the
 * first 65,536 characters, guesses from them whatever the options leave open, and then returns
 * examples one chunk at a time: the same as `inspectData` returns, however the bytes are split.
 *
 * In most JavaScript engines, the strings of an example share the memory of their chunk. To keep
 * a few examples for long, copy their strings, or keep token ids instead.
 *
 * @throws {InputError} From `push` and `end`, if there is nothing to read, the bytes are not text,
 *   a given column does not exist, or more than 20,000 lines are bad and bad lines outnumber the
 *   examples. Do not call either again after an error.
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

/** What was detected in a file besides its examples. */
interface Found {
  format: DataFormat;
  dialect?: Dialect;
  columns: string[];
  textColumn: string;
  labelColumn: string;
}

/**
 * Creates a reader that continues after unusable lines and guesses whatever the options leave open.
 *
 * @param formatOf Returns the format from the beginning of the text, if it is not given.
 * @param note Called for each unusable line.
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

/** The maximum number of bad lines; a file with more is probably in another format. */
export const MAX_PROBLEMS = 20_000;

/** Creates the error for a file with too many bad lines, at the first of them. */
export function tooManyProblems(name = "data", { line, problem }: DataProblem): InputError {
  const count = `more than ${MAX_PROBLEMS} lines cannot be read; the first`;
  return errorAt(name, line, `${count}: ${problem}`);
}

/** Sorts problems by line. */
export function inOrder(problems: readonly DataProblem[]): DataProblem[] {
  return problems.toSorted((a, b) => a.line - b.line);
}
