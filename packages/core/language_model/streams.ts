/**
 * Documents as streams: chunks of a few steps that follow each other, side by side.
 *
 * @module
 */
import type { Bucket, EncodedExample } from "../training/buckets.ts";

/** How many symbols of documents are to be predicted. */
export function symbolsIn(documents: readonly EncodedExample[]): number {
  return documents.reduce((sum, { labels }) => sum + labels.length, 0);
}

/** One chunk of each stream: they make a step together. */
export interface StreamBatch extends Bucket {
  /** Whether a document begins with a stream's chunk, so that no state is carried into it. */
  resetState: boolean[];
}

/**
 * Cuts documents into chunks of `timeSteps`, a document's last one shorter, and lays all chunks out
 * in `batchSize` streams as even as can be. Truncated backpropagation through time (Williams and
 * Peng, 1990) goes through the batches in order: the state is carried from a chunk to the next of
 * its stream, and gradients stop where a chunk begins.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const words = Int32Array.of(1, 2, 3, 4, 5);
 * const [first, second] = cutStreams([{ words, labels: words }], 1, 3);
 * assertEquals([...first.examples[0].words], [1, 2, 3]);
 * assertEquals([...second.examples[0].words], [4, 5]);
 * assertEquals([first.resetState, second.resetState], [[true], [false]]);
 * ```
 */
export function cutStreams(
  documents: readonly EncodedExample[],
  batchSize: number,
  timeSteps: number,
): StreamBatch[] {
  const chunks: { chunk: EncodedExample; resetState: boolean }[] = [];
  for (const { words, labels } of documents) {
    for (let start = 0; start < words.length; start += timeSteps) {
      const end = start + timeSteps;
      const chunk = { words: words.subarray(start, end), labels: labels.subarray(start, end) };
      chunks.push({ chunk, resetState: start === 0 });
    }
  }
  const streams = Math.min(batchSize, chunks.length);
  const length = Math.ceil(chunks.length / streams);
  return Array.from({ length }, (_, t) => {
    const examples: EncodedExample[] = [], resetState: boolean[] = [];
    for (let stream = 0; stream < streams; stream++) {
      const first = Math.floor(chunks.length * stream / streams);
      const end = Math.floor(chunks.length * (stream + 1) / streams);
      const at = first + t;
      examples.push(at < end ? chunks[at].chunk : NOTHING);
      resetState.push(t === 0 || at >= end || chunks[at].resetState);
    }
    return { examples, resetState, timeSteps };
  });
}

const NOTHING: EncodedExample = { words: new Int32Array(0), labels: new Int32Array(0) };
