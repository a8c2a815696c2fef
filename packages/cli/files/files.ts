/**
 * Reads files, with errors that name the file and the way out.
 *
 * @module
 */
import {
  type ByteSource,
  DATA_FORMATS,
  formatByName,
  InputError,
  type Model,
  readModel,
  readWordVectors,
  type WordVectorsFile,
  type WordVectorsOptions,
} from "@unroll/core";
import { attempt } from "./file_errors.ts";
import type { ColumnSettings, TableSettings } from "../flags/run_flags.ts";
import { few, printable, shellWord, warn } from "../output/terminal.ts";
import { INPUT, joinPath, requireInputOnce, resolvePath } from "./paths.ts";
import type { ReadingSink } from "./say_reading.ts";
import { isDate, isNumber } from "./series_hint.ts";
import {
  type DataBatch,
  labeledOptions,
  pairOptions,
  readBatches,
  readPieces,
  type SeveralLabels,
  textOptions,
  type TextPiece,
} from "./read_data.ts";

/** Reads the labeled texts in a file of any format, one batch at a time. */
export function readExamples(
  path: string,
  settings: Settings<"text-column" | "label-column"> & SeveralLabels,
): AsyncGenerator<DataBatch> {
  return readBatches(path, settings, labeledOptions(settings));
}

/**
 * Reads texts with one label each from a file.
 *
 * @throws {InputError} If the file's format has a tag for each word.
 */
export async function* readLabeled(
  path: string,
  settings: Settings<"text-column" | "label-column"> & SeveralLabels,
): AsyncGenerator<DataBatch> {
  let areTags = true, areLists = false, areDated = true, count = 0;
  for await (const batch of readExamples(path, settings)) {
    const { title, hasTags } = DATA_FORMATS[batch.format];
    if (hasTags) {
      throw new InputError(
        `${path}: ${title} has a tag for each word, not a label for each text; ` +
          "train with --head token to tag words",
      );
    }
    areTags &&= batch.examples.every(({ text, label }) => countWords(text) === countWords(label));
    areLists ||= batch.examples.some(({ label }) => countWords(label) > 1);
    areDated &&= batch.examples.every(({ text, label = "" }) => isDate(text) && isNumber(label));
    count += batch.examples.length;
    yield batch;
  }
  if (areDated && count > 0) {
    const target = settings["label-column"];
    warn(
      `${
        printable(path)
      }: the texts are dates and the labels are numbers; to forecast the numbers, ` +
        `give --task forecast --target ${shellWord(target)}`,
    );
  }
  if (!areTags || !areLists) return;
  warn(`${printable(path)}: each text has as many labels as words; --head token tags the words`);
}

function countWords(text = ""): number {
  return text.trim().split(/\s+/u).length;
}

/** Reads the pairs in a file of any format that has columns or keys, one batch at a time. */
export function readPairs(
  path: string,
  settings: Settings<"source-column" | "target-column">,
): AsyncGenerator<DataBatch> {
  return readBatches(path, settings, pairOptions(settings));
}

/** Reads the texts in a .csv, .tsv or .jsonl file, or of `format`; any other file is one text. */
export async function* readTexts(
  path: string,
  settings: Settings<"text-column">,
): AsyncGenerator<DataBatch | TextPiece> {
  if (settings.format !== undefined || isTable(path)) {
    yield* readBatches(path, settings, textOptions(settings));
  } else yield* readPieces(path, settings);
}

/** The flags for the columns of a file to read, and how it is written. */
type Settings<Columns extends keyof ColumnSettings> =
  & Pick<ColumnSettings, Columns | "format">
  & Partial<TableSettings>
  & ReadingSink;

