/**
 * Files in and out, with errors that name the file and the way out.
 *
 * @module
 */
import {
  decodeText,
  type Example,
  InputError,
  type Model,
  parseExamples,
  readModel,
  writeModel,
} from "@unroll/core";
import { text } from "./flags.ts";

/** The flags that name the columns of a data file. */
export const COLUMN_FLAGS = {
  "text-column": text("NAME", "the column or key of the texts", "text"),
  "label-column": text("NAME", "the column or key of the labels", "label"),
};

/** The examples in a .csv, .tsv or .jsonl file. */
export async function readExamples(
  path: string,
  columns: { [flag in keyof typeof COLUMN_FLAGS]: string },
): Promise<Example[]> {
  const bytes = await attempt(path, "read", () => Deno.readFile(path));
  const extension = /\.(tsv|jsonl|ndjson)$/i.exec(path)?.[1].toLowerCase();
  const format = extension === "tsv" ? "tsv" : extension ? "jsonl" : "csv";
  return parseExamples(decodeText(bytes, path), {
    format,
    name: path,
    textColumn: columns["text-column"],
    labelColumn: columns["label-column"],
  });
}

/** The model in a file. */
export async function loadModel(path: string): Promise<Model> {
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
  return await readModel({ size, slice }, path);
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

/** Writes a model so that the file is, at every moment, the old one whole or the new one whole. */
export async function saveModel(path: string, model: Model): Promise<void> {
  const bytes = writeModel(model);
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
