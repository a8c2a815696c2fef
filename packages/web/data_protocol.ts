/**
 * Messages about the visitor's own data: its files, how to read them, and what they contain.
 *
 * @module
 */
import type { DataFormat, DataProblem, DataWarning, Example, Quotes } from "@unroll/core/texts";
import type { Settings } from "./settings.ts";

/** The visitor's own files, and the flags that a command line needs to read them. */
export interface DataSource {
  /** The name of the first file. */
  name: string;
  /** The names of all files, if there are several. */
  names?: string[];
  /** The columns, if a command line would not find them. */
  columns?: { text: string; label: string };
  /** How the files are written, where a command line would guess otherwise. */
  written?: Written;
  /** Whether the files are texts without columns. */
  isWhole?: boolean;
  /** Whether the text was pasted, so it has no file. */
  isPasted?: boolean;
}

/** How data files are written. What is left out is guessed. */
export interface Written {
  format?: DataFormat;
  separator?: string;
  quotes?: Quotes;
  /** Whether the first row of a table holds the column names. */
  header?: boolean;
  encoding?: string;
}

/** How to read files, as far as the visitor has chosen. */
export interface Given extends Written {
  textColumn?: string;
  labelColumn?: string;
}

/** A file, or a pasted text. */
export interface NamedBlob {
  source: Blob;
  name: string;
}

/** A request to read the visitor's own data. */
export interface DataRequest {
  files: NamedBlob[];
  task: string;
  given?: Given;
  /** Whether the text was pasted: its name then says nothing about its format. */
  isPasted?: boolean;
}

/** The rows of a file that cannot be used; the first ones with their line numbers. */
export interface LeftOut {
  name: string;
  /** The number of rows in the file. */
  rows: number;
  count: number;
  problems: DataProblem[];
}

/** What files contain, as far as they can be read. */
export interface DataPreview {
  task: string;
  /** Why the data cannot be used at all. */
  error?: string;
  /** How each file was read, as text. */
  readings: string[];
  /** How the first file was read. */
  written: Written;
  columns: string[];
  textColumn: string;
  labelColumn: string;
  count: number;
  examples: Example[];
  labels: { label: string; count: number }[];
  leftOut: LeftOut[];
  /** Oddities in the data. */
  warnings: DataWarning[];
  /** Whether the files are texts without columns. */
  isWhole: boolean;
  /** Whether every text has as many labels as words. */
  isTagging: boolean;
  /** The settings recommended for the data; undefined if it cannot be used. */
  recommended?: Settings;
}

/** How much of a large file has been read. */
export interface Progress {
  name: string;
  unit: "bytes" | "rows";
  done: number;
  of: number;
}
