/**
 * The visitor's own data: read here, so that a large file never stands in the page.
 *
 * @module
 */
import {
  type DataFormat,
  decodeText,
  type Example,
  InputError,
  type Survey,
  surveyExamples,
} from "@unroll/core";
import type { DataPreview } from "../protocol.ts";
import { words } from "../words.ts";

const MAX_BYTES = 200 * 2 ** 20; // more than that no tab should hold
const SHOWN_EXAMPLES = 8, SHOWN_PROBLEMS = 50, SHOWN_LABELS = 40;

/** What was asked of a survey. */
export interface SurveyRequest {
  source: Blob;
  name: string;
  format?: DataFormat;
  textColumn?: string;
  labelColumn?: string;
}

/** Reads data, past its bad lines. */
export async function survey(
  { source, name, format, textColumn, labelColumn }: SurveyRequest,
): Promise<Survey> {
  if (source.size > MAX_BYTES) throw new InputError(words.problems.tooLarge(name, MAX_BYTES));
  const content = decodeText(new Uint8Array(await source.arrayBuffer()), name);
  return surveyExamples(content, { name, format, textColumn, labelColumn });
}

/** What the page shows of it. */
export function previewOf(
  name: string,
  { examples, problems, format, columns, textColumn, labelColumn }: Survey,
): Omit<DataPreview, "recommended"> {
  const counts = new Map<string, number>();
  for (const { label } of examples) counts.set(label, (counts.get(label) ?? 0) + 1);
  const labels = [...counts].map(([label, count]) => ({ label, count }))
    .sort((a, b) => b.count - a.count).slice(0, SHOWN_LABELS);
  return {
    name,
    format,
    columns,
    textColumn,
    labelColumn,
    count: examples.length,
    examples: examples.slice(0, SHOWN_EXAMPLES),
    labels,
    problems: problems.slice(0, SHOWN_PROBLEMS),
    problemCount: problems.length,
    isTagging: isTagging(examples),
  };
}

/** Whether each word of every text has its label: then it is tags that are to be learnt. */
function isTagging(examples: readonly Example[]): boolean {
  const count = (text: string) => text.trim().split(/\s+/u).length;
  return examples.length > 0 && examples.some(({ label }) => count(label) > 1) &&
    examples.every(({ text, label }) => count(text) === count(label));
}
