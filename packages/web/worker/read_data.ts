/**
 * The one door by which files come in: bytes that are read piece by piece become examples.
 *
 * @module
 */
import {
  createDecoder,
  type DataReading,
  type DataReport,
  detectFormat,
  inspectData,
  otherLook,
  type ParseOptions,
} from "@unroll/core";
import type { Given, NamedBlob, Progress } from "../protocol.ts";

/** Hears how far a file is read; it ends the reading by throwing. */
export type Watch = (progress: Progress) => void;

/** A file that was read. */
export interface FileData extends DataReport {
  reading: DataReading;
  /** How the command line would read it, if it is told no more than it has to be. */
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
const MAX_COLUMNS = 50; // that are offered for a table that cannot be read
const GUESSED_BY = 2 ** 18; // characters: more than core looks at before it settles how to read

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
 * The examples of a file.
 *
 * @throws {InputError} Where none of it can be read.
 */
export async function readData(
  file: NamedBlob,
  { kind, given, isPasted }: ReadOptions,
  watch: Watch,
): Promise<FileData> {
  const { name } = file, { encoding, ...rest } = given;
  const content = await readText(file, encoding, watch);
  const found = () => detectFormat(name, content).format;
  const format = given.format ?? (isPasted ? undefined : found());
  let reading: DataReading | undefined;
  const onRead = (read: DataReading) => reading = read;
  const report = inspectData(content, { ...rest, kind, name, format, onRead });
  return {
    ...report,
    reading: reading!,
    guessed: isPasted ? undefined : guessOf(content, name, kind, given, found()),
    looksLike: otherLook(content.slice(0, BEGINNING), report.format),
  };
}

/** How the command line would read a file: it takes a column only where no other would do. */
function guessOf(
  content: string,
  name: string,
  kind: ReadOptions["kind"],
  { quotes }: Given,
  format: ParseOptions["format"],
): DataReading | undefined {
  let guessed: DataReading | undefined;
  const onRead = (reading: DataReading) => guessed = reading;
  const beginning = content.slice(0, GUESSED_BY);
  try {
    inspectData(beginning, { kind, name, format, quotes, isCautious: true, onRead });
  } catch { // it would not read it at all
  }
  return guessed;
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
