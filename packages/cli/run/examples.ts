/**
 * Reads examples from files: names the rows that cannot be used and leaves them out, with warnings.
 *
 * @module
 */
import {
  buildDataset,
  canRead,
  type DataProblem,
  type Dataset,
  type DataWarning,
  type Example,
  type ExampleWatch,
  InputError,
  type Model,
  readerOf,
  type Reading,
  repeatWarning,
  type Sequence,
  testWarnings,
  textLimitOf,
  unknownWarning,
  type WarningOptions,
  watchExamples,
  watchTruncation,
} from "@unroll/core";
import type { DataBatch, TextPiece } from "../files/read_data.ts";
import type { RunSettings } from "../flags/run_flags.ts";
import { printable, printJson, warn } from "../output/terminal.ts";

const NAMED = 10; // left-out rows that are named

const MAX_LEARNED = 1_000_000; // characters: gradients go back through each word in each epoch

/**
 * Returns the maximum number of characters of a text.
 *
 * @param reading A model, or how a new model will read; its network then follows from the flags.
 * @param settings The flags, if the texts are training texts.
 */
export function textLimit(reading: Reading | Model, settings?: Partial<RunSettings>): number {
  const { head = "max", layers = 1, bidirectional } = settings ?? {};
  const config = { head, layers, bidirectional: bidirectional !== "no" };
  const isNetwork = "config" in reading || !reading.tokenizer;
  const limit = textLimitOf(isNetwork ? reading : { ...reading, config });
  const isCut = "tokenizer" in reading && reading.tokenizer?.maxLength !== undefined;
  return settings === undefined || isCut ? limit : Math.min(limit, MAX_LEARNED);
}

/** Rows of a file that cannot be used. */
export interface LeftOut {
  /** Path of the file. */
  file: string;
  /** Number of rows in the file. */
  rows: number;
  /** Number of rows left out. */
  count: number;
  /** The first problems. */
  problems: DataProblem[];
  /** What is left out, if not whole rows: numbers, which are then filled in. */
  what?: "numbers";
}

/** Examples read from files. */
export interface ReadExamples {
  /** The usable examples, in order. */
  examples: Dataset;
  /** The rows that cannot be used. */
  leftOut: LeftOut[];
  /** Oddities of the examples, and which texts are among them. */
  watch: ExampleWatch;
  /** A warning with the number of truncated texts, if there are any. */
  truncated: DataWarning[];
}

/**
 * Reads the examples in files, in order, without the rows that cannot be used.
 *
 * @param read Reads a file.
 * @param strict Whether a single row that cannot be used is an error.
 * @param reading How the model reads texts.
 * @param about What is known about the columns, for warnings.
 * @throws {InputError} If more than half of a file's rows cannot be used; if `strict`, if any row
 *   cannot.
 */
export async function readFiles(
  read: (file: string) => AsyncIterable<DataBatch | TextPiece>,
  files: readonly string[],
  strict: boolean,
  reading: Reading,
  about?: WarningOptions,
): Promise<ReadExamples> {
  const builder = buildDataset(reading), watch = watchExamples(about), leftOut: LeftOut[] = [];
  const truncation = watchTruncation(reading.tokenizer);
  for (const file of files) {
    const found = gatherProblems();
    let usable = 0, looksLike: DataBatch["looksLike"] | undefined, isText = false;
    for await (const batch of read(file)) {
      if ("chunk" in batch) {
        if (!isText) builder.begin(file);
        builder.append(batch.chunk);
        isText = true;
        continue;
      }
      for (const example of batch.examples) {
        const problem = builder.add(example);
        if (problem === undefined) {
          watch.add(example);
          truncation.add(example);
          usable++;
        } else found.add({ line: lineOf(example), problem });
      }
      batch.problems.forEach(found.add);
      looksLike = batch.looksLike;
    }
    const { count, problems } = found.gathered();
    if (count === 0) continue;
    const rows = usable + count;
    if (strict) throw errorOf(file, problems[0]);
    if (count > rows / 2) throw refusal(file, problems[0], { count, rows }, looksLike?.());
    leftOut.push({ file, rows, count, problems: problems.slice(0, NAMED) });
  }
  const warning = truncation.warning();
  return { examples: builder.build(), leftOut, watch, truncated: warning ? [warning] : [] };
}

