/**
 * Text that comes in chunks, and is read once its beginning has said how.
 *
 * @module
 */
import { LABEL_PREFIX } from "./fasttext.ts";
import { DATA_FORMATS, type DataFormat } from "./formats.ts";
import { type Column, errorAt } from "./records.ts";

/** Reads something from text that comes in chunks, cut anywhere. */
export interface TextReader<T> {
  /** What is complete with this chunk. */
  push(chunk: string): T[];
  /** The rest, at the end of the text. */
  end(): T[];
}

const LOOKED_AT = 2 ** 16; // characters, of which format and dialect are guessed
const CHUNK = 2 ** 16; // characters that are read at a time, however they came

/**
 * A reader that holds back the beginning of its text and then reads on in chunks of one size, so
 * that it does not matter how the text was cut.
 *
 * @param open Opens the reader, by the beginning: one character longer than what is looked at, where
 * the text goes on.
 * @param blank The error of a text that is blank, by what was held back of it.
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

/** What a reader gives of a whole text, a chunk's part at a time. */
export function* readText<T>(reader: TextReader<T>, content: string): Generator<T> {
  for (let at = 0; at < content.length; at += CHUNK) {
    yield* reader.push(content.slice(at, at + CHUNK));
  }
  yield* reader.end();
}

/** The error of a text that is blank. */
export function noContent(name: string, format: DataFormat, columns: readonly Column[]): Error {
  return errorAt(name, 1, `no content; expected ${expected(format, columns)}`);
}

/** What a file of a form begins with. */
function expected(format: DataFormat, columns: readonly Column[]): string {
  const names = columns.map(({ name }) => name);
  const object = `{${names.map((name) => `${JSON.stringify(name)}: "…"`).join(", ")}}`;
  if (format === "jsonl") return `a line such as ${object}`;
  if (format === "json") return `an array such as [${object}]`;
  if (format === "fasttext") return `a line such as ${LABEL_PREFIX}good and its text`;
  if (DATA_FORMATS[format].hasTags) return "a line for each word, and its tag at the end";
  return `a header such as ${names.join(format === "tsv" ? "TAB" : ",")}, and examples below it`;
}
