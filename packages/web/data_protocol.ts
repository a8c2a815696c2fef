/**
 * What is said of the visitor's own data: its files, how they are read, what they hold.
 *
 * @module
 */
import type { DataFormat, DataProblem, DataWarning, Example, Quotes } from "@unroll/core/texts";
import type { Settings } from "./settings.ts";

/** The visitor's own files, and which flags a command line needs to read them. */
export interface DataSource {
  /** The name of the first one. */
  name: string;
  /** The names of all, where there are several. */
  names?: string[];
  /** The columns, where a command line does not find them. */
  columns?: { text: string; label: string };
  /** How they are written, as far as a command line would read them otherwise. */
  written?: Written;
  /** Whether they are texts without columns. */
  isWhole?: boolean;
  /** Whether the text was pasted, so that there is no file of it. */
  isPasted?: boolean;
}

/** How data files are written: what is not given is guessed. */
export interface Written {
  format?: DataFormat;
  separator?: string;
  quotes?: Quotes;
  /** Whether the first row of a table has the names of the columns. */
  header?: boolean;
  encoding?: string;
}

/** How files are to be read, as far as the visitor says it. */
export interface Given extends Written {
  textColumn?: string;
  labelColumn?: string;
}

/** A file, or a text that was pasted. */
export interface NamedBlob {
  source: Blob;
  name: string;
}

/** What is asked of the visitor's own data. */
export interface DataRequest {
  files: NamedBlob[];
  task: string;
  given?: Given;
  /** Whether it was pasted: then its name says nothing. */
  isPasted?: boolean;
}

/** Rows of a file that cannot be used, the first of them by their lines. */
export interface LeftOut {
  name: string;
  /** How many rows the file has. */
  rows: number;
  count: number;
  problems: DataProblem[];
}

/** What files hold, as far as they can be read. */
export interface DataPreview {
  task: string;
  /** Why they cannot be used at all. */
  error?: string;
  /** How each file was read, in words. */
  readings: string[];
  /** How the first one was read. */
  written: Written;
  columns: string[];
  textColumn: string;
  labelColumn: string;
  count: number;
  examples: Example[];
  labels: { label: string; count: number }[];
  leftOut: LeftOut[];
  /** What is odd about it. */
  warnings: DataWarning[];
  /** Whether the files are texts, without columns. */
  isWhole: boolean;
  /** Whether every text has as many labels as words. */
  isTagging: boolean;
  /** The settings recommended for it; none for what cannot be used. */
  recommended?: Settings;
}

/** How far a large file is read. */
export interface Progress {
  name: string;
  unit: "bytes" | "rows";
  done: number;
  of: number;
}
