/**
 * The visitor's own data: read here, so that a large file never stands in the page.
 *
 * @module
 */
import { decodeText, type Example, InputError, type Survey, surveyExamples } from "@unroll/core";
import type { DataPreview, SurveyRequest } from "../protocol.ts";
import { words } from "../words.ts";
import { kindOf } from "./tasks.ts";

const MAX_BYTES = 200 * 2 ** 20; // more than that no tab should hold
const SHOWN_EXAMPLES = 8, SHOWN_PROBLEMS = 50, SHOWN_LABELS = 40;

/** What was found in data; `isWhole` where it is one text, without columns. */
export type Found = Survey & { isWhole: boolean };

/** Reads data, past its bad lines. A file of another ending is one text, to be gone on with. */
export async function survey(
  { source, name, task, format, textColumn, labelColumn }: SurveyRequest,
): Promise<Found> {
  if (source.size > MAX_BYTES) throw new InputError(words.problems.tooLarge(name, MAX_BYTES));
  const content = decodeText(new Uint8Array(await source.arrayBuffer()), name);
  const kind = kindOf(task);
  const isTable = format !== undefined || /\.(csv|tsv|jsonl|ndjson)$/i.test(name);
  if (kind === "texts" && !isTable) return wholeText(content, name);
  const found = surveyExamples(content, { kind, name, format, textColumn, labelColumn });
  return { ...found, isWhole: false };
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
  { name, task }: SurveyRequest,
  { examples, problems, format, columns, textColumn, labelColumn, isWhole }: Found,
): Omit<DataPreview, "recommended"> {
  const counts = new Map<string, number>();
  for (const { label } of examples) counts.set(label, (counts.get(label) ?? 0) + 1);
  const labels = [...counts].map(([label, count]) => ({ label, count }))
    .sort((a, b) => b.count - a.count).slice(0, SHOWN_LABELS);
  return {
    name,
    task,
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
    isTagging: task === "classification" && isTagging(examples),
  };
}

/** Whether each word of every text has its label: then it is tags that are to be learnt. */
function isTagging(examples: readonly Example[]): boolean {
  const count = (text: string) => text.trim().split(/\s+/u).length;
  return examples.length > 0 && examples.some(({ label }) => count(label) > 1) &&
    examples.every(({ text, label }) => count(text) === count(label));
}
