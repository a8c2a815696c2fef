/**
 * How files of examples were read: said where it was guessed, and given to whoever collects it.
 *
 * @module
 */
import { type DataReading, describeReading, type Quotes } from "@unroll/core";
import { printable, warn } from "../output/terminal.ts";

/** How a file was read, as `--json` has it. */
export interface FileReading {
  /** The file. */
  file: string;
  /** Its format; `text` for a file that is one text. */
  format: DataReading["format"] | "text";
  /** What stands between the fields of a table. */
  separator?: string;
  /** What quotes and backslashes mean in a table. */
  quotes?: Quotes;
  /** Whether the first row of a table has the columns' names. */
  header?: boolean;
  /** How its characters are written. */
  encoding: string;
  /** How many rows could be read; those left out are said besides. */
  rows: number;
  /** The column or key of the texts, or of the sources. */
  textColumn?: string;
  /** The column or key of the labels, or of the targets. */
  labelColumn?: string;
  /** Of series: whether a row is a step, or a whole series. */
  layout?: "long" | "wide";
  /** The columns of their numbers. */
  columns?: string[];
  /** The column of their times. */
  time?: string;
  /** The column that says which series a row is of. */
  series?: string;
  /** What was filled, and what could be read otherwise. */
  notes?: string[];
  /** Whether any of it was guessed by what the file holds. */
  guessed: boolean;
}

/** What the reading of a file takes along: who hears how it was read, and how long texts may be. */
export interface ReadingSink {
  /** How many characters a text may have. Default: core's limit. */
  maxTextLength?: number;
  /** Takes how a file was read. */
  onReading?(reading: FileReading): void;
}

/** Says how a file was read where that was guessed, and tells the sink in any case. */
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
