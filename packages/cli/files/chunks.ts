/**
 * Reads files and standard input in chunks, so that their size does not matter.
 *
 * @module
 */
import { InputError } from "@unroll/core";
import { printable, statusLine, warn } from "../output/terminal.ts";
import { watchReading } from "../run/reading.ts";
import type { Signals } from "../run/signals.ts";
import { attempt } from "./file_errors.ts";
import { INPUT, resolvePath } from "./paths.ts";

/** A chunk of a file. */
export interface FileChunk {
  /** The bytes, valid until the next chunk is read. */
  bytes: Uint8Array;
  /** Number of bytes read so far, including these. */
  read: number;
  /** Size of the file in bytes; undefined for a pipe. */
  size?: number;
}

const CHUNK = 2 ** 20; // bytes

/**
 * Reads a file, or standard input, in chunks.
 *
 * @param heard The signals, if the caller already listens to them.
 * @throws {StoppedError} If a signal arrives in the meantime.
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
    if (Deno.stdin.isTerminal()) warn(`Reading ${INPUT}; Ctrl-D ends the input.`);
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

const SOON = 250, OFTEN = 100; // milliseconds before the first progress line, and between updates

/** A progress line for reading a file. */
export interface ReadingProgress {
  /** Updates the line from time to time, with `more` appended. */
  show(chunk: FileChunk, more?: string): void;
  /** Removes the line. */
  clear(): void;
}

/** Creates a progress line on the terminal, which is shown only if reading takes a while. */
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

/** Formats a number of rows. */
export function rowsOf(count: number): string {
  return `${count.toLocaleString("en")} ${count === 1 ? "row" : "rows"}`;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6).toLocaleString("en")} MB`;
}
