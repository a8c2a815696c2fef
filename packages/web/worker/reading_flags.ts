/**
 * The command-line flags to read the same rows of the user's files.
 *
 * @module
 */
import type { DataReading } from "@unroll/core/texts";
import type { DataSource, Given, Written } from "../data_protocol.ts";
import type { FileData } from "./read_data.ts";

/**
 * Returns the flags for some files: none that the command line would detect, or all if it would
 * read one of the files differently.
 *
 * @param usual The columns that the command line looks for by default.
 */
export function readingFlags(
  files: readonly FileData[],
  { encoding, quotes }: Given,
  usual: readonly [text: string, label: string],
): Pick<DataSource, "columns" | "written"> {
  // Given quotes differ from detected ones: with them, no quoted field counts as unclosed.
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

/** Returns the value that all have in common, if there is one. */
function common<T, V>(all: readonly T[], of: (each: T) => V): V | undefined {
  const [first, ...rest] = all.map(of);
  return rest.every((value) => value === first) ? first : undefined;
}
