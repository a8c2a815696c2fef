/**
 * A long text in pieces that can be read one after the other.
 *
 * @module
 */

/** Cuts a text that comes in chunks. */
export interface PieceCutter {
  /** Takes the next chunk, cut anywhere. */
  push(chunk: string): void;
  /** Gives the rest, at the end of the text. */
  end(): void;
}

const MIN_PIECE = 2 ** 16, MAX_PIECE = 2 ** 20; // characters

/**
 * Gives pieces that have, one after the other, the tokens of the whole: cut behind a line end, as no
 * token and no accent goes across it; in a very long line before a blank, and in one without blanks
 * before a letter of ASCII.
 *
 * @param least How many characters to gather before a cut.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const pieces: string[] = [];
 * const cutter = wholePieces((piece) => pieces.push(piece));
 * cutter.push("to be\nor not ");
 * cutter.push("to be");
 * cutter.end();
 * assertEquals(pieces.join(""), "to be\nor not to be");
 * ```
 */
export function wholePieces(
  give: (piece: string) => void,
  least: number = MIN_PIECE,
): PieceCutter {
  let rest = "";
  return {
    push(chunk) {
      rest += chunk;
      if (rest.length < least) return;
      const cut = cutOf(rest);
      if (cut === 0) return;
      give(rest.slice(0, cut));
      rest = rest.slice(cut);
    },
    end() {
      if (rest !== "") give(rest);
      rest = "";
    },
  };
}

/** Where a text can be cut; 0 where it cannot yet. */
function cutOf(text: string): number {
  const line = text.lastIndexOf("\n") + 1;
  if (line > 0) return line;
  if (text.length < MAX_PIECE) return 0;
  const blank = text.lastIndexOf(" ");
  if (blank > 0) return blank;
  for (let i = text.length - 1; i > 0; i--) if (/[A-Za-z]/.test(text[i])) return i;
  return 0;
}
