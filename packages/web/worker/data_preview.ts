/**
 * Reads the user's data in the worker, so that a large file never enters the page's memory.
 *
 * @module
 */
import {
  DATA_FORMATS,
  type DataFormat,
  type DataProblem,
  dataWarnings,
  describeReading,
  type Example,
  InputError,
  splitUsable,
} from "@unroll/core/texts";
import type {
  DataPreview,
  DataRequest,
  DataSource,
  Given,
  LeftOut,
  NamedBlob,
  Written,
} from "../data_protocol.ts";
import type { AnyPageTask } from "../tasks/task.ts";
import { taskNamed } from "../tasks/tasks.ts";
import { shared as words } from "../words/shared.ts";
import {
  columnsOf,
  type FileData,
  inItsEncoding,
  readData,
  readText,
  type Watch,
} from "./read_data.ts";
import { readingFlags } from "./reading_flags.ts";

export { recommendedFor } from "./recommended.ts";

const MAX_BYTES = 200 * 2 ** 20; // the most that a tab should hold
const SLICE = 5000; // rows checked without a pause
const SHOWN_EXAMPLES = 8, SHOWN_PROBLEMS = 10, SHOWN_LABELS = 40, SHOWN_TEXT = 200;

/** The contents of some files. */
export interface Found {
  /** The examples that can be used. */
  examples: Example[];
  /** The preview for the page. */
  preview: DataPreview;
  /** The files' names, and the command-line flags to read them. */
  source: DataSource;
}

/** Reads files, and skips rows that cannot be used. */
export async function inspectFiles(
  request: DataRequest,
  watch: Watch = () => {},
): Promise<Found> {
  const { files, task, given = {}, isPasted = false } = request;
  const { data: kind } = taskNamed(task);
  const parts: { file: NamedBlob; examples: Example[]; found?: FileData }[] = [];
  const readings: string[] = [];
  let encoding = given.encoding;
  // The command line has one encoding for all files.
  const decoded = async <T>(file: NamedBlob, read: (given: Given) => Promise<T>) => {
    const result = files.length > 1
      ? { found: await read(given), encoding }
      : await inItsEncoding(file, given, read);
    encoding = result.encoding;
    return { found: result.found, note: encoding === given.encoding ? "" : words.latin };
  };
  let error: string | undefined, last = files[0];
  try {
    const size = files.reduce((sum, { source }) => sum + source.size, 0);
    if (size > MAX_BYTES) throw new InputError(words.problems.tooLarge(files[0].name, MAX_BYTES));
    for (const file of files) {
      last = file;
      const { name } = file;
      if (kind === "texts" && given.format === undefined && !isTable(name)) {
        const { found: text, note } = await decoded(
          file,
          ({ encoding }) => readText(file, encoding, watch),
        );
        if (text.trim() === "") throw new InputError(`${name}: ${words.problems.empty}`);
        parts.push({ file, examples: [{ text, label: "", where: name }] });
        readings.push(words.wholeText(name, text.length) + note);
        continue;
      }
      const { found, note } = await decoded(
        file,
        (given) => readData(file, { kind, given, isPasted }, watch),
      );
      parts.push({ file, examples: found.examples, found });
      readings.push(`${name}: ${describeReading(found.reading)}${note}`);
    }
  } catch (failure) {
    if (!(failure instanceof InputError)) throw failure;
    error = failure.message;
  }
  const read = parts.flatMap(({ found }) => found ?? []), isWhole = parts.length > 0 && !read[0];
  const all = parts.flatMap(({ examples }) => examples);
  const settled = taskNamed(taskNamed(task).settle(all, read.some(hasTags)));
  const leftOut: LeftOut[] = [];
  const usable: Example[] = [];
  for (const { file: { name }, found, examples } of parts) {
    if (!found) {
      usable.push(...examples);
      continue;
    }
    const left = await withoutUnusable(name, found, settled, usable, watch);
    if (2 * left.count > left.rows) error ??= refusalOf(left, found);
    if (left.count > 0) leftOut.push(left);
  }
  const [first] = read;
  const shown = first ?? { format: given.format, textColumn: "", labelColumn: "" };
  const columns = first?.columns ?? (isWhole ? [] : await columnsOf(last, given));
  const { textColumn, labelColumn } = shown;
  const names = files.length > 1 ? files.map(({ name }) => name) : undefined;
  const more = isPasted
    ? { isPasted }
    : readingFlags(read, { ...given, encoding }, settled.columns);
  return {
    examples: usable,
    source: { name: files[0].name, names, isWhole, ...more },
    preview: {
      task: settled.name,
      error: error?.replaceAll(FLAGS, ""),
      readings,
      written: first ? { ...writtenOf(first), encoding } : { ...given, encoding },
      columns,
      textColumn,
      labelColumn,
      count: usable.length,
      examples: usable.slice(0, SHOWN_EXAMPLES).map(({ text, label = "" }) => ({
        text: cut(text),
        label: cut(label),
      })),
      labels: error === undefined ? labelsOf(usable) : [],
      leftOut,
      warnings: isWhole || error !== undefined ? [] : dataWarnings(usable, {
        labels: settled.data !== "labels" ? "none" : settled.isPerWord ? "tags" : "one",
        textColumn,
        labelColumn,
      }),
      isWhole,
      isTagging: settled.isPerWord,
    },
  };
}

