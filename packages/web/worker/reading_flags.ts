/**
 * The flags that a command line needs to read the same rows of the visitor's files.
 *
 * @module
 */
import type { DataReading } from "@unroll/core/texts";
import type { DataSource, Given, Written } from "../data_protocol.ts";
import type { FileData } from "./read_data.ts";

/**
 * The flags for some files: all of them, where it would read one of them otherwise, and nothing
 * that it would find.
 *
 * @param usual The columns that it looks for.
 */
export function readingFlags(
  files: readonly FileData[],
  { encoding, quotes }: Given,
  usual: readonly [text: string, label: string],
): Pick<DataSource, "columns" | "written"> {
  // To be given quotes is more than to find them: no field is taken for one never closed then.
  const asked: Written = { encoding, quotes };
  if (files.every(({ reading, guessed }) => guessed && areSame(reading, guessed))) {
    const format = quotes && common(files, ({ format }) => format);
    return { written: { ...asked, format } };
  }
  const found = common(files, ({ dialect }) => dialect?.quotes);
  const text = common(files, ({ reading }) => reading.columns[0]) ?? usual[0];
  const label = common(files, ({ reading }) => reading.columns[1]) ?? usual[1];
  return {
    columns: { text, label },
    written: {
      ...asked,
      format: common(files, ({ format }) => format),
      separator: common(files, ({ dialect }) => dialect?.separator),
      quotes: quotes ?? (found === "double" ? undefined : found),
      header: common(files, ({ dialect }) => dialect?.header),
    },
  };
}

function areSame(a: DataReading, b: DataReading): boolean {
  const key = ({ format, dialect, columns }: DataReading) =>
    JSON.stringify([format, dialect?.separator, dialect?.quotes, dialect?.header, columns]);
  return key(a) === key(b);
}

/** What all of them have in common. */
function common<T, V>(all: readonly T[], of: (each: T) => V): V | undefined {
  const [first, ...rest] = all.map(of);
  return rest.every((value) => value === first) ? first : undefined;
}
