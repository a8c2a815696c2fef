/**
 * What a terminal shows: lines on standard output and standard error, tables, and progress.
 *
 * @module
 */
import { displayWidth, printable } from "@unroll/core";

export { printable };

/** Columns that a text may take beside other things on its line. */
export const TEXT = 56;
/** Columns that a label, a word or a name may take. */
export const LABEL = 24;

/** A fraction as a percentage: 0.9876 is "98.8%"; "-" where it is none. */
export function percent(fraction: number): string {
  return Number.isNaN(fraction) ? "-" : `${(100 * fraction).toFixed(1)}%`;
}

/** A number with some decimals; one that is large, with an exponent, so that columns stay narrow. */
export function figure(value: number, decimals: number): string {
  return Math.abs(value) < 1e5 ? value.toFixed(decimals) : value.toExponential(2);
}

/** A word as a line begins with it. */
export function capital(word: string): string {
  return word[0].toUpperCase() + word.slice(1);
}

/** The first few of some words or labels, printable, with "…" in place of the rest. */
export function few(names: readonly string[], most = 8): string {
  const shown = names.slice(0, most).map((name) => printable(name, LABEL));
  return [...shown, ...(names.length > most ? ["…"] : [])].join(", ");
}

/** An argument as it has to be typed into a shell. */
export function shellWord(argument: string): string {
  const shown = printable(argument);
  return /^[\p{L}\p{N}_./:\\@%+-]+$/u.test(shown) ? shown : `'${shown.replaceAll("'", `'\\''`)}'`;
}

/** A text with blanks behind it, up to a number of columns. */
export function padEnd(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - displayWidth(text)));
}

/** A text with blanks before it, up to a number of columns. */
export function padStart(text: string, columns: number): string {
  return " ".repeat(Math.max(0, columns - displayWidth(text))) + text;
}

/** The columns that the widest of some texts takes. */
export function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, displayWidth(text)), 0);
}

/** Rows as lines with aligned columns; those named in `left` begin at their left. */
export function table(rows: readonly string[][], left: readonly number[]): string[] {
  const cells = rows.map((row) => row.map((cell) => printable(cell)));
  const widths = cells[0].map((_, j) => widest(cells.map((row) => row[j])));
  return cells.map((row) =>
    row.map((cell, j) => left.includes(j) ? padEnd(cell, widths[j]) : padStart(cell, widths[j]))
      .join("  ").trimEnd()
  );
}

/** A duration in seconds, for people. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Standard output cannot be written, as on a full disk. */
export class OutputError extends Error {
  /** The class's name, for messages. */
  override readonly name = "OutputError";
}

/** What can be written to: `Deno.stdout`, `Deno.stderr`. */
export type Writer = Pick<typeof Deno.stdout, "writeSync">;

/**
 * Prints a line on standard output; all that a command prints goes through here or {@linkcode write}.
 *
 * @throws {Deno.errors.BrokenPipe} Where the reader has gone. (`console.log` would go on.)
 * @throws {OutputError} Where it cannot be written otherwise.
 */
export function print(line = ""): void {
  write(`${line}\n`);
}

/** Prints a value as a line of JSON. What a terminal would obey is escaped, as JSON may have it. */
export function printJson(value: unknown): void {
  print(
    JSON.stringify(value).replace(
      /[\x7f-\x9f\p{Cf}\u2028\u2029]/gu,
      (c) =>
        Array.from(
          { length: c.length },
          (_, i) => `\\u${c.charCodeAt(i).toString(16).padStart(4, "0")}`,
        ).join(""),
    ),
  );
}

/** Writes a text to standard output, as {@linkcode print} does. */
export function write(text: string, output: Writer = Deno.stdout): void {
  try {
    writeAll(output, text);
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) throw error;
    const reason = (error as Error).message.replace(/ \(os error \d+\)$/, "");
    throw new OutputError(`standard output: ${reason}`, { cause: error });
  }
}

/**
 * Prints a line on standard error.
 *
 * @throws {Deno.errors.BrokenPipe} Where the reader has gone. Other failures do not matter.
 */
export function warn(line: string, output: Writer = Deno.stderr): void {
  try {
    writeAll(output, `${line}\n`);
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) throw error;
  }
}

const encoder = new TextEncoder();

function writeAll(output: Writer, text: string): void {
  const bytes = encoder.encode(text);
  for (let at = 0; at < bytes.length;) {
    try {
      at += output.writeSync(bytes.subarray(at));
    } catch (error) {
      if (!(error instanceof Deno.errors.WouldBlock)) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5); // the reader is slow
    }
  }
}

const PROGRESS_INTERVAL = 30_000; // milliseconds between lines of progress in a file or a pipe

/** Where progress is shown, and by which clock. */
export interface ProgressOptions {
  /** Whether that is a terminal. */
  isTerminal: boolean;
  /** Writes to it. */
  write(text: string): void;
  /** The time in milliseconds. */
  now(): number;
}

/** What shows how far a run is. */
export interface StatusLine {
  /** Shows a text in place of the last; in a file or a pipe, as a line every half minute. */
  show(text: string): void;
  /** Takes it away. */
  clear(): void;
}

/** A status line on standard error, which never fails: a run matters more than its progress. */
export function statusLine(options: Partial<ProgressOptions> = {}): StatusLine {
  const { isTerminal, write, now }: ProgressOptions = {
    isTerminal: Deno.stderr.isTerminal(),
    write(text) {
      try {
        writeAll(Deno.stderr, text);
      } catch { /* nobody reads it */ }
    },
    now: () => performance.now(),
    ...options,
  };
  let last = now();
  let isShown = false;
  return {
    show(text) {
      if (isTerminal) {
        // A line that wraps could not be taken away.
        write(`\r\x1b[K${printable(text, terminalColumns() - 1)}`);
        isShown = true;
      } else if (now() - last >= PROGRESS_INTERVAL) {
        write(`${printable(text)}\n`);
        last = now();
      }
    },
    clear() {
      if (isShown) write("\r\x1b[K");
      isShown = false;
    },
  };
}

/** The columns of the terminal; 80 where there is none. */
export function terminalColumns(): number {
  try {
    return Deno.consoleSize().columns || 80;
  } catch {
    return 80;
  }
}
