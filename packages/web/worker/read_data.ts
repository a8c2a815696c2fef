/**
 * The one door by which files come in: bytes that are read piece by piece become examples.
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

/** Hears how far a file is read; it ends the reading by throwing. */
export type Watch = (progress: Progress) => void;

/** A file that was read. */
export interface FileData extends DataReport {
  reading: DataReading;
  /** How the command line would read it, with no more flags than it needs. */
  guessed?: DataReading;
  /** What it looks like, where that is not what it was read as. */
  looksLike?: string;
}

/** How to read a file. */
export interface ReadOptions {
  kind: NonNullable<ParseOptions["kind"]>;
  given: Given;
  /** Whether its name says nothing of its format. */
  isPasted: boolean;
}

const SLICE = 2 ** 22; // bytes: between two of them, messages arrive
const BEGINNING = 2 ** 14; // characters, to see what a file looks like
const LATIN = "latin1";
const MAX_COLUMNS = 50; // that are offered for a table that cannot be read

/** The text of a file. */
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
 * What `read` makes of a file; of one that is not UTF-8, though no encoding was given, what it makes
 * of it in Latin-1.
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
      throw other instanceof InputError ? error : other; // it may not be Latin-1 either
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
 * The examples of a file, of which a piece at a time is held.
 *
 * @throws {InputError} Where none of it can be read.
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
    // The command line takes a column only where no other would do.
    guessed: isPasted ? undefined : inspected(beginning, {
      ...{ kind, name, quotes, isCautious: true },
      format: detectFormat(name, beginning).format,
    })?.reading,
    looksLike: otherLook(beginning.slice(0, BEGINNING), format),
  };
}

/** What the beginning of a file gives; none where it is not read without the rest. */
function inspected(beginning: string, options: Parameters<typeof inspectData>[1]) {
  let reading: DataReading | undefined;
  const onRead = (read: DataReading) => reading = read;
  try {
    return { ...inspectData(beginning, { ...options, onRead }), reading };
  } catch {
    return undefined;
  }
}

/** The columns of a table that cannot be read: their names, or numbers where a name comes twice. */
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
  } catch { // the visitor has to settle something else first
    return [];
  }
}
