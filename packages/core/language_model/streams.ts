/**
 * Documents as streams: pieces of a few steps that follow each other, side by side.
 *
 * @module
 */
import type { Bucket } from "../training/buckets.ts";
import type { EncodedExample } from "../model.ts";

/** How many symbols documents have to be foretold. */
export function symbolsIn(documents: readonly EncodedExample[]): number {
  return documents.reduce((sum, { labels }) => sum + labels.length, 0);
}

/** One piece of each stream: they make a step together. */
export interface StreamBatch extends Bucket {
  /** Whether a document begins with a stream's piece, so that nothing is carried into it. */
  fresh: boolean[];
}

/**
 * Cuts documents into pieces of `timeSteps`, a document's last one shorter, and lays all pieces out
 * in `batchSize` streams as even as can be. Truncated backpropagation through time (Williams and
 * Peng, 1990) goes through the batches in order: the state is carried from a piece to the next of
 * its stream, and gradients stop where a piece begins.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const words = Int32Array.of(1, 2, 3, 4, 5);
 * const [first, second] = cutStreams([{ words, labels: words }], 1, 3);
 * assertEquals([...first.examples[0].words], [1, 2, 3]);
 * assertEquals([...second.examples[0].words], [4, 5]);
 * assertEquals([first.fresh, second.fresh], [[true], [false]]);
 * ```
 */
export function cutStreams(
  documents: readonly EncodedExample[],
  batchSize: number,
  timeSteps: number,
): StreamBatch[] {
  const pieces: { piece: EncodedExample; fresh: boolean }[] = [];
  for (const { words, labels } of documents) {
    for (let start = 0; start < words.length; start += timeSteps) {
      const end = start + timeSteps;
      const piece = { words: words.subarray(start, end), labels: labels.subarray(start, end) };
      pieces.push({ piece, fresh: start === 0 });
    }
  }
  const streams = Math.min(batchSize, pieces.length);
  const length = Math.ceil(pieces.length / streams);
  return Array.from({ length }, (_, t) => {
    const examples: EncodedExample[] = [], fresh: boolean[] = [];
    for (let stream = 0; stream < streams; stream++) {
      const first = Math.floor(pieces.length * stream / streams);
      const end = Math.floor(pieces.length * (stream + 1) / streams);
      const at = first + t;
      examples.push(at < end ? pieces[at].piece : NOTHING);
      fresh.push(t === 0 || at >= end || pieces[at].fresh);
    }
    return { examples, fresh, timeSteps };
  });
}

const NOTHING: EncodedExample = { words: new Int32Array(0), labels: new Int32Array(0) };
