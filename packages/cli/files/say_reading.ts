/**
 * Reports how files of examples were read: prints guesses, and calls a listener.
 *
 * @module
 */
import { type DataReading, describeReading, type Quotes } from "@unroll/core";
import { printable, warn } from "../output/terminal.ts";

/** How a file was read, for `--json`. */
export interface FileReading {
  /** Path of the file. */
  file: string;
  /** The format; `text` for a file that is one text. */
  format: DataReading["format"] | "text";
  /** The field separator of a table. */
  separator?: string;
  /** The meaning of quotes and backslashes in a table. */
  quotes?: Quotes;
  /** Whether the first row of a table has the columns' names. */
  header?: boolean;
  /** The character encoding. */
  encoding: string;
  /** Number of rows that could be read; those left out are reported separately. */
  rows: number;
  /** The column or key of the texts, or of the sources. */
  textColumn?: string;
  /** The column or key of the labels, or of the targets. */
  labelColumn?: string;
  /** For series: whether a row is a time step, or a whole series. */
  layout?: "long" | "wide";
  /** For series: the columns of the numbers. */
  columns?: string[];
  /** For series: the column of the times. */
  time?: string;
  /** For series: the column with the name of each row's series. */
  series?: string;
  /** Notes on values that were filled in, and on ambiguous values. */
  notes?: string[];
  /** Whether any of this was guessed from the file's content. */
  guessed: boolean;
}

/** Options for reading a file: a listener, and the maximum length of texts. */
export interface ReadingSink {
  /** Maximum number of characters of a text. Default: core's limit. */
  maxTextLength?: number;
  /** Called with how a file was read. */
  onReading?(reading: FileReading): void;
}

/** Prints how a file was read if that was guessed; always calls the listener. */
export function sayReading(
  file: string,
  reading: DataReading,
  { encoding, isOtherGuessed }: { encoding: string; isOtherGuessed: boolean },
  { onReading }: ReadingSink,
): void {
  const { format, dialect, columns: [textColumn, labelColumn], count, isGuessed } = reading;
  if (isGuessed) warn(`${printable(file)}: ${describeReading(reading)}`);
  onReading?.({
    file,
    format,
    separator: dialect?.separator,
    quotes: dialect?.quotes,
    header: dialect?.header,
    encoding,
    rows: count,
    textColumn,
    labelColumn,
    guessed: isGuessed || isOtherGuessed,
  });
}
