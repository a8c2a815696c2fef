/**
 * Files in, with errors that name the file and the way out.
 *
 * @module
 */
import {
  type ByteSource,
  DATA_FORMATS,
  type DataFormat,
  decodeText,
  detectFormat,
  type Example,
  formatByName,
  InputError,
  type Model,
  parseExamples,
  type ParseOptions,
  readModel,
  readWordVectors,
  type WordVectors,
} from "@unroll/core";
import { attempt } from "./file_errors.ts";
import type { ColumnSettings } from "../flags/run_flags.ts";
import { resolvePath } from "./paths.ts";
import { printable, statusLine, warn } from "../output/terminal.ts";

type Columns<Name extends keyof ColumnSettings> = Pick<ColumnSettings, Name | "format">;

/** The labeled texts in a file of any format. */
export async function readExamples(
  path: string,
  columns: Columns<"text-column" | "label-column">,
): Promise<Example[]> {
  const [textColumn, labelColumn] = [columns["text-column"], columns["label-column"]];
  return (await readData(path, columns, { kind: "labels", textColumn, labelColumn })).examples;
}

/** The texts with one label each in a file: words with tags are refused. */
export async function readLabeled(
  path: string,
  columns: Columns<"text-column" | "label-column">,
): Promise<Example[]> {
  const [textColumn, labelColumn] = [columns["text-column"], columns["label-column"]];
  const options: ParseOptions = { kind: "labels", textColumn, labelColumn };
  const { examples, format } = await readData(path, columns, options);
  const { title, hasTags } = DATA_FORMATS[format];
  if (!hasTags) {
    if (areTags(examples)) {
      warn(
        `${printable(path)}: each text has as many labels as words; --head token tags the words`,
      );
    }
    return examples;
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
  columns: Columns<"source-column" | "target-column">,
): Promise<Example[]> {
  const [textColumn, labelColumn] = [columns["source-column"], columns["target-column"]];
  return (await readData(path, columns, { kind: "pairs", textColumn, labelColumn })).examples;
}

/** The texts in a .csv, .tsv or .jsonl file, or of a format; any other file is one text. */
export async function readTexts(
  path: string,
  columns: Columns<"text-column">,
): Promise<Example[]> {
  if (columns.format !== undefined || isTable(path)) {
    const textColumn = columns["text-column"];
    return (await readData(path, columns, { kind: "texts", textColumn })).examples;
  }
  const content = (await readText(path)).replace(/^\ufeff/, "");
  if (content === "") throw new InputError(`${path}: there is nothing in it; give a longer text`);
  return [{ text: content, where: path }];
}

async function readData(
  path: string,
  settings: Pick<ColumnSettings, "format">,
  options: ParseOptions,
): Promise<{ examples: Example[]; format: DataFormat }> {
  const content = await readText(path);
  const format = settings.format ?? formatOf(path, content);
  const status = statusLine();
  if (content.length >= BIG) {
    status.show(`${printable(path)}: finding the examples in ${megabytes(content.length)}`);
  }
  try {
    return { examples: parseExamples(content, { ...options, format, name: path }), format };
  } finally {
    status.clear();
  }
}

/** The format of a file; where its name does not say it, what was taken is printed. */
function formatOf(path: string, content: string): DataFormat {
  const { format, isGuess } = detectFormat(path, content);
  if (isGuess && content.trim() !== "") {
    const { title } = DATA_FORMATS[format];
    warn(
      `${
        printable(path)
      }: read as ${title}, judging by its content; give --format if that is wrong`,
    );
  }
  return format;
}

const CHUNK = 2 ** 22, BIG = 2 ** 24; // bytes; from BIG on, a terminal shows how far it is

const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;

/** The text in a file. */
async function readText(path: string): Promise<string> {
  const bytes = await attempt(path, "read", async () => {
    const resolved = resolvePath(path);
    const { size, isFile } = await Deno.stat(resolved);
    if (!isFile || size < BIG) return await Deno.readFile(resolved);
    using file = await Deno.open(resolved);
    return await readBig(file, size, path);
  });
  return decodeText(bytes, path);
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

/** Whether a language model reads a file of that name as examples; any other is one text. */
export function isTable(path: string): boolean {
  const format = formatByName(path);
  return format === "csv" || format === "tsv" || format === "jsonl";
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

/** The vectors that a file of word vectors has for some words. */
export async function loadVectors(path: string, words: Iterable<string>): Promise<WordVectors> {
  using file = await attempt(path, "read", () => Deno.open(resolvePath(path)));
  if ((await file.stat()).isDirectory) throw new InputError(`${path}: is a folder; give a file`);
  return await readWordVectors(chunksOf(file), words, { name: path });
}

async function* chunksOf(file: Deno.FsFile): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(1 << 20);
  for (;;) {
    const count = await file.read(buffer);
    if (count === null) return;
    yield buffer.slice(0, count);
  }
}