const FLAGS = / \(--[^()]*\)/g; // command-line flags in messages: the page has fields instead

function isTable(name: string): boolean {
  return /\.(csv|tsv|jsonl|ndjson)$/i.test(name);
}

function hasTags({ format }: { format: DataFormat }): boolean {
  return DATA_FORMATS[format].hasTags === true;
}

/** Adds the examples that a model can learn to `usable`, and returns the rows that are left out. */
async function withoutUnusable(
  name: string,
  { examples, problems }: FileData,
  { models: task, isPerWord }: AnyPageTask,
  usable: Example[],
  watch: Watch,
): Promise<LeftOut> {
  const all: DataProblem[] = [...problems], { length: of } = examples;
  for (let at = 0; at < of; at += SLICE) {
    const some = examples.slice(at, at + SLICE);
    const split = isPerWord ? { usable: some, unusable: [] } : splitUsable({ task }, some);
    for (const example of split.usable) usable.push(example);
    for (const { example: { where = "" }, problem } of split.unusable) {
      all.push({ line: Number(/\d+$/.exec(where)), problem });
    }
    if (of <= SLICE) break;
    watch({ name, unit: "rows", done: Math.min(of, at + SLICE), of });
    await new Promise((done) => setTimeout(done)); // lets messages arrive
  }
  all.sort((a, b) => a.line - b.line);
  const shown = all.slice(0, SHOWN_PROBLEMS).map(({ line, problem }) => ({
    line,
    problem: problem.replaceAll(FLAGS, ""),
  }));
  return { name, rows: of + problems.length, count: all.length, problems: shown };
}

/** Returns why a whole file is refused, in the words of the command line. */
function refusalOf({ name, rows, count, problems }: LeftOut, { looksLike }: FileData): string {
  const [{ line, problem }] = problems;
  const many = rows > 1 ? `; ${count} of ${rows} rows cannot be used, this one first` : "";
  const look = looksLike === undefined ? "" : `; the file looks like ${looksLike}`;
  return `${name}:${line}: ${problem}${many}${look}`;
}

function writtenOf({ format, dialect }: FileData): Written {
  return { format, ...dialect };
}

function labelsOf(examples: readonly Example[]): DataPreview["labels"] {
  const counts = new Map<string, number>();
  for (const { label = "" } of examples) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].map(([label, count]) => ({ label: cut(label), count }))
    .sort((a, b) => b.count - a.count).slice(0, SHOWN_LABELS);
}

function cut(text: string): string {
  return text.length > SHOWN_TEXT ? `${text.slice(0, SHOWN_TEXT)}…` : text;
}
