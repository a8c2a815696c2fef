/**
 * Files in, with errors that name the file and the way out.
 *
 * @module
 */
import {
  type ByteSource,
  type DataFormat,
  type DataProblem,
  decodeText,
  type Example,
  InputError,
  inspectData,
  type Model,
  otherLook,
  type ParseOptions,
  readModel,
  readWordVectors,
  type WordVectors,
} from "@unroll/core";
import { attempt } from "./file_errors.ts";
import type { ColumnSettings } from "../flags/run_flags.ts";
import { joinPath, resolvePath } from "./paths.ts";
import { printable, statusLine } from "../output/terminal.ts";

/** What is in a file of examples. */
export interface FileContent {
  /** The examples that can be read. */
  examples: Example[];
  /** The rows that cannot, in their order. */
  problems: DataProblem[];
  /** What the beginning of the file looks like, where that is not what it was read as. */
  looksLike?(): string | undefined;
}

/** The examples in a .csv, .tsv or .jsonl file. */
export async function readExamples(
  path: string,
  columns: Pick<ColumnSettings, "text-column" | "label-column">,
): Promise<FileContent> {
  const [textColumn, labelColumn] = [columns["text-column"], columns["label-column"]];
  return await readData(path, { kind: "labels", textColumn, labelColumn });
}

/** The pairs in a .csv, .tsv or .jsonl file. */
export async function readPairs(
  path: string,
  columns: Pick<ColumnSettings, "source-column" | "target-column">,
): Promise<FileContent> {
  const [textColumn, labelColumn] = [columns["source-column"], columns["target-column"]];
  return await readData(path, { kind: "pairs", textColumn, labelColumn });
}

/** The texts in a .csv, .tsv or .jsonl file; any other file is one text. */
export async function readTexts(
  path: string,
  columns: Pick<ColumnSettings, "text-column">,
): Promise<FileContent> {
  if (formatOf(path) !== undefined) {
    return await readData(path, { kind: "texts", textColumn: columns["text-column"] });
  }
  const content = (await readText(path)).replace(/^\ufeff/, "");
  if (content === "") throw new InputError(`${path}: there is nothing in it; give a longer text`);
  return { examples: [{ text: content, where: path }], problems: [] };
}

async function readData(path: string, options: ParseOptions): Promise<FileContent> {
  const content = await readText(path);
  const format = formatOf(path) ?? "csv";
  const status = statusLine();
  if (content.length >= BIG) {
    status.show(`${printable(path)}: finding the examples in ${megabytes(content.length)}`);
  }
  try {
    const { examples, problems } = inspectData(content, { ...options, format, name: path });
    const beginning = content.slice(0, BEGINNING);
    return { examples, problems, looksLike: () => otherLook(beginning, format) };
  } finally {
    status.clear();
  }
}

const BEGINNING = 2 ** 14; // characters, to see what a file looks like
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

/** The files that some paths name: a folder's tables in the order of their names, or any texts. */
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
    const names: string[] = [];
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      const isData = isTable(name) || (readsAnyText && /\.txt$/i.test(name));
      if (isData && !isDirectory && !name.startsWith(".")) names.push(name);
    }
    if (names.length === 0) {
      const kinds = readsAnyText ? ".txt, .csv, .tsv or .jsonl" : ".csv, .tsv or .jsonl";
      throw new InputError(`${path}: is a folder without any ${kinds} file; give a file`);
    }
    files.push(...names.sort().map((name) => joinPath(path, name)));
  }
  return files;
}

/** Whether a file of that name is a table of examples; any other is one text. */
export function isTable(path: string): boolean {
  return formatOf(path) !== undefined;
}

function formatOf(path: string): DataFormat | undefined {
  const extension = /\.(csv|tsv|jsonl|ndjson)$/i.exec(path)?.[1].toLowerCase();
  return extension === "ndjson" ? "jsonl" : extension as DataFormat | undefined;
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
