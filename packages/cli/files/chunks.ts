/**
 * Files and standard input in chunks, so that their size does not matter.
 *
 * @module
 */
import { InputError } from "@unroll/core";
import { printable, statusLine, warn } from "../output/terminal.ts";
import { watchReading } from "../run/reading.ts";
import type { Signals } from "../run/signals.ts";
import { attempt } from "./file_errors.ts";
import { INPUT, resolvePath } from "./paths.ts";

/** A part of a file. */
export interface FileChunk {
  /** Its bytes, which are good until the next chunk. */
  bytes: Uint8Array;
  /** How many bytes were read, with these. */
  read: number;
  /** How many the file has; none for a pipe. */
  size?: number;
}

const CHUNK = 2 ** 20; // bytes

/**
 * The chunks of a file, or of standard input.
 *
 * @param heard The signals, where they are heard already.
 * @throws {StoppedError} Where a signal comes meanwhile.
 */
export async function* readChunks(path: string, heard?: Signals): AsyncGenerator<FileChunk> {
  const watch = watchReading(path, heard);
  let file: Source | undefined;
  try {
    file = await watch.step(open(path));
    const { size, source } = file, buffer = new Uint8Array(CHUNK);
    for (let read = 0;;) {
      const count = await watch.step(attempt(path, "read", () => source.read(buffer)));
      if (count === null) break;
      read += count;
      yield { bytes: buffer.subarray(0, count), read, size };
    }
    await watch.finish();
  } finally {
    watch.end();
    file?.close();
  }
}

interface Source {
  source: { read(buffer: Uint8Array): Promise<number | null> };
  size?: number;
  close(): void;
}

async function open(path: string): Promise<Source> {
  if (path === INPUT) {
    if (Deno.stdin.isTerminal()) warn(`Reading ${INPUT}; Ctrl-D ends it.`);
    return { source: Deno.stdin, close() {} };
  }
  return await attempt(path, "read", async () => {
    const resolved = resolvePath(path);
    const { isDirectory, isFile, size } = await Deno.stat(resolved);
    if (isDirectory) throw new InputError(`${path}: is a folder; give a file`);
    const source = await Deno.open(resolved);
    return { source, size: isFile && size > 0 ? size : undefined, close: () => source.close() };
  });
}

const SOON = 250, OFTEN = 100; // milliseconds before a line of progress is shown, and between two

/** Shows how far a file was read. */
export interface ReadingProgress {
  /** Shows it now and then, with what was made of it. */
  show(chunk: FileChunk, more?: string): void;
  /** Takes the line away. */
  clear(): void;
}

/** A line on the terminal that shows how far a file was read, unless that takes but a moment. */
export function readingProgress(path: string): ReadingProgress {
  const status = statusLine();
  let next = performance.now() + SOON;
  return {
    show({ read, size }, more) {
      const now = performance.now();
      if (now < next) return;
      next = now + OFTEN;
      const of = size === undefined ? "" : ` of ${megabytes(size)}`;
      status.show(`${printable(path)}: ${megabytes(read)}${of}${more ? `, ${more}` : ""}`);
    },
    clear: () => status.clear(),
  };
}

/** A number of rows. */
export function rowsOf(count: number): string {
  return `${count.toLocaleString("en")} ${count === 1 ? "row" : "rows"}`;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6).toLocaleString("en")} MB`;
}
