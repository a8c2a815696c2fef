/**
 * Predicts for the rows of a file, and writes a table with all its columns and the predictions.
 *
 * @module
 */
import {
  createRowReader,
  type DataFormat,
  type DataReading,
  type DataRow,
  type DataRowReader,
  formatByName,
  InputError,
  isTableFormat,
  quote,
} from "@unroll/core";
import { formatOfOut } from "../files/answers.ts";
import { type FileChunk, readChunks, readingProgress, rowsOf } from "../files/chunks.ts";
import { type ReadSettings, sayFormat } from "../files/read_data.ts";
import { type FileReading, sayReading } from "../files/say_reading.ts";
import { removeTemporaries, saveParts } from "../files/saving.ts";
import { print, printable, printJson, warn, write } from "../output/terminal.ts";
import type { Answer, AnswerColumns } from "../tasks/task.ts";
import { collectProblems, type Problems } from "./predict_problems.ts";
import { type Table, tableFor } from "./predict_table.ts";
import { StoppedError } from "./reading.ts";
import { hearSignals, type Signals } from "./signals.ts";

/** The settings of a prediction run on a file. */
export interface FileRun {
  /** Path of the file with the texts. */
  data: string;
  /** Path of the file to write; undefined for standard output. */
  out: string | undefined;
  /** How to read the file. */
  reading: ReadSettings;
  /** Whether a row without a prediction is an error. */
  strict: boolean;
  /** Whether to print events as JSON Lines; only if rows are written to a file. */
  events: boolean;
  /** The output format, which overrides the extensions of `out` and `data`. */
  format: DataFormat | undefined;
  /** The text column that the user named. */
  textColumn: string | undefined;
  /** The usual name of the text column. */
  usualColumn: string | undefined;
  /** The columns that the predictions add. */
  answers: AnswerColumns;
}

const CHARACTERS = 200_000; // a batch ends with the row that reaches this total

/**
 * Predicts for each row of a file of any size; memory holds one batch at a time.
 *
 * @returns The exit status: 2 if a row has no prediction, otherwise 0.
 */
export async function predictFile(run: FileRun): Promise<number> {
  const { data, out, answers } = run;
  const problems = collectProblems(run.strict);
  const signals = hearSignals(removeTemporaries), progress = readingProgress(data);
  const isShown = out !== undefined || !Deno.stdout.isTerminal(); // printed rows are progress enough
  let count = 0;
  try {
    const { table, rows, chunk } = await openTable(run, signals, problems);
    const predictTo = async (write: (text: string) => Promise<void>) => {
      await write(table.start);
      for await (const batch of batchesOf(rows, answers.batch)) {
        await write(await answerBatch(batch, run, table, problems));
        count += batch.length;
        if (isShown) progress.show(chunk(), `${rowsOf(count)} predicted`);
        await new Promise((done) => setTimeout(done)); // lets signal listeners run
        if (signals.signal.aborted) throw new StoppedError("Stopped", signals.status());
      }
    };
    if (out === undefined) {
      await predictTo((text) => Promise.resolve(write(text)));
    } else {
      const encoder = new TextEncoder();
      await saveParts(out, (save) => predictTo((text) => save(encoder.encode(text))));
    }
  } catch (error) {
    if (!(error instanceof StoppedError) || count === 0) throw error;
    const left = out === undefined ? "" : "; nothing was written";
    throw new StoppedError(
      `Stopped after ${rowsOf(count)} of ${printable(data)}${left}`,
      error.status,
    );
  } finally {
    progress.clear();
    signals.end();
  }
  if (run.events) printJson({ type: "saved", file: out, rows: count, ...problems.counts });
  else if (out !== undefined) print(`Saved ${printable(out)}: ${rowsOf(count)}.`);
  return problems.print();
}

/** An opened file of rows. */
interface Opened {
  /** The table to write. */
  table: Table;
  /** The rows, as they are read. */
  rows: AsyncGenerator<DataRow[]>;
  /** Returns the chunk that was read last. */
  chunk(): FileChunk;
}

