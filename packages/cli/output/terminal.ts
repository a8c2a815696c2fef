/**
 * Terminal output: lines on standard output and standard error, tables, and progress.
 *
 * @module
 */
import { displayWidth, printable } from "@unroll/core";

export { printable };

/** Maximum columns of a text that shares its line. */
export const TEXT = 56;
/** Maximum columns of a label, a word or a name. */
export const LABEL = 24;

/** Formats a fraction as a percentage: 0.9876 is "98.8%"; NaN is "-". */
export function percent(fraction: number): string {
  return Number.isNaN(fraction) ? "-" : `${(100 * fraction).toFixed(1)}%`;
}

/** Formats a number with `decimals`; a large one with an exponent, to keep columns narrow. */
export function figure(value: number, decimals: number): string {
  return Math.abs(value) < 1e5 ? value.toFixed(decimals) : value.toExponential(2);
}

/** Capitalizes a word. */
export function capital(word: string): string {
  return word[0].toUpperCase() + word.slice(1);
}

/** Lists the first few words or labels, printable, with "…" for the rest. */
export function few(names: readonly string[], most = 8): string {
  const shown = names.slice(0, most).map((name) => printable(name, LABEL));
  return [...shown, ...(names.length > most ? ["…"] : [])].join(", ");
}

/** Quotes an argument for a shell. */
export function shellWord(argument: string): string {
  const shown = printable(argument);
  return /^[\p{L}\p{N}_./:\\@%+-]+$/u.test(shown) ? shown : `'${shown.replaceAll("'", `'\\''`)}'`;
}

/** Pads a text with spaces at its end, up to a number of columns. */
export function padEnd(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - displayWidth(text)));
}

/** Pads a text with spaces at its start, up to a number of columns. */
export function padStart(text: string, columns: number): string {
  return " ".repeat(Math.max(0, columns - displayWidth(text))) + text;
}

/** Returns the columns of the widest text. */
export function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, displayWidth(text)), 0);
}

/** Formats rows as lines with aligned columns; the columns in `left` are aligned to the left. */
export function table(rows: readonly string[][], left: readonly number[]): string[] {
  const cells = rows.map((row) => row.map((cell) => printable(cell)));
  const widths = cells[0].map((_, j) => widest(cells.map((row) => row[j])));
  return cells.map((row) =>
    row.map((cell, j) => left.includes(j) ? padEnd(cell, widths[j]) : padStart(cell, widths[j]))
      .join("  ").trimEnd()
  );
}

/** Formats a duration in seconds. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** The error if standard output cannot be written, for example because the disk is full. */
export class OutputError extends Error {
  /** The class name, for messages. */
  override readonly name = "OutputError";
}

/** An output such as `Deno.stdout` or `Deno.stderr`. */
export type Writer = Pick<typeof Deno.stdout, "writeSync">;

/**
 * Prints a line on standard output; all output of commands uses this or {@linkcode write}.
 *
 * @throws {Deno.errors.BrokenPipe} If the reader has closed the pipe (`console.log` ignores that).
 * @throws {OutputError} If it cannot be written for another reason.
 */
export function print(line = ""): void {
  write(`${line}\n`);
}

/** Prints a value as a line of JSON, with terminal control characters escaped, as JSON allows. */
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

/** Writes a text to standard output, like {@linkcode print}. */
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
 * @throws {Deno.errors.BrokenPipe} If the reader has closed the pipe. Other failures are ignored.
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

const PROGRESS_INTERVAL = 30_000; // milliseconds between progress lines in a file or a pipe

/** The output and the clock of a status line. */
export interface ProgressOptions {
  /** Whether the output is a terminal. */
  isTerminal: boolean;
  /** Writes to the output. */
  write(text: string): void;
  /** Returns the time in milliseconds. */
  now(): number;
}

/** A line that shows the progress of a run. */
export interface StatusLine {
  /** Replaces the text; in a file or a pipe, prints it as a line every 30 seconds. */
  show(text: string): void;
  /** Removes the line. */
  clear(): void;
}

/** Creates a status line on standard error; it never throws, because the run matters more. */
export function statusLine(options: Partial<ProgressOptions> = {}): StatusLine {
  const { isTerminal, write, now }: ProgressOptions = {
    isTerminal: Deno.stderr.isTerminal(),
    write(text) {
      try {
        writeAll(Deno.stderr, text);
      } catch { /* standard error is closed */ }
    },
    now: () => performance.now(),
    ...options,
  };
  let last = now();
  let isShown = false;
  return {
    show(text) {
      if (isTerminal) {
        // A line that wraps could not be removed.
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

/** Returns the columns of the terminal; 80 without a terminal. */
export function terminalColumns(): number {
  try {
    return Deno.consoleSize().columns || 80;
  } catch {
    return 80;
  }
}
