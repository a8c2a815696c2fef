/**
 * Reads the lines of a file of any size as bytes.
 *
 * @module
 */
import { errorAt } from "./records.ts";

const MAX_LINE = 2 ** 20; // bytes; 10,000 numbers take about a fifth of that
const NEWLINE = 10;

/** Calls `visit` with the bytes of each line, which are valid until it returns. */
export async function visitLines(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
  visit: (bytes: Uint8Array, line: number) => void,
): Promise<void> {
  let pending = new Uint8Array(4096), size = 0; // the bytes of an incomplete line
  let line = 1;
  const head: number[] = []; // the first two bytes of the file
  const take = (chunk: Uint8Array, isEnd: boolean) => {
    requireText(chunk, size + chunk.length, head, name, line);
    let bytes = chunk;
    if (size > 0 || !isEnd) {
      if (size + chunk.length > pending.length) {
        const larger = new Uint8Array(2 * (size + chunk.length));
        larger.set(pending.subarray(0, size));
        pending = larger;
      }
      pending.set(chunk, size);
      size += chunk.length;
      bytes = pending.subarray(0, size);
    }
    if (!isEnd) return;
    const hasMark = line === 1 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    visit(hasMark ? bytes.subarray(3) : bytes, line++);
    size = 0;
  };
  for await (const chunk of chunks) {
    if (head.length < 2) head.push(...chunk.subarray(0, 2 - head.length));
    let start = 0;
    for (let end; (end = chunk.indexOf(NEWLINE, start)) >= 0; start = end + 1) {
      take(chunk.subarray(start, end), true);
    }
    if (start < chunk.length) take(chunk.subarray(start), false);
  }
  if (size > 0) take(new Uint8Array(), true);
}

/** Throws if a line cannot be text: it has a zero byte or more than 1,048,576 bytes. */
function requireText(
  chunk: Uint8Array,
  length: number,
  head: readonly number[],
  name: string,
  line: number,
): void {
  const hasZero = chunk.includes(0);
  if (!hasZero && length <= MAX_LINE) return;
  const packed = PACKED[String(head)];
  if (packed !== undefined) throw errorAt(name, 1, packed);
  if (hasZero) {
    const form = "a zero byte, as in word2vec's or fastText's binary format";
    throw errorAt(name, line, `${form}; convert the file to the text format`);
  }
  throw errorAt(name, line, `a line of more than ${MAX_LINE} bytes; give word vectors as text`);
}

// By the first two bytes of the file.
const PACKED: Readonly<Record<string, string | undefined>> = {
  "31,139": "compressed by gzip; decompress it first, for example with DecompressionStream",
  "80,75": "a .zip file; unpack it and give the text file inside",
};