/** Reads a file up to its first rows, which determine how the output is written. */
async function openTable(run: FileRun, signals: Signals, problems: Problems): Promise<Opened> {
  const { data, textColumn, usualColumn = "text", out = "", answers } = run;
  let format = "csv" as DataFormat, newline: "\n" | "\r\n" = "\n", last: FileChunk;
  const readerFor = (report: (error: InputError, line: number) => void, isFirst: boolean) =>
    createRowReader({
      ...optionsOf(run),
      report,
      onBeginning(found) {
        format = found.format;
        newline = /^[^\r\n]*\r\n/.test(found.text) ? "\r\n" : "\n";
        if (isFirst) sayFormat(data, found);
      },
      onRead(reading) {
        if (isFirst) sayRows(run, reading, reader);
      },
    });
  const reader = readerFor((error, line) => problems.add(line, error.message, "left out"), true);
  const rows = rowsIn(data, reader, signals, (chunk) => last = chunk);
  const first = await rows.next();
  const written = run.format ?? formatOfOut(out) ?? (format === "json" ? "jsonl" : format);
  let columns = reader.columns;
  if (!isTableFormat(format) && written !== "jsonl") {
    // Objects may differ in their keys, but a table's header has to name all of them.
    if (last!.size === undefined) {
      const cure = "give a file, or write JSON Lines, with --out FILE.jsonl or --json";
      throw new InputError(`${data}: writing a table from JSON needs two passes over it; ${cure}`);
    }
    columns = await keysIn(data, readerFor(() => {}, false), signals);
  }
  const table = tableFor(answers, format, columns, { format: written, newline });
  if (textColumn === undefined && reader.textColumn !== usualColumn) {
    warn(`${printable(data)}: texts in ${quote(reader.textColumn)}; --text-column selects another`);
  }
  for (const [i, name] of table.names.entries()) {
    const usual = answers.names[i];
    if (name !== usual) {
      warn(`${printable(data)}: already has ${quote(usual)}; predictions are in ${quote(name)}`);
    }
  }
  async function* all() {
    if (!first.done) yield first.value;
    yield* rows;
  }
  return { table, rows: all(), chunk: () => last };
}

/** Reports how the rows were read, if that was guessed; the text column was reported before. */
function sayRows(
  { data, events, reading: { format }, textColumn, usualColumn }: FileRun,
  reading: DataReading,
  { encoding }: Pick<DataRowReader, "encoding">,
): void {
  const isFormatGuessed = format === undefined && formatByName(data) === undefined;
  const isColumnGuessed = reading.columns[0] !== (textColumn ?? usualColumn ?? "text");
  const onReading = (reading: FileReading) => events && printJson({ type: "reading", ...reading });
  const isOtherGuessed = isFormatGuessed || isColumnGuessed;
  sayReading(data, reading, { encoding, isOtherGuessed }, { onReading });
}

function optionsOf({ data, reading, textColumn, usualColumn }: FileRun) {
  const { format, separator, quotes, encoding, maxTextLength } = reading;
  const header = reading["no-header"] ? false : undefined;
  const table = { format, separator, quotes, header, encoding };
  return { name: data, ...table, textColumn, usualColumn, maxTextLength };
}

/** Yields the rows of a file as they are read; the last batch may be empty. */
async function* rowsIn(
  path: string,
  reader: DataRowReader,
  signals: Signals,
  onChunk: (chunk: FileChunk) => void,
): AsyncGenerator<DataRow[]> {
  onChunk({ bytes: new Uint8Array(0), read: 0 });
  for await (const chunk of readChunks(path, signals)) {
    onChunk(chunk);
    const rows = reader.push(chunk.bytes);
    if (rows.length > 0) yield rows;
  }
  yield reader.end();
}

/** Returns all keys of JSON objects, in the order of their first appearance. */
async function keysIn(path: string, reader: DataRowReader, signals: Signals): Promise<string[]> {
  const keys = new Set<string>(), progress = readingProgress(path);
  try {
    for await (
      const rows of rowsIn(
        path,
        reader,
        signals,
        (chunk) => progress.show(chunk, "finding the keys"),
      )
    ) {
      for (const { fields } of rows) for (const [key] of fields) keys.add(key);
    }
    return [...keys];
  } finally {
    progress.clear();
  }
}

async function* batchesOf(
  parts: AsyncIterable<DataRow[]>,
  most: number,
): AsyncGenerator<DataRow[]> {
  let batch: DataRow[] = [], characters = 0;
  for await (const rows of parts) {
    for (const row of rows) {
      batch.push(row);
      characters += row.text?.length ?? 0;
      if (batch.length < most && characters < CHARACTERS) continue;
      yield batch;
      [batch, characters] = [[], 0];
    }
  }
  if (batch.length > 0) yield batch;
}

/** Returns the rows of a batch with their predictions, as text. */
async function answerBatch(
  batch: readonly DataRow[],
  { data, answers: { answer } }: FileRun,
  table: Table,
  problems: Problems,
): Promise<string> {
  const texts = batch.flatMap(({ text }) => text === undefined ? [] : [text]);
  const answers = await answer(texts);
  return batch.map(({ text, problem, line, fields }) => {
    const own: Answer = text === undefined ? { problem: problem! } : answers.shift()!;
    if ("values" in own) return table.row(fields, own.values);
    problems.add(
      line,
      text === undefined ? own.problem : `${data}:${line}: ${own.problem}`,
      "empty",
    );
    return table.row(fields, []);
  }).join("");
}
