/**
 * Examples from files and from standard input, a batch at a time.
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

/** The flags that say how a file is written. */
export type ReadSettings =
  & Pick<ColumnSettings, "format">
  & Partial<TableSettings>
  & ReadingSink;

/** What a file holds, and in which columns. */
export type ReadOptions = Pick<
  ExampleReaderOptions,
  "kind" | "textColumn" | "labelColumn" | "labelSeparator"
>;

/** What stands between labels, where a text may have several. */
export interface SeveralLabels {
  /** The separator. */
  "multi-label"?: string;
}

/** Some of the rows of a file. */
export interface DataBatch {
  /** Those that can be used, in their order. */
  examples: Example[];
  /** Those that cannot be read; a sample is read ahead, so that one may come before its place. */
  problems: DataProblem[];
  /** The form of the file. */
  format: DataFormat;
  /** What the beginning of the file looks like, where that is not what it was read as. */
  looksLike(): string | undefined;
}

/** A piece of a file that is one text, cut anywhere. */
export interface TextPiece {
  /** The piece. */
  piece: string;
}

/** Labeled texts, in the columns that flags name. */
export function labeledOptions(
  settings: Pick<ColumnSettings, "text-column" | "label-column"> & SeveralLabels,
): ReadOptions {
  const textColumn = named(settings["text-column"], "text");
  const labelColumn = named(settings["label-column"], "label");
  return { kind: "labels", textColumn, labelColumn, labelSeparator: settings["multi-label"] };
}

/** Pairs, in the columns that flags name. */
export function pairOptions(
  settings: Pick<ColumnSettings, "source-column" | "target-column">,
): ReadOptions {
  const textColumn = named(settings["source-column"], "source");
  const labelColumn = named(settings["target-column"], "target");
  return { kind: "pairs", textColumn, labelColumn };
}

/** Texts, in the column that a flag names. */
export function textOptions(settings: Pick<ColumnSettings, "text-column">): ReadOptions {
  return { kind: "texts", textColumn: named(settings["text-column"], "text") };
}

/** A column that is not called as is usual: that one need not be there. */
function named(column: string, usual: string): string | undefined {
  return column === usual ? undefined : column;
}

const BEGINNING = 2 ** 14; // characters, to see what a file looks like

/**
 * The rows of a file, or of standard input, in batches of about a megabyte of it; the last one may
 * be empty. No more is held than a batch. A terminal shows how far it is, and where something was
 * guessed, what was taken is said: of the format at the beginning, of the columns at the end.
 *
 * @throws {InputError} For a file that cannot be read.
 * @throws {StoppedError} Where a signal comes meanwhile.
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
 * The text in a file, or in standard input, in pieces.
 *
 * @throws {StoppedError} Where a signal comes meanwhile.
 */
export async function* readPieces(
  path: string,
  { encoding, onReading }: Partial<TableSettings> & ReadingSink,
): AsyncGenerator<TextPiece> {
  const decoder = createDecoder(path, encoding), progress = readingProgress(path);
  try {
    for await (const chunk of readChunks(path)) {
      yield { piece: decoder.push(chunk.bytes) };
      progress.show(chunk);
    }
    yield { piece: decoder.end() };
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

/** Says which format was taken, where the name of the file does not say it. */
export function sayFormat(path: string, { format, isGuess, text }: DataBeginning): void {
  if (!isGuess || text.trim() === "") return;
  const { title } = DATA_FORMATS[format];
  const place = printable(path);
  warn(`${place}: read as ${title}, judging by its content; give --format if that is wrong`);
}
