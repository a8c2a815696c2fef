/**
 * The lines of standard input.
 *
 * @module
 */
import { createDecoder, InputError, MAX_TEXT_LENGTH, quote } from "@unroll/core";

/**
 * Decodes chunks of bytes into text, in the same way as files.
 *
 * @throws {InputError} If the bytes are not text; the message has the line.
 */
export async function* decoded(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
  encoding?: string,
): AsyncGenerator<string> {
  const decoder = createDecoder(name, encoding);
  for await (const chunk of chunks) yield decoder.push(chunk);
  yield decoder.end();
}

const MAX_LINE = 2 ** 27; // characters, so that a few copies fit into memory

/**
 * Splits chunks of text into lines, and yields the complete lines of each chunk. Each chunk is
 * scanned once, and a line that is too long is read only until that is known.
 *
 * @param name The name of the text in errors.
 * @param maxLength Maximum number of characters of a line.
 * @throws {InputError} If a line is too long; the lines before it are yielded first.
 */
export async function* linesOf(
  chunks: AsyncIterable<string>,
  name: string,
  maxLength: number = MAX_TEXT_LENGTH,
): AsyncGenerator<string[]> {
  let parts: string[] = [], length = 0; // of a line whose end has not been read yet
  let count = 0;
  const most = Math.min(maxLength, MAX_LINE);
  const append = (part: string) => {
    parts.push(part);
    length += part.length;
  };
  const whole = () => {
    const line = parts.join("");
    [parts, length] = [[], 0];
    count++;
    return line;
  };
  for await (const chunk of chunks) {
    const segments = chunk.split("\n");
    const lines: string[] = [];
    for (const [i, segment] of segments.entries()) {
      append(segment);
      if (length > most + 1) break; // one more for a carriage return
      if (i < segments.length - 1) lines.push(whole().replace(/\r$/, ""));
    }
    if (lines.length > 0) yield lines;
    if (length > most + 1) {
      throw new InputError(
        `${name}:${count + 1}: the text ${quote(parts.join(""))} has more than ` +
          `${most} characters; split it`,
      );
    }
  }
  if (length > 0) yield [whole()];
}
