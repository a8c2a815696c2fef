/**
 * The visitor's own data: read here, so that a large file never stands in the page.
 *
 * @module
 */
import {
  type DataReport,
  dataWarnings,
  decodeText,
  detectFormat,
  InputError,
  inspectData,
  splitUsable,
} from "@unroll/core";
import type { DataPreview, DataRequest } from "../protocol.ts";
import { words } from "../words.ts";
import { taskNamed } from "../tasks/tasks.ts";

const MAX_BYTES = 200 * 2 ** 20; // more than that no tab should hold
const SHOWN_EXAMPLES = 8, SHOWN_PROBLEMS = 50, SHOWN_LABELS = 40;

/** What was found in data; `isWhole` where it is one text, without columns. */
export type Found = DataReport & { isWhole: boolean };

/** Reads data, past its bad lines. A file of another ending is one text, to be gone on with. */
export async function inspectFile(
  { source, name, task, format, textColumn, labelColumn }: DataRequest,
): Promise<Found> {
  if (source.size > MAX_BYTES) throw new InputError(words.problems.tooLarge(name, MAX_BYTES));
  const content = decodeText(new Uint8Array(await source.arrayBuffer()), name);
  const { data: kind } = taskNamed(task);
  const isTable = format !== undefined || /\.(csv|tsv|jsonl|ndjson)$/i.test(name);
  if (kind === "texts" && !isTable) return wholeText(content, name);
  const found = inspectData(content, {
    kind,
    name,
    format: format ?? (name === words.data.pasted ? undefined : detectFormat(name, content).format),
    textColumn,
    labelColumn,
  });
  return { ...withoutUnusable(found, task), isWhole: false };
}

/** What was found, with the examples that have no word among the lines that cannot be used. */
function withoutUnusable(found: DataReport, task: string): DataReport {
  const { data, isWriting, isPerWord, name } = settledTask(task, found.examples);
  if (data !== "labels" || isWriting || isPerWord) return found;
  const { usable, unusable } = splitUsable({ task: name }, found.examples);
  const wordless = unusable.map(({ example: { where = "" }, problem }) => ({
    line: Number(/\d+$/.exec(where)),
    problem,
  }));
  const problems = [...found.problems, ...wordless].sort((a, b) => a.line - b.line);
  return { ...found, examples: usable, problems };
}

function settledTask(task: string, examples: DataReport["examples"]) {
  return taskNamed(taskNamed(task).settle(examples));
}

function wholeText(content: string, name: string): Found {
  const text = content.replace(/^\ufeff/, "");
  if (text.trim() === "") throw new InputError(`${name}: ${words.problems.empty}`);
  return {
    format: "csv",
    columns: [],
    textColumn: "",
    labelColumn: "",
    examples: [{ text, label: "", where: name }],
    problems: [],
    isWhole: true,
  };
}

/** What the page shows of it. */
export function previewOf(
  { name, task }: DataRequest,
  { examples, problems, format, columns, textColumn, labelColumn, isWhole }: Found,
): Omit<DataPreview, "recommended"> {
  const counts = new Map<string, number>();
  const settled = settledTask(task, examples);
  for (const { label = "" } of examples) counts.set(label, (counts.get(label) ?? 0) + 1);
  const labels = [...counts].map(([label, count]) => ({ label, count }))
    .sort((a, b) => b.count - a.count).slice(0, SHOWN_LABELS);
  return {
    name,
    task: settled.name,
    isWhole,
    format,
    columns,
    textColumn,
    labelColumn,
    count: examples.length,
    examples: examples.slice(0, SHOWN_EXAMPLES),
    labels,
    problems: problems.slice(0, SHOWN_PROBLEMS),
    problemCount: problems.length,
    warnings: isWhole ? [] : dataWarnings(examples, {
      labels: settled.data !== "labels" ? "none" : settled.isPerWord ? "tags" : "one",
      textColumn,
      labelColumn,
    }),
    isTagging: settled.isPerWord,
  };
}
