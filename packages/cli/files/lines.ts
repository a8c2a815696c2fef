/**
 * The lines of standard input.
 *
 * @module
 */
import { createDecoder, InputError, MAX_TEXT_LENGTH, quote } from "@unroll/core";

/**
 * The text in bytes that come in chunks, read as files are.
 *
 * @throws {InputError} Where the bytes are no text, with the line.
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

const MAX_LINE = 2 ** 27; // characters, as many as fit into memory a few times

/**
 * The lines of a text that comes in chunks, as many at a time as have come. Each chunk is looked at
 * once, and of a line that is too long no more is read than shows it.
 *
 * @param name What to call the text in errors.
 * @param maxLength How many characters a line may have.
 * @throws {InputError} For a line longer than any text may be, once those before it were given.
 */
export async function* linesOf(
  chunks: AsyncIterable<string>,
  name: string,
  maxLength: number = MAX_TEXT_LENGTH,
): AsyncGenerator<string[]> {
  let parts: string[] = [], length = 0; // of a line whose end has not come yet
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
          `${most} characters, so cut it into pieces`,
      );
    }
  }
  if (length > 0) yield [whole()];
}
