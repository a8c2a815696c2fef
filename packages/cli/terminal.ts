/**
 * What a terminal shows: tables, and a line that tells how far training is.
 *
 * @module
 */

/** A share as a percentage: 0.9876 is "98.8%"; "-" where it is none. */
export function percent(share: number): string {
  return Number.isNaN(share) ? "-" : `${(100 * share).toFixed(1)}%`;
}

/** A word as a line begins with it. */
export function capital(word: string): string {
  return word[0].toUpperCase() + word.slice(1);
}

/** A text on one line, with nothing in it that a terminal would obey. */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    // The joiner within emoji is left alone.
    (c) => c === "\u200d" ? c : `\\u${c.codePointAt(0)!.toString(16).padStart(4, "0")}`,
  );
}

/** Rows as lines with aligned columns; those named in `left` begin at their left. */
export function table(rows: string[][], left: readonly number[]): string[] {
  const widths = rows[0].map((_, j) =>
    rows.reduce((most, row) => Math.max(most, row[j].length), 0)
  );
  return rows.map((row) =>
    row.map((cell, j) => left.includes(j) ? cell.padEnd(widths[j]) : cell.padStart(widths[j]))
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

/** A line on standard error that is written over and over; silent where that is no terminal. */
export class StatusLine {
  readonly #encoder = new TextEncoder();
  readonly #shown = Deno.stderr.isTerminal();

  /** Shows a text in place of the last. */
  show(text: string): void {
    if (this.#shown) Deno.stderr.writeSync(this.#encoder.encode(`\r\x1b[K${text}`));
  }

  /** Takes it away. */
  clear(): void {
    this.show("");
  }
}
