/**
 * Predictions for a list of new texts or the rows of a file, as a table.
 *
 * @module
 */
import {
  createDecoder,
  createPredictor,
  createRowReader,
  type DataFormat,
  type DataRow,
  describeReading,
  type Field,
  type Model,
} from "@unroll/core";
import { type Table, tableFor } from "../../cli/run/predict_table.ts";
import type { AnyPageTask } from "../tasks/task.ts";
import { taskNamed } from "../tasks/tasks.ts";
import type { BatchPredictions, NewTexts, PredictedRow } from "../tools_protocol.ts";
import { inert } from "../worker/csv.ts";
import { openRun } from "./run.ts";

const BATCH = 200; // rows per prediction call
const SHOWN = 50, SHOWN_PROBLEMS = 10, SHOWN_TEXT = 200;
const UNKNOWN = "unknown_words"; // the name of the last column

/** The rows of the input. */
interface Rows {
  rows: DataRow[];
  format: DataFormat;
  columns: readonly string[];
  textColumn: string;
  reading?: string;
  /** The rows that cannot be read at all. */
  problems: string[];
}

/** Returns the predictions; `report` receives the number of rows done. */
export async function predictRows(
  { model: file, task: name, ...given }: NewTexts,
  report: (count: number) => void,
): Promise<BatchPredictions> {
  const task = taskNamed(name), { answers } = task;
  if (!answers) throw new Error(`predictions of the task ${name} have no table`);
  const { backend, model } = await openRun<Model>(file);
  const { rows, format, columns, textColumn, reading, problems } = given.file
    ? await rowsOfFile(given.file, task, given.textColumn)
    : rowsOfList(given.list ?? "");
  const names = [...answers.names, UNKNOWN];
  const table = tableFor({ names }, format, columns, { format: "csv" });
  const parts: string[] = [table.start], shown: PredictedRow[] = [];
  const labels = new Map<string, number>();
  let unknown = 0, empty = 0;
  const predictor = createPredictor(backend, model);
  try {
    for (let at = 0; at < rows.length; at += BATCH) {
      const batch = rows.slice(at, at + BATCH);
      const texts = batch.flatMap(({ text }) => text === undefined ? [] : [text]);
      const predictions = await predictor.predict(texts);
      let next = 0;
      for (const row of batch) {
        const answer = row.text === undefined
          ? undefined
          : answers.of(predictions[next++] as never);
        if (!answer) empty++;
        else if (!answer.values) unknown++;
        if (answer?.label !== undefined) {
          labels.set(answer.label, (labels.get(answer.label) ?? 0) + 1);
        }
        if (shown.length < SHOWN) shown.push(shownRow(row, answer));
        parts.push(csvOf(table, row.fields, answer, answers.names.length));
      }
      report(at + batch.length);
    }
  } finally {
    predictor.close();
  }
  return {
    count: rows.length,
    names: answers.names,
    shown,
    labels: [...labels].map(([label, count]) => ({ label, count }))
      .sort((a, b) => b.count - a.count),
    unknown,
    empty,
    leftOut: { count: problems.length, problems: problems.slice(0, SHOWN_PROBLEMS) },
    reading,
    columns,
    textColumn,
    file: new Blob(parts, { type: "text/csv" }),
  };
}

type Answer = ReturnType<NonNullable<AnyPageTask["answers"]>["of"]> | undefined;

function shownRow({ text = "", problem }: DataRow, answer: Answer): PredictedRow {
  const cut = text.length > SHOWN_TEXT ? `${text.slice(0, SHOWN_TEXT)}…` : text;
  return { text: cut, values: answer?.values, unknown: answer?.unknown ?? [], problem };
}

/** Returns a row with its prediction; without a prediction, its cells are empty. */
function csvOf(table: Table, fields: readonly Field[], answer: Answer, width: number): string {
  const values = answer?.values ?? Array<string>(width).fill("");
  const safe = (value: unknown) => typeof value === "string" ? inert(value) : value;
  return table.row(
    fields.map(([name, value]): Field => [name, safe(value)]),
    [...values, answer?.unknown.join(" ") ?? ""].map(safe),
  );
}

/** Splits a list into rows, one text per line. */
function rowsOfList(list: string): Rows {
  const rows = list.split(/\r?\n/).map((text, i) => ({ text, line: i + 1 }))
    .filter(({ text }) => text.trim() !== "")
    .map(({ text, line }): DataRow => ({ text, line, fields: [["text", text]] }));
  return { rows, format: "csv", columns: ["text"], textColumn: "text", problems: [] };
}

/** Reads the rows of a table, or the lines of a plain-text file. */
async function rowsOfFile(
  { source, name }: NonNullable<NewTexts["file"]>,
  { columns: [usualColumn] }: AnyPageTask,
  textColumn: string | undefined,
): Promise<Rows> {
  const bytes = new Uint8Array(await source.arrayBuffer());
  if (/\.txt$/i.test(name)) {
    const decoder = createDecoder(name);
    return rowsOfList(decoder.push(bytes) + decoder.end());
  }
  const problems: string[] = [];
  let format: DataFormat = "csv", reading: string | undefined;
  const reader = createRowReader({
    ...{ name, textColumn, usualColumn },
    report: ({ message }) => problems.push(message),
    onBeginning: (found) => format = found.format,
    onRead: (read) => reading = `${name}: ${describeReading(read)}`,
  });
  const rows = reader.push(bytes);
  for (const row of reader.end()) rows.push(row);
  const { columns, textColumn: chosen } = reader;
  return { rows, format, columns, textColumn: chosen, reading, problems };
}
