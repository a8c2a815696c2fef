/**
 * Splits a long text into chunks that can be tokenized one after another.
 *
 * @module
 */

/** Splits a text that arrives in chunks, split anywhere, at token boundaries. */
export interface TextChunker {
  /** Adds the next chunk. */
  push(chunk: string): void;
  /** Emits the remaining text, after the last chunk. */
  end(): void;
}

const MIN_CHUNK = 2 ** 16, MAX_CHUNK = 2 ** 20; // characters

/**
 * Emits chunks whose tokens, in order, are those of the whole text. It splits after a line break,
 * which no token or combining accent crosses; in a line of a million characters, before a space;
 * and in one without spaces, before an ASCII letter.
 *
 * @param emit Called with each chunk.
 * @param least The number of characters to collect before a split. Default: 65,536.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const chunks: string[] = [];
 * const chunker = tokenChunks((chunk) => chunks.push(chunk));
 * chunker.push("to be\nor not ");
 * chunker.push("to be");
 * chunker.end();
 * assertEquals(chunks.join(""), "to be\nor not to be");
 * ```
 */
export function tokenChunks(
  emit: (chunk: string) => void,
  least: number = MIN_CHUNK,
): TextChunker {
  let rest = "";
  return {
    push(chunk) {
      rest += chunk;
      if (rest.length < least) return;
      const cut = cutOf(rest);
      if (cut === 0) return;
      emit(rest.slice(0, cut));
      rest = rest.slice(cut);
    },
    end() {
      if (rest !== "") emit(rest);
      rest = "";
    },
  };
}

/** Returns the index at which a text can be cut; 0 if it cannot be cut yet. */
function cutOf(text: string): number {
  const line = text.lastIndexOf("\n") + 1;
  if (line > 0) return line;
  if (text.length < MAX_CHUNK) return 0;
  const blank = text.lastIndexOf(" ");
  if (blank > 0) return blank;
  for (let i = text.length - 1; i > 0; i--) if (/[A-Za-z]/.test(text[i])) return i;
  return 0;
}