const MOST = 1000; // problems kept at a time

/** Counts problems, and keeps those with the lowest line numbers. */
function gatherProblems() {
  let count = 0, problems: DataProblem[] = [];
  const sort = () => problems.sort((a, b) => a.line - b.line);
  return {
    add(problem: DataProblem) {
      count++;
      if (problems.push(problem) === MOST) problems = sort().slice(0, NAMED);
    },
    gathered: () => ({ count, problems: sort() }),
  };
}

/** Returns the line of an example in its file; 0 if the example is the whole file. */
function lineOf({ where = "" }: Example): number {
  return Number(/:(\d+)$/.exec(where)?.[1] ?? 0);
}

function errorOf(file: string, { line, problem }: DataProblem, more = ""): InputError {
  return new InputError(`${file}${line > 0 ? `:${line}` : ""}: ${problem}${more}`);
}

function refusal(
  file: string,
  first: DataProblem,
  { count, rows }: { count: number; rows: number },
  look: string | undefined,
): InputError {
  const more = [
    rows > 1 ? `; ${count} of ${rows} rows cannot be used, this one first` : "",
    look === undefined ? "" : `; the file looks like ${look}`,
  ];
  return errorOf(file, first, more.join(""));
}

/** Reports which rows were left out, on standard error and, if `json`, as events. */
export function reportLeftOut(leftOut: readonly LeftOut[], json = false): void {
  for (const each of leftOut) {
    const { file, rows, count, problems, what } = each;
    if (json) printJson({ type: "left-out", ...each });
    const name = printable(file);
    const done = what === undefined
      ? `left out ${count} of ${rows} rows`
      : `${count} of ${rows} rows cannot be read completely; missing numbers are filled in`;
    warn(`${name}: ${done}; --strict stops at the first:`);
    for (const { line, problem } of problems) warn(`  ${name}:${line}: ${printable(problem)}`);
    if (count > problems.length) warn(`  and ${count - problems.length} more`);
  }
}

// Remedies on the command line, by the kind of warning.
const CURES: Partial<Record<DataWarning["kind"], string>> = {
  html: ", or train with --strip-html",
  escapes: ", or read a table of a database with --quotes escapes",
};

/** Reports warnings about examples in files, on standard error and, if `json`, as events. */
export function reportWarnings(
  warnings: readonly DataWarning[],
  files: readonly string[],
  json = false,
): void {
  const more = files.length > 1 ? ` and ${files.length - 1} more` : "";
  const place = files.length === 0 ? "" : `${printable(files[0])}${more}: `;
  for (const warning of warnings) {
    if (json) printJson({ type: "warning", files, ...warning });
    warn(`warning: ${place}${printable(warning.message)}${CURES[warning.kind] ?? ""}`);
  }
}

/** Returns warnings about test examples, compared with the training examples. */
export function testFindings(
  model: Model,
  learned: Pick<ExampleWatch, "has"> | Iterable<Example>,
  test: Sequence<Example>,
): DataWarning[] {
  return [
    ...testWarnings(learned, test, readerOf(model), canRead(model)),
  ];
}

/** Returns a warning about tokens or labels of training examples that a model does not know. */
export function unknownFindings(model: Model, learned: Sequence<Example>): DataWarning[] {
  const warning = unknownWarning(learned, readerOf(model), canRead(model));
  return warning ? [warning] : [];
}

const FEW = 20; // validation examples: in toy data, texts repeat

/** Returns a warning about validation texts that are also training texts. */
export function repeatFindings(
  train: Sequence<Example>,
  validation: Sequence<Example>,
): DataWarning[] {
  const warning = validation.length < FEW ? undefined : repeatWarning(train, validation);
  return warning ? [warning] : [];
}
