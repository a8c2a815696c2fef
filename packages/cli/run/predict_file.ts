/**
 * Predictions for the rows of a file, written as a table with all its columns.
 *
 * @module
 */
import {
  type DataFormat,
  type DataRow,
  type DataRows,
  type Field,
  formatByName,
  isTableFormat,
  quote,
  readRows,
  writeHeader,
  type WriteOptions,
  writeRow,
} from "@unroll/core";
import { formatOf, readContent } from "../files/files.ts";
import { removeTemporaries, saveParts } from "../files/saving.ts";
import { print, printable, statusLine, warn, write } from "../output/terminal.ts";
import type { Answer, AnswerColumns } from "../tasks/task.ts";
import { StoppedError } from "./reading.ts";
import { hearSignals } from "./signals.ts";

/** What a file of predictions is made of. */
export interface FileRun {
  /** The path of the texts. */
  data: string;
  /** Where the rows go; without it, to standard output. */
  out: string | undefined;
  /** The encoding of the texts, where it is not UTF-8. */
  encoding: string | undefined;
  /** The form of what is written, whatever `out` and `data` say. */
  format: DataFormat | undefined;
  /** The column of the texts that was named. */
  textColumn: string | undefined;
  /** What the column of the texts is called as a rule. */
  usualColumn: string | undefined;
  /** What the answers add. */
  answers: AnswerColumns;
}

const CHARACTERS = 200_000; // a batch ends with the row that reaches them
const SHOWN = 10; // rows without a prediction that are named
const WIDTH = 2000; // columns of one of those lines

/**
 * Predicts for each row of a file.
 *
 * @returns The exit status: 2 where a row has no prediction.
 */
export async function predictFile(run: FileRun): Promise<number> {
  const { data, out, encoding, answers, textColumn, usualColumn = "text" } = run;
  const problems = collectProblems();
  const content = await readContent(data, encoding);
  const rows = readRows(content, {
    name: data,
    format: formatOf(data, content),
    textColumn,
    usualColumn,
    report: ({ message }, line) => problems.add(line, message, "left out"),
  });
  const table = tableFor(run, rows, content);
  if (textColumn === undefined && rows.textColumn !== usualColumn) {
    warn(`${printable(data)}: texts in ${quote(rows.textColumn)}; --text-column names another`);
  }
  for (const [i, name] of table.names.entries()) {
    const usual = answers.names[i];
    if (name !== usual) {
      warn(`${printable(data)}: has ${quote(usual)} already; predictions are in ${quote(name)}`);
    }
  }
  const signals = hearSignals(removeTemporaries), status = statusLine();
  const isShown = out !== undefined || !Deno.stdout.isTerminal(); // rows on a terminal show it
  let count = 0;
  const predictTo = async (write: (text: string) => Promise<void>) => {
    await write(table.start);
    for (const batch of batchesOf(rows, answers.batch)) {
      await write(await answerBatch(batch, run, table, problems));
      count += batch.length;
      if (isShown) status.show(`${printable(data)}: ${rowsOf(count)} predicted`);
      await new Promise((done) => setTimeout(done)); // signals are heard between turns
      if (!signals.signal.aborted) continue;
      const left = out === undefined ? "" : "; nothing was written";
      throw new StoppedError(
        `Stopped after ${rowsOf(count)} of ${printable(data)}${left}`,
        signals.status(),
      );
    }
  };
  try {
    if (out === undefined) {
      await predictTo((text) => Promise.resolve(write(text)));
    } else {
      const encoder = new TextEncoder();
      await saveParts(out, (save) => predictTo((text) => save(encoder.encode(text))));
    }
  } finally {
    status.clear();
    signals.end();
  }
  if (out !== undefined) print(`Saved ${printable(out)}: ${rowsOf(count)}.`);
  return problems.print();
}