/** Returns the files that paths name; a folder stands for its data files, sorted by name. */
export async function filesIn(
  paths: readonly string[],
  { readsAnyText = false }: { readsAnyText?: boolean },
): Promise<string[]> {
  const files: string[] = [];
  requireInputOnce(paths.filter((path) => path === INPUT));
  for (const path of paths) {
    if (path === INPUT) {
      files.push(path);
      continue;
    }
    const folder = resolvePath(path);
    const { isDirectory } = await attempt(path, "read", () => Deno.stat(folder));
    if (!isDirectory) {
      files.push(path);
      continue;
    }
    const names: string[] = [], others: string[] = [];
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      const isData = readsAnyText
        ? isTable(name) || /\.txt$/i.test(name)
        : formatByName(name) !== undefined;
      if (name.startsWith(".")) continue;
      if (isData && !isDirectory) names.push(name);
      else others.push(isDirectory ? `${name}/` : name);
    }
    if (names.length === 0) {
      const kinds = readsAnyText ? ".txt, .csv, .tsv or .jsonl" : ".csv, .tsv or .jsonl";
      throw new InputError(`${path}: is a folder without any ${kinds} file; give a file`);
    }
    if (others.length > 0) {
      const what = others.length === 1
        ? "1 entry left out, which is not a data file"
        : `${others.length} entries left out, which are not data files`;
      warn(`${printable(path)}: ${what}: ${few(others.sort())}`);
    }
    files.push(...names.sort().map((name) => joinPath(path, name)));
  }
  return files;
}

/** Returns whether a language model reads a file of that name as examples, not as one text. */
export function isTable(path: string): boolean {
  const format = formatByName(path);
  return format === "csv" || format === "tsv" || format === "jsonl";
}

/** Returns whether a file name's extension is of a format that is not a table. */
export function isOtherThanTable(path: string): boolean {
  const format = formatByName(path);
  return format !== undefined && format !== "csv" && format !== "tsv";
}

/** Reads a model from a file. */
export async function loadModel(path: string): Promise<Model> {
  return await withFile(path, (source) => readModel(source, path));
}

/** Returns the result of `fn` for a file, which is read in chunks. */
export async function withFile<T>(
  path: string,
  fn: (source: ByteSource) => Promise<T>,
): Promise<T> {
  using file = await attempt(path, "read", () => Deno.open(resolvePath(path)));
  const { isDirectory, size } = await file.stat();
  if (isDirectory) throw new InputError(`${path}: is a folder; give a .safetensors file`);
  const slice = (start: number, end: number) => ({
    async arrayBuffer() {
      await file.seek(start, Deno.SeekMode.Start);
      const bytes = new Uint8Array(end - start);
      for (let at = 0; at < bytes.length;) {
        const count = await file.read(bytes.subarray(at));
        if (count === null) throw new InputError(`${path}: shrank while it was read; try again`);
        at += count;
      }
      return bytes.buffer;
    },
  });
  return await fn({ size, slice });
}

/** Reads the vectors of `words` from a file of word vectors, compressed or not. */
export async function loadVectors(
  path: string,
  words: Iterable<string>,
  options: Omit<WordVectorsOptions, "name"> = {},
): Promise<WordVectorsFile> {
  using file = await attempt(path, "read", () => Deno.open(resolvePath(path)));
  if ((await file.stat()).isDirectory) throw new InputError(`${path}: is a folder; give a file`);
  return await readWordVectors(decompressed(chunksOf(file), path), words, {
    ...options,
    name: path,
  });
}

/** Returns chunks unchanged, or decompressed if they start like gzip. */
async function* decompressed(
  chunks: AsyncGenerator<Uint8Array<ArrayBuffer>>,
  path: string,
): AsyncGenerator<Uint8Array> {
  const { value: first, done } = await chunks.next();
  if (done) return;
  async function* all() {
    yield first!;
    yield* chunks;
  }
  if (first[0] !== 0x1f || first[1] !== 0x8b) return yield* all();
  try {
    yield* ReadableStream.from(all()).pipeThrough(new DecompressionStream("gzip"));
  } catch (error) {
    const problem = "is damaged or truncated, according to gzip; download it again";
    throw new InputError(`${path}: ${problem}`, { cause: error });
  }
}

async function* chunksOf(file: Deno.FsFile): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const buffer = new Uint8Array(1 << 20);
  for (;;) {
    const count = await file.read(buffer);
    if (count === null) return;
    yield buffer.slice(0, count);
  }
}
