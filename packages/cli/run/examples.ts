/**
 * The examples in files: rows that cannot be used are left out and named, and what is odd is said.
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

const NAMED = 10; // rows that are named, of those left out

const MAX_LEARNED = 1_000_000; // characters: gradients go back through each word, in each epoch

/**
 * How many characters a text may have.
 *
 * @param reading The model; or how one will read, whose network the flags say.
 * @param settings The flags, where the texts are to learn from.
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
  /** The file. */
  file: string;
  /** How many rows it has. */
  rows: number;
  /** How many of them were left out. */
  count: number;
  /** The first of those. */
  problems: DataProblem[];
  /** What is left out where that is not the whole of a row: numbers, which are filled then. */
  what?: "numbers";
}

/** What was read. */
export interface ReadExamples {
  /** The examples that can be used, in their order. */
  examples: Dataset;
  /** The rows that cannot. */
  leftOut: LeftOut[];
  /** What is odd about the examples, and which texts are among them. */
  watch: ExampleWatch;
  /** Says how many texts lose words, if any do. */
  truncated: DataWarning[];
}

/**
 * The examples in some files, in their order, without the rows that cannot be used.
 *
 * @param read Reads a file.
 * @param strict Whether one row that cannot be used is an error.
 * @param reading How the model reads texts.
 * @param about What is known of the columns, for warnings.
 * @throws {InputError} For a file whose rows mostly cannot be used; where `strict`, for any such row.
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
      if ("piece" in batch) {
        if (!isText) builder.begin(file);
        builder.append(batch.piece);
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

const MOST = 1000; // problems that are kept at a time

/** Counts problems, and keeps the first by their lines. */
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

/** The line of an example in its file; 0 where it is the whole file. */
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

/** Says which rows were left out, on standard error and, where asked, as events. */
export function reportLeftOut(leftOut: readonly LeftOut[], json = false): void {
  for (const each of leftOut) {
    const { file, rows, count, problems, what } = each;
    if (json) printJson({ type: "left-out", ...each });
    const name = printable(file);
    const done = what === undefined
      ? `left out ${count} of ${rows} rows`
      : `${count} of ${rows} rows cannot be read whole, and what is missing is filled`;
    warn(`${name}: ${done}; --strict stops at the first:`);
    for (const { line, problem } of problems) warn(`  ${name}:${line}: ${printable(problem)}`);
    if (count > problems.length) warn(`  and ${count - problems.length} more`);
  }
}

// What the command line can do about a warning.
const CURES: Partial<Record<DataWarning["kind"], string>> = {
  html: ", or train with --strip-html",
  escapes: ", or read a table of a database with --quotes escapes",
};

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
    warn(`warning: ${place}${printable(warning.message)}${CURES[warning.kind] ?? ""}`);
  }
}

/** What is odd about examples to test a model with, beside those that it learned. */
export function testFindings(
  model: Model,
  learned: Pick<ExampleWatch, "has"> | Iterable<Example>,
  test: Sequence<Example>,
): DataWarning[] {
  return [
    ...testWarnings(learned, test, readerOf(model), canRead(model)),
  ];
}

/** What a model does not know of examples to learn. */
export function unknownFindings(model: Model, learned: Sequence<Example>): DataWarning[] {
  const warning = unknownWarning(learned, readerOf(model), canRead(model));
  return warning ? [warning] : [];
}

const FEW = 20; // validation examples: in toys, texts repeat

/** What of the validation split is trained on too. */
export function repeatFindings(
  train: Sequence<Example>,
  validation: Sequence<Example>,
): DataWarning[] {
  const warning = validation.length < FEW ? undefined : repeatWarning(train, validation);
  return warning ? [warning] : [];
}
