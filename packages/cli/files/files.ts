/**
 * Files in, with errors that name the file and the way out.
 *
 * @module
 */
import {
  type ByteSource,
  createDecoder,
  DATA_FORMATS,
  type DataFormat,
  type DataProblem,
  type DataReading,
  detectFormat,
  type Example,
  formatByName,
  InputError,
  inspectData,
  type Model,
  otherLook,
  type ParseOptions,
  readModel,
  readWordVectors,
  type WordVectorsFile,
  type WordVectorsOptions,
} from "@unroll/core";
import { attempt } from "./file_errors.ts";
import type { ColumnSettings, TableSettings } from "../flags/run_flags.ts";
import { joinPath, resolvePath } from "./paths.ts";
import { type ReadingSink, sayReading } from "./say_reading.ts";
import { few, printable, statusLine, warn } from "../output/terminal.ts";
import { whileReading } from "../run/reading.ts";

/** What is in a file of examples. */
export interface FileContent {
  /** The examples that can be read. */
  examples: Example[];
  /** The rows that cannot, in their order. */
  problems: DataProblem[];
  /** What the beginning of the file looks like, where that is not what it was read as. */
  looksLike?(): string | undefined;
}

/** The labeled texts in a file of any format. */
export async function readExamples(
  path: string,
  settings: Settings<"text-column" | "label-column">,
): Promise<FileContent> {
  const textColumn = named(settings["text-column"], "text");
  const labelColumn = named(settings["label-column"], "label");
  return await readData(path, settings, { kind: "labels", textColumn, labelColumn });
}

/** The texts with one label each in a file: words with tags are refused. */
export async function readLabeled(
  path: string,
  settings: Settings<"text-column" | "label-column">,
): Promise<FileContent> {
  const textColumn = named(settings["text-column"], "text");
  const labelColumn = named(settings["label-column"], "label");
  const options: ParseOptions = { kind: "labels", textColumn, labelColumn };
  const content = await readData(path, settings, options);
  const { title, hasTags } = DATA_FORMATS[content.format];
  if (!hasTags) {
    if (areTags(content.examples)) {
      warn(
        `${printable(path)}: each text has as many labels as words; --head token tags the words`,
      );
    }
    return content;
  }
  throw new InputError(
    `${path}: ${title} has a tag for each word, not a label for each text; ` +
      "train with --head token to tag words",
  );
}

/** Whether each label is a list of as many as its text has words. */
function areTags(examples: readonly Example[]): boolean {
  const count = (text = "") => text.trim().split(/\s+/u).length;
  return examples.some(({ label }) => count(label) > 1) &&
    examples.every(({ text, label }) => count(text) === count(label));
}

/** The pairs in a file of any format that has columns or keys. */
export async function readPairs(
  path: string,
  settings: Settings<"source-column" | "target-column">,
): Promise<FileContent> {
  const textColumn = named(settings["source-column"], "source");
  const labelColumn = named(settings["target-column"], "target");
  return await readData(path, settings, { kind: "pairs", textColumn, labelColumn });
}

/** The texts in a .csv, .tsv or .jsonl file, or of a format; any other file is one text. */
export async function readTexts(
  path: string,
  settings: Settings<"text-column">,
): Promise<FileContent> {
  if (settings.format !== undefined || isTable(path)) {
    const textColumn = named(settings["text-column"], "text");
    return await readData(path, settings, { kind: "texts", textColumn });
  }
  let encoding = "";
  const text = await whileReading(
    path,
    () => readText(path, settings.encoding, (found) => encoding = found),
  );
  const content = text.replace(/^\ufeff/, "");
  if (content === "") throw new InputError(`${path}: there is nothing in it; give a longer text`);
  settings.onReading?.({ file: path, format: "text", encoding, rows: 1, guessed: false });
  return { examples: [{ text: content, where: path }], problems: [] };
}

/** The flags that say which columns of a file to read, and how it is written. */
type Settings<Columns extends keyof ColumnSettings> =
  & Pick<ColumnSettings, Columns | "format">
  & Partial<TableSettings>
  & ReadingSink;

/** A column that is not called as is usual: that one need not be there. */
function named(column: string, usual: string): string | undefined {
  return column === usual ? undefined : column;
}

interface DataFile extends FileContent {
  format: DataFormat;
}

type ReadSettings = Pick<ColumnSettings, "format"> & Partial<TableSettings> & ReadingSink;

async function readData(
  path: string,
  settings: ReadSettings,
  options: ParseOptions,
): Promise<DataFile> {
  return await whileReading(path, () => readAll(path, settings, options));
}

