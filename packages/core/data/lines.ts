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
  const newline = /\r\n|\r|\n/g;
  let line = 1, rest = "", endsInReturn = false;
  return {
    push(chunk) {
      if (chunk === "") return;
      // The second half of a newline that the chunks cut in two.
      let start = endsInReturn && chunk[0] === "\n" ? 1 : 0;
      endsInReturn = chunk.endsWith("\r");
      newline.lastIndex = start;
      for (let found = newline.exec(chunk); found; found = newline.exec(chunk)) {
        const text = rest + chunk.slice(start, found.index);
        rest = "";
        start = newline.lastIndex;
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
