/**
 * Reads text that arrives in chunks, once its beginning has settled how.
 *
 * @module
 */
import { LABEL_PREFIX } from "./fasttext.ts";
import { DATA_FORMATS, type DataFormat } from "./formats.ts";
import { type Column, errorAt } from "./records.ts";

/** Reads items from text that arrives in chunks, split anywhere. */
export interface TextReader<T> {
  /** Returns the items that this chunk completes. */
  push(chunk: string): T[];
  /** Returns the remaining items, after the last chunk. */
  end(): T[];
}

const LOOKED_AT = 2 ** 16; // characters from which format and dialect are guessed
const CHUNK = 2 ** 16; // characters that are read at a time, however they arrive

/**
 * Creates a reader that buffers the beginning of its text and then reads in chunks of equal size,
 * so that the result does not depend on how the text was split.
 *
 * @param open Opens the reader, given the first 65,536 characters, plus one if the text is longer.
 * @param blank Creates the error for a blank text, given its first 65,536 characters.
 */
export function textReader<T>(
  open: (beginning: string) => TextReader<T>,
  blank: (beginning: string) => Error,
): TextReader<T> {
  let held = "", reader: TextReader<T> | undefined, isBlank = true, isFirst = true;
  const read = (isEnd: boolean): T[] => {
    const found: T[] = [];
    const add = (some: readonly T[]) => {
      for (const each of some) found.push(each);
    };
    let at = 0;
    for (; held.length - at >= CHUNK; at += CHUNK) add(reader!.push(held.slice(at, at + CHUNK)));
    held = held.slice(at);
    if (!isEnd) return found;
    if (held !== "") add(reader!.push(held));
    held = "";
    add(reader!.end());
    return found;
  };
  return {
    push(chunk) {
      if (chunk === "") return [];
      held += isFirst && chunk[0] === "\ufeff" ? chunk.slice(1) : chunk;
      isFirst = false;
      isBlank &&= !/\S/.test(chunk);
      if (!reader && held.length <= LOOKED_AT) return [];
      reader ??= open(held.slice(0, LOOKED_AT + 1));
      return read(false);
    },
    end() {
      if (isBlank) throw blank(held.slice(0, LOOKED_AT));
      reader ??= open(held);
      return read(true);
    },
  };
}

/** Reads a whole text, yielding the items of each chunk in turn. */
export function* readText<T>(reader: TextReader<T>, content: string): Generator<T> {
  for (let at = 0; at < content.length; at += CHUNK) {
    yield* reader.push(content.slice(at, at + CHUNK));
  }
  yield* reader.end();
}

/** Creates the error for a blank text. */
export function noContent(name: string, format: DataFormat, columns: readonly Column[]): Error {
  return errorAt(name, 1, `no content; expected ${expected(format, columns)}`);
}

/** Describes the beginning of a file in a format. */
function expected(format: DataFormat, columns: readonly Column[]): string {
  const names = columns.map(({ name }) => name);
  const object = `{${names.map((name) => `${JSON.stringify(name)}: "…"`).join(", ")}}`;
  if (format === "jsonl") return `a line such as ${object}`;
  if (format === "json") return `an array such as [${object}]`;
  if (format === "fasttext") return `a line such as ${LABEL_PREFIX}good and its text`;
  if (DATA_FORMATS[format].hasTags) return "a line for each word, and its tag at the end";
  return `a header such as ${names.join(format === "tsv" ? "TAB" : ",")}, and examples below it`;
}
