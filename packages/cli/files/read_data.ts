/**
 * Reads examples from files and from standard input, one batch at a time.
 *
 * @module
 */
import {
  createDecoder,
  createExampleReader,
  DATA_FORMATS,
  type DataBeginning,
  type DataFormat,
  type DataProblem,
  type DataReading,
  type Example,
  type ExampleReaderOptions,
  formatByName,
  InputError,
  otherLook,
} from "@unroll/core";
import type { ColumnSettings, TableSettings } from "../flags/run_flags.ts";
import { printable, warn } from "../output/terminal.ts";
import { type ReadingSink, sayReading } from "./say_reading.ts";
import { seriesHint } from "./series_hint.ts";
import { readChunks, readingProgress, rowsOf } from "./chunks.ts";

/** The flags for how a file is written. */
export type ReadSettings =
  & Pick<ColumnSettings, "format">
  & Partial<TableSettings>
  & ReadingSink;

/** The kind of examples in a file, and their columns. */
export type ReadOptions = Pick<
  ExampleReaderOptions,
  "kind" | "textColumn" | "labelColumn" | "labelSeparator"
>;

/** The separator of labels, if a text may have several. */
export interface SeveralLabels {
  /** The separator. */
  "multi-label"?: string;
}

/** A batch of the rows of a file. */
export interface DataBatch {
  /** The usable examples, in order. */
  examples: Example[];
  /** The unreadable rows; the first rows are read ahead, so their problems may come early. */
  problems: DataProblem[];
  /** The format of the file. */
  format: DataFormat;
  /** Returns the format that the start of the file looks like, if it differs from `format`. */
  looksLike(): string | undefined;
}

/** A chunk of a file that is one text, split at any position. */
export interface TextPiece {
  /** The text of the chunk. */
  chunk: string;
}

/** Returns options to read labeled texts from the columns that the flags name. */
export function labeledOptions(
  settings: Pick<ColumnSettings, "text-column" | "label-column"> & SeveralLabels,
): ReadOptions {
  const textColumn = named(settings["text-column"], "text");
  const labelColumn = named(settings["label-column"], "label");
  return { kind: "labels", textColumn, labelColumn, labelSeparator: settings["multi-label"] };
}

/** Returns options to read pairs from the columns that the flags name. */
export function pairOptions(
  settings: Pick<ColumnSettings, "source-column" | "target-column">,
): ReadOptions {
  const textColumn = named(settings["source-column"], "source");
  const labelColumn = named(settings["target-column"], "target");
  return { kind: "pairs", textColumn, labelColumn };
}

/** Returns options to read texts from the column that the flag names. */
export function textOptions(settings: Pick<ColumnSettings, "text-column">): ReadOptions {
  return { kind: "texts", textColumn: named(settings["text-column"], "text") };
}

/** Returns the column's name unless it is the usual one, which a file need not have. */
function named(column: string, usual: string): string | undefined {
  return column === usual ? undefined : column;
}

const BEGINNING = 2 ** 14; // characters, to detect a file's format

/**
 * Reads the rows of a file, or of standard input, in batches of about one megabyte; the last batch
 * may be empty. Memory holds one batch at a time. Shows the progress on a terminal, and reports
 * guesses: of the format at the start, of the columns at the end.
 *
 * @throws {InputError} If the file cannot be read.
 * @throws {StoppedError} If a signal arrives in the meantime.
 */
export async function* readBatches(
  path: string,
  settings: ReadSettings,
  options: ReadOptions,
): AsyncGenerator<DataBatch> {
  const { separator, quotes, encoding, maxTextLength } = settings;
  const progress = readingProgress(path);
  let problems: DataProblem[] = [];
  let format: DataFormat = "csv", beginning = "", said: DataReading | undefined;
  const reader = createExampleReader({
    ...{ ...options, format: settings.format, separator, quotes, encoding, name: path },
    maxTextLength,
    header: settings["no-header"] ? false : undefined,
    isCautious: true,
    onProblem: (problem) => problems.push(problem),
    onBeginning(found) {
      format = found.format;
      beginning = found.text.slice(0, BEGINNING);
      sayFormat(path, found);
    },
    onRead(reading) {
      said = reading;
    },
  });
  const looksLike = () => otherLook(beginning, format);
  const batchOf = (examples: Example[]): DataBatch => {
    const batch = { examples, problems, format, looksLike };
    problems = [];
    return batch;
  };
  try {
    for await (const chunk of readChunks(path)) {
      const batch = batchOf(reader.push(chunk.bytes));
      progress.show(chunk, rowsOf(reader.rows));
      if (batch.examples.length > 0 || batch.problems.length > 0) yield batch;
    }
    yield batchOf(reader.end());
  } catch (error) {
    const hint = options.kind === "labels" && error instanceof InputError && seriesHint(beginning);
    if (hint) error.message += `; ${hint}`;
    throw error;
  } finally {
    progress.clear();
    const isOtherGuessed = settings.format === undefined && formatByName(path) === undefined;
    if (said) sayReading(path, said, { encoding: reader.encoding, isOtherGuessed }, settings);
  }
}

/**
 * Reads the text of a file, or of standard input, in chunks.
 *
 * @throws {StoppedError} If a signal arrives in the meantime.
 */
export async function* readPieces(
  path: string,
  { encoding, onReading }: Partial<TableSettings> & ReadingSink,
): AsyncGenerator<TextPiece> {
  const decoder = createDecoder(path, encoding), progress = readingProgress(path);
  try {
    for await (const chunk of readChunks(path)) {
      yield { chunk: decoder.push(chunk.bytes) };
      progress.show(chunk);
    }
    yield { chunk: decoder.end() };
    onReading?.({
      file: path,
      format: "text",
      encoding: decoder.encoding,
      rows: 1,
      guessed: false,
    });
  } finally {
    progress.clear();
  }
}

/** Reports the format if it was guessed from the file's content. */
export function sayFormat(path: string, { format, isGuess, text }: DataBeginning): void {
  if (!isGuess || text.trim() === "") return;
  const { title } = DATA_FORMATS[format];
  const place = printable(path);
  warn(`${place}: read as ${title}, based on its content; give --format if that is wrong`);
}
