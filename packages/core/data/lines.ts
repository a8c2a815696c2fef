/**
 * Lines of text that comes in chunks.
 *
 * @module
 */

/** Takes text in chunks, cut anywhere, and calls back with each line. */
export interface LineReader {
  /** The lines that end in this chunk. */
  push(chunk: string): void;
  /** The last line, if the text does not end with a newline. */
  end(): void;
}

/**
 * Cuts text into lines at CRLF, LF or CR.
 *
 * @param take What to do with a line, blank ones too, and its number from 1.
 */
export function lineReader(take: (text: string, line: number) => void): LineReader {
  let line = 1, rest = "", endsInReturn = false;
  return {
    push(chunk) {
      if (chunk === "") return;
      // The second half of a newline that the chunks cut in two.
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
 * Finds the next place of a part in a text, Infinity where there is none. The last one found is
 * kept, so that a text is looked through once where places are asked for from front to back.
 */
export function placesOf(part: string, text: string): (from: number) => number {
  let asked = 0, next = -1; // there is none between
  return (from) => {
    if (from < asked || from > next) {
      asked = from;
      next = text.indexOf(part, from);
      if (next < 0) next = Infinity;
    }
    return next;
  };
}

/** How many newlines a text has, be they CRLF, LF or CR. */
export function countNewlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  for (let at = text.indexOf("\r"); at >= 0; at = text.indexOf("\r", at + 1)) {
    if (text[at + 1] !== "\n") count++;
  }
  return count;
}