/** A table that is written. */
interface Table {
  /** What stands before its first row. */
  start: string;
  /** The names of the answers' columns. */
  names: readonly string[];
  /** A row as text. */
  row(fields: readonly Field[], values: readonly unknown[]): string;
}

function tableFor(
  { out = "", format, answers }: FileRun,
  rows: DataRows,
  content: string,
): Table {
  const options: WriteOptions = {
    format: format ?? formatOfOut(out) ?? (rows.format === "json" ? "jsonl" : rows.format),
    newline: /^[^\r\n]*\r\n/.test(content) ? "\r\n" : "\n",
  };
  const isTable = options.format !== "jsonl";
  const columns = rows.columns();
  // A JSON object has a key once; a header may have a name twice.
  const own = isTable
    ? columns
    : columns.reduce<string[]>((taken, name) => [...taken, free(name, taken)], []);
  const names = answers.names.reduce<string[]>(
    (taken, name) => [...taken, free(name, [...own, ...taken])],
    [],
  );
  const isFromTable = isTableFormat(rows.format);
  const ownFields = (fields: readonly Field[]): readonly Field[] => {
    if (isFromTable) return fields.map(([, value], i) => [own[i], value]);
    if (!isTable) return fields; // each object has its own keys
    const values = new Map(fields);
    return own.map((name) => [name, values.get(name)]);
  };
  return {
    start: writeHeader([...own, ...names], options),
    names,
    row(fields, values) {
      // Without an answer the cells are empty; in JSON they are null.
      const added = names.map((name, i): Field => [name, values[i] ?? null]);
      return writeRow([...ownFields(fields), ...added], options);
    },
  };
}

/** The form that the name of a file promises, of those that are written. */
function formatOfOut(path: string): DataFormat | undefined {
  const format = formatByName(path);
  return format === "csv" || format === "tsv" || format === "jsonl" ? format : undefined;
}

/** A name that is not taken: itself, or with a number behind it. */
function free(name: string, taken: readonly string[]): string {
  for (let i = 1;; i++) {
    const candidate = i === 1 ? name : `${name}_${i}`;
    if (!taken.includes(candidate)) return candidate;
  }
}

function* batchesOf(rows: Iterable<DataRow>, most: number): Generator<DataRow[]> {
  let batch: DataRow[] = [], characters = 0;
  for (const row of rows) {
    batch.push(row);
    characters += row.text?.length ?? 0;
    if (batch.length < most && characters < CHARACTERS) continue;
    yield batch;
    [batch, characters] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}

/** The rows of a batch with their answers, as text. */
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

function rowsOf(count: number): string {
  return `${count.toLocaleString("en")} ${count === 1 ? "row" : "rows"}`;
}

/** The rows that have no prediction: counted, and the first of them named. */
interface Problems {
  /** Counts a row, which is written without an answer or not at all. */
  add(line: number, problem: string, what: "empty" | "left out"): void;
  /** Prints them, and gives the exit status. */
  print(): number;
}

function collectProblems(): Problems {
  const first: { line: number; problem: string }[] = [];
  const counts = { "empty": 0, "left out": 0 };
  return {
    add(line, problem, what) {
      counts[what]++;
      if (first.length < SHOWN) first.push({ line, problem });
    },
    print() {
      const { "empty": empty, "left out": leftOut } = counts;
      const all = empty + leftOut;
      if (all === 0) return 0;
      const have = (count: number) => `error: ${rowsOf(count)} ${count === 1 ? "has" : "have"}`;
      if (empty > 0) warn(`${have(empty)} no prediction`);
      if (leftOut > 0) warn(`${have(leftOut)} been left out: what cannot be read is not written`);
      first.sort((a, b) => a.line - b.line); // a sample is read ahead
      for (const { problem } of first) warn(`  ${printable(problem, WIDTH)}`);
      if (all > first.length) warn(`  and ${rowsOf(all - first.length)} more`);
      return 2;
    },
  };
}
