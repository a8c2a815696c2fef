/**
 * Reads the lines of text that arrives in chunks.
 *
 * @module
 */

/** Reads text in chunks, split anywhere, and calls back with each line. */
export interface LineReader {
  /** Reads a chunk and calls back with each line that it completes. */
  push(chunk: string): void;
  /** Calls back with the last line if the text does not end with a line break. */
  end(): void;
}

/**
 * Creates a reader that splits text into lines at CRLF, LF or CR.
 *
 * @param take Called with each line, including blank ones, and its number from 1.
 */
export function lineReader(take: (text: string, line: number) => void): LineReader {
  let line = 1, rest = "", endsInReturn = false;
  return {
    push(chunk) {
      if (chunk === "") return;
      // The second half of a CRLF that was split between two chunks.
      let start = endsInReturn && chunk[0] === "\n" ? 1 : 0;
      endsInReturn = chunk.endsWith("\r");
      const nextFeed = placesOf("\n", chunk), nextReturn = placesOf("\r", chunk);
      for (;;) {
        const end = Math.min(nextFeed(start), nextReturn(start));
        if (end === Infinity) break;
        const text = rest + chunk.slice(start, end);
        rest = "";
        start = end + (chunk.startsWith("\r\n", end) ? 2 : 1);
        take(text, line++);
      }
      rest += chunk.slice(start);
    },
    end() {
      if (rest !== "") take(rest, line);
      rest = "";
    },
  };
}

/**
 * Returns a function that finds the next index of a substring, or Infinity if there is none. It
 * caches the last result, so that queries in ascending order search the text only once.
 */
export function placesOf(part: string, text: string): (from: number) => number {
  let asked = 0, next = -1; // the substring does not begin between the two
  return (from) => {
    if (from < asked || from > next) {
      asked = from;
      next = text.indexOf(part, from);
      if (next < 0) next = Infinity;
    }
    return next;
  };
}

/** Counts the line breaks of a text: CRLF, LF or CR. */
export function countNewlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  for (let at = text.indexOf("\r"); at >= 0; at = text.indexOf("\r", at + 1)) {
    if (text[at + 1] !== "\n") count++;
  }
  return count;
}