async function readAll(
  path: string,
  settings: ReadSettings,
  options: ParseOptions,
): Promise<DataFile> {
  let encoding = "", said: DataReading | undefined;
  const content = await readText(path, settings.encoding, (found) => encoding = found);
  const format = settings.format ?? formatOf(path, content);
  const status = statusLine();
  if (content.length >= BIG) {
    status.show(`${printable(path)}: finding the examples in ${megabytes(content.length)}`);
  }
  const { separator, quotes } = settings, header = settings["no-header"] ? false : undefined;
  try {
    const { examples, problems } = inspectData(content, {
      ...{ ...options, format, separator, quotes, header, name: path, isCautious: true },
      onRead(reading) {
        said = reading;
      },
    });
    const beginning = content.slice(0, BEGINNING);
    return { examples, problems, format, looksLike: () => otherLook(beginning, format) };
  } finally {
    status.clear();
    const isFormatGuessed = settings.format === undefined && formatByName(path) === undefined;
    if (said) sayReading(path, said, { encoding, isFormatGuessed }, settings);
  }
}

/** The format of a file; where its name does not say it, what was taken is printed. */
export function formatOf(path: string, content: string): DataFormat {
  const { format, isGuess } = detectFormat(path, content);
  if (isGuess && content.trim() !== "") {
    const { title } = DATA_FORMATS[format];
    const place = printable(path);
    warn(`${place}: read as ${title}, judging by its content; give --format if that is wrong`);
  }
  return format;
}

const BEGINNING = 2 ** 14; // characters, to see what a file looks like
const CHUNK = 2 ** 22, BIG = 2 ** 24; // bytes; from BIG on, a terminal shows how far it is

const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;

/**
 * The text in a file.
 *
 * @throws {StoppedError} Where a signal comes meanwhile.
 */
export async function readContent(path: string, encoding?: string): Promise<string> {
  return await whileReading(path, () => readText(path, encoding));
}

async function readText(
  path: string,
  encoding: string | undefined,
  onEncoding?: (name: string) => void,
): Promise<string> {
  const bytes = await attempt(path, "read", async () => {
    const resolved = resolvePath(path);
    const { size, isFile } = await Deno.stat(resolved);
    if (!isFile || size < BIG) return await Deno.readFile(resolved);
    using file = await Deno.open(resolved);
    return await readBig(file, size, path);
  });
  const decoder = createDecoder(path, encoding);
  const text = decoder.push(bytes) + decoder.end();
  onEncoding?.(decoder.encoding);
  return text;
}

async function readBig(file: Deno.FsFile, size: number, path: string): Promise<Uint8Array> {
  const status = statusLine();
  const bytes = new Uint8Array(size);
  let at = 0;
  try {
    while (at < size) {
      const count = await file.read(bytes.subarray(at, at + CHUNK));
      if (count === null) break;
      at += count;
      status.show(`${printable(path)}: ${megabytes(at)} of ${megabytes(size)} read`);
    }
  } finally {
    status.clear();
  }
  return bytes.subarray(0, at);
}

/** The files that some paths name: a folder's data files in the order of their names, or any texts. */
export async function filesIn(
  paths: readonly string[],
  { readsAnyText = false }: { readsAnyText?: boolean },
): Promise<string[]> {
  const files: string[] = [];
  for (const path of paths) {
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
        ? "1 entry left out, which is no data file"
        : `${others.length} entries left out, which are no data files`;
      warn(`${printable(path)}: ${what}: ${few(others.sort())}`);
    }
    files.push(...names.sort().map((name) => joinPath(path, name)));
  }
  return files;
}

/** Whether a language model reads a file of that name as examples; any other is one text. */
export function isTable(path: string): boolean {
  const format = formatByName(path);
  return format === "csv" || format === "tsv" || format === "jsonl";
}

/** Whether a file's name says a format that is no table. */
export function isOtherThanTable(path: string): boolean {
  const format = formatByName(path);
  return format !== undefined && format !== "csv" && format !== "tsv";
}

/** The model in a file. */
export async function loadModel(path: string): Promise<Model> {
  return await withFile(path, (source) => readModel(source, path));
}

/** What `fn` makes of a file that is read in chunks. */
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
        if (count === null) throw new InputError(`${path}: became shorter while it was read`);
        at += count;
      }
      return bytes.buffer;
    },
  });
  return await fn({ size, slice });
}

/** The vectors that a file of word vectors, compressed or not, has for some words. */
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

/** Chunks as they are, or decompressed where they begin as gzip does. */
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
    const problem = "is damaged or cut short, by what gzip says of it; fetch it again";
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
