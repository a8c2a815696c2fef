/**
 * Files in and out, with errors that name the file and the way out.
 *
 * @module
 */
import {
  type ByteSource,
  type Checkpoint,
  type DataFormat,
  decodeText,
  type Example,
  InputError,
  type Model,
  parseExamples,
  type ParseOptions,
  readCheckpoint,
  readModel,
  readWordVectors,
  type WordVectors,
  writeCheckpoint,
  writeModel,
} from "@unroll/core";
import { text } from "./flags.ts";

/** The flags that name the columns of a data file. */
export const COLUMN_FLAGS = {
  "text-column": text("NAME", "column or key of the texts", "text"),
  "label-column": text("NAME", "column or key of the labels", "label"),
};

/** The flags that name the columns of a file of pairs. */
export const PAIR_FLAGS = {
  "source-column": text("NAME", "column or key of the source texts", "source"),
  "target-column": text("NAME", "column or key of the target texts", "target"),
};

type Columns<Flags> = { [flag in keyof Flags]: string };

/** The examples in a .csv, .tsv or .jsonl file. */
export async function readExamples(
  path: string,
  columns: Columns<typeof COLUMN_FLAGS>,
): Promise<Example[]> {
  const [textColumn, labelColumn] = [columns["text-column"], columns["label-column"]];
  return await readData(path, { kind: "labels", textColumn, labelColumn });
}

/** The pairs in a .csv, .tsv or .jsonl file. */
export async function readPairs(
  path: string,
  columns: Columns<typeof PAIR_FLAGS>,
): Promise<Example[]> {
  const [textColumn, labelColumn] = [columns["source-column"], columns["target-column"]];
  return await readData(path, { kind: "pairs", textColumn, labelColumn });
}

/** The texts in a .csv, .tsv or .jsonl file; any other file is one text. */
export async function readTexts(
  path: string,
  columns: Pick<Columns<typeof COLUMN_FLAGS>, "text-column">,
): Promise<Example[]> {
  if (formatOf(path) !== undefined) {
    return await readData(path, { kind: "texts", textColumn: columns["text-column"] });
  }
  const bytes = await attempt(path, "read", () => Deno.readFile(path));
  const content = decodeText(bytes, path).replace(/^\ufeff/, "");
  if (content === "") throw new InputError(`${path}: there is nothing in it; give a longer text`);
  return [{ text: content, label: "", where: path }];
}

async function readData(path: string, options: ParseOptions): Promise<Example[]> {
  const bytes = await attempt(path, "read", () => Deno.readFile(path));
  const format = formatOf(path) ?? "csv";
  return parseExamples(decodeText(bytes, path), { ...options, format, name: path });
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

/** What `fn` makes of a file that is read in pieces. */
async function withFile<T>(path: string, fn: (source: ByteSource) => Promise<T>): Promise<T> {
  using file = await attempt(path, "read", () => Deno.open(path));
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

/** Throws unless a file can be written there: to be asked before hours of training, not after. */
export async function requireWritable(path: string, inputs: (string | undefined)[]): Promise<void> {
  const existing = await Deno.stat(path).catch(() => undefined);
  if (existing?.isDirectory) throw new InputError(`${path}: is a folder; name a file in it`);
  if (existing) {
    const target = await Deno.realPath(path);
    for (const input of inputs) {
      if (input !== undefined && await Deno.realPath(input).catch(() => "") === target) {
        throw new InputError(`${path}: holds the examples; choose another --out`);
      }
    }
  }
  const temporary = temporaryName(path);
  await attempt(path, "written", () => Deno.writeFile(temporary, new Uint8Array()));
  await Deno.remove(temporary);
}

/** Writes a file so that it is, at every moment, the old one whole or the new one whole. */
export async function saveFile(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const temporary = temporaryName(path);
  try {
    await attempt(path, "written", async () => {
      using file = await Deno.open(temporary, { write: true, createNew: true });
      for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
      await file.sync();
      await Deno.rename(temporary, path);
    });
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw error;
  }
}

/** Writes a model. */
export async function saveModel(path: string, model: Model): Promise<void> {
  await saveFile(path, writeModel(model));
}

const CHECKPOINT = "checkpoint.safetensors";

/** Makes the folder for a checkpoint, and throws unless one can be written there. */
export async function prepareCheckpoint(folder: string): Promise<void> {
  await attempt(folder, "made", () => Deno.mkdir(folder, { recursive: true }));
  for await (const { name } of Deno.readDir(folder)) { // of a run that was killed as it wrote
    if (name.startsWith(`${CHECKPOINT}.`) && name.endsWith(".tmp")) {
      await Deno.remove(`${folder}/${name}`);
    }
  }
  await requireWritable(`${folder}/${CHECKPOINT}`, []);
}

/** Writes a checkpoint into its folder. */
export async function saveCheckpoint(
  folder: string,
  checkpoint: Checkpoint,
  notes: unknown,
): Promise<void> {
  await saveFile(`${folder}/${CHECKPOINT}`, writeCheckpoint(checkpoint, notes));
}

/** The checkpoint in a folder, or in a file. */
export async function loadCheckpoint(
  path: string,
): Promise<{ checkpoint: Checkpoint; notes: unknown }> {
  const isFolder = (await Deno.stat(path).catch(() => undefined))?.isDirectory;
  const name = isFolder ? `${path}/${CHECKPOINT}` : path;
  return await withFile(name, (source) => readCheckpoint(source, name));
}

/** The vectors that a file of word vectors has for some words. */
export async function loadVectors(path: string, words: Iterable<string>): Promise<WordVectors> {
  using file = await attempt(path, "read", () => Deno.open(path));
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

function temporaryName(path: string): string {
  return `${path}.${crypto.randomUUID()}.tmp`;
}

async function attempt<T>(path: string, what: string, fn: () => Promise<T>): Promise<T> {
  try {
    return await fn();
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${path}: ${reason(error, what)}`, { cause: error });
  }
}

function reason(error: unknown, what: string): string {
  if (error instanceof Deno.errors.NotFound) {
    return what === "read" ? "no such file" : "its folder does not exist; make it first";
  }
  if (error instanceof Deno.errors.IsADirectory) return "is a folder; give a file";
  if (error instanceof Deno.errors.NotADirectory) return "a part of the path is no folder";
  if (error instanceof Deno.errors.PermissionDenied) return `cannot be ${what}: permission denied`;
  return `cannot be ${what}: ${error instanceof Error ? error.message : error}`;
}
