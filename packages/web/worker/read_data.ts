/**
 * The only reader of the user's files: it reads bytes in chunks, and turns them into examples.
 *
 * @module
 */
import {
  createDecoder,
  createExampleReader,
  type DataProblem,
  type DataReading,
  type DataReport,
  detectFormat,
  type Example,
  InputError,
  inspectData,
  otherLook,
  type ParseOptions,
} from "@unroll/core/texts";
import type { Given, NamedBlob, Progress } from "../data_protocol.ts";

/** Receives the progress of reading a file; it can throw to stop reading. */
export type Watch = (progress: Progress) => void;

/** A file that was read. */
export interface FileData extends DataReport {
  reading: DataReading;
  /** How the command line would read the file without further flags. */
  guessed?: DataReading;
  /** The format that the file looks like, if it was read as another one. */
  looksLike?: string;
}

/** How to read a file. */
export interface ReadOptions {
  kind: NonNullable<ParseOptions["kind"]>;
  given: Given;
  /** Whether the data were pasted, so that the name does not show the format. */
  isPasted: boolean;
}

const SLICE = 2 ** 22; // bytes: between two of them, messages arrive
const BEGINNING = 2 ** 14; // characters, to detect what a file looks like
const LATIN = "latin1";
const MAX_COLUMNS = 50; // columns offered for a table that cannot be read

/** Reads the text of a file. */
export async function readText(
  { source, name }: NamedBlob,
  encoding: string | undefined,
  watch: Watch,
): Promise<string> {
  const decoder = createDecoder(name, encoding), chunks: string[] = [];
  for (let at = 0; at < source.size; at += SLICE) {
    const bytes = await source.slice(at, at + SLICE).arrayBuffer();
    chunks.push(decoder.push(new Uint8Array(bytes)));
    watch({ name, unit: "bytes", done: at + bytes.byteLength, of: source.size });
  }
  chunks.push(decoder.end());
  return chunks.join("");
}

/**
 * Calls `read` for a file, and again in Latin-1 if the file is not UTF-8 and no encoding was given.
 */
export async function inItsEncoding<T>(
  { source }: NamedBlob,
  given: Given,
  read: (given: Given) => Promise<T>,
): Promise<{ found: T; encoding?: string }> {
  try {
    return { found: await read(given), encoding: given.encoding };
  } catch (error) {
    const isKnown = given.encoding !== undefined || !(error instanceof InputError);
    if (isKnown || await isUtf8(source)) throw error;
    try {
      return { found: await read({ ...given, encoding: LATIN }), encoding: LATIN };
    } catch (other) {
      throw other instanceof InputError ? error : other; // it is not Latin-1 either
    }
  }
}

async function isUtf8(source: Blob): Promise<boolean> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    for (let at = 0; at < source.size; at += SLICE) {
      decoder.decode(await source.slice(at, at + SLICE).arrayBuffer(), { stream: true });
    }
    decoder.decode();
    return true;
  } catch {
    return false;
  }
}

/**
 * Reads the examples of a file, with one chunk of it in memory at a time.
 *
 * @throws {InputError} If nothing in the file can be read.
 */
export async function readData(
  { source, name }: NamedBlob,
  { kind, given, isPasted }: ReadOptions,
  watch: Watch,
): Promise<FileData> {
  const options = { ...given, kind, name: isPasted ? name.replace(/\.\w+$/, "") : name };
  const examples: Example[] = [], problems: DataProblem[] = [];
  let beginning = "", reading: DataReading | undefined;
  const reader = createExampleReader({
    ...options,
    onProblem: (problem) => problems.push(problem),
    onBeginning: ({ text }) => beginning = text,
    onRead: (read) => reading = read,
  });
  const add = (some: readonly Example[]) => {
    for (const example of some) examples.push(example);
  };
  for (let at = 0; at < source.size; at += SLICE) {
    const bytes = await source.slice(at, at + SLICE).arrayBuffer();
    add(reader.push(new Uint8Array(bytes)));
    watch({ name, unit: "bytes", done: at + bytes.byteLength, of: source.size });
  }
  add(reader.end());
  const { format, dialect, columns: [textColumn, labelColumn = ""] } = reading!;
  const { quotes } = given;
  return {
    ...{ format, dialect, textColumn, labelColumn, examples, reading: reading! },
    columns: inspected(beginning, { ...options, format })?.columns ?? [textColumn, labelColumn],
    problems: problems.sort((a, b) => a.line - b.line),
    // The command line picks a column only if there is no alternative.
    guessed: isPasted ? undefined : inspected(beginning, {
      ...{ kind, name, quotes, isCautious: true },
      format: detectFormat(name, beginning).format,
    })?.reading,
    looksLike: otherLook(beginning.slice(0, BEGINNING), format),
  };
}

/** Reads the beginning of a file; undefined if it cannot be read without the rest. */
function inspected(beginning: string, options: Parameters<typeof inspectData>[1]) {
  let reading: DataReading | undefined;
  const onRead = (read: DataReading) => reading = read;
  try {
    return { ...inspectData(beginning, { ...options, onRead }), reading };
  } catch {
    return undefined;
  }
}

/** Returns the columns of an unreadable table: their names, or numbers for repeated names. */
export async function columnsOf({ source, name }: NamedBlob, given: Given): Promise<string[]> {
  try {
    const bytes = await source.slice(0, BEGINNING).arrayBuffer();
    const content = createDecoder(name, given.encoding).push(new Uint8Array(bytes));
    const { separator, quotes } = given;
    const format = given.format ?? detectFormat(name, content).format;
    const options = { format, separator, quotes, header: false, kind: "texts" } as const;
    const columns = inspectData(content, { ...options, textColumn: "1" }).columns.slice(
      0,
      MAX_COLUMNS,
    );
    if (given.header === false) return columns;
    const names = columns.map((textColumn) =>
      inspectData(content, { ...options, textColumn }).examples[0].text.trim()
    );
    const isOwn = (name: string) => name !== "" && names.indexOf(name) === names.lastIndexOf(name);
    return names.map((name, i) => isOwn(name) ? name : columns[i]);
  } catch { // another setting has to be fixed first
    return [];
  }
}
