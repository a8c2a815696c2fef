/**
 * Documents as parallel streams of consecutive chunks.
 *
 * @module
 */
import { sequenceOf } from "../sequence.ts";
import type { Bucket, Buckets } from "../training/buckets.ts";
import { type EncodedExample, type EncodedSet, stepsAt, wordsAt } from "../training/encoded.ts";

/** Returns the number of symbols to predict in some documents. */
export function symbolsIn(documents: EncodedSet): number {
  let sum = 0;
  for (let i = 0; i < documents.length; i++) sum += wordsAt(documents, i);
  return sum;
}

/** A batch of one chunk of each stream. */
export interface StreamBatch extends Bucket {
  /** Whether each chunk starts a document, so that no state is carried over into it. */
  resetState: boolean[];
}

/**
 * Cuts documents into chunks of `timeSteps`, a document's last one possibly shorter, and arranges
 * them in `batchSize` streams of nearly equal length. Truncated backpropagation through time
 * (Williams and Peng, 1990) reads the batches in order: the hidden state carries over from one
 * chunk to the next of its stream, and gradients stop at a chunk's start.
 *
 * @param order The documents' order. Default: unchanged.
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
  documents: EncodedSet,
  batchSize: number,
  timeSteps: number,
  order?: ArrayLike<number>,
): Buckets<StreamBatch> {
  const { firsts, places } = chunksOf(documents, timeSteps, order);
  const chunks = firsts[firsts.length - 1];
  const streams = Math.min(batchSize, chunks);
  const startOf = (stream: number) => Math.floor(chunks * stream / streams);
  /** Finds the document and the span of a chunk, by binary search. */
  const find = (chunk: number) => {
    let low = 0, high = places.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (firsts[middle] <= chunk) low = middle;
      else high = middle - 1;
    }
    const from = (chunk - firsts[low]) * timeSteps, document = places[low];
    return { document, from, to: Math.min(from + timeSteps, wordsAt(documents, document)) };
  };
  const eachStream = (t: number, fn: (chunk: number | undefined) => void) => {
    for (let stream = 0; stream < streams; stream++) {
      const at = startOf(stream) + t;
      fn(at < startOf(stream + 1) ? at : undefined);
    }
  };
  const batch = (t: number): StreamBatch => {
    const examples: EncodedExample[] = [], resetState: boolean[] = [];
    eachStream(t, (chunk) => {
      const { document, from, to } = find(chunk ?? 0);
      examples.push(chunk === undefined ? NOTHING : stepsAt(documents, document, from, to));
      resetState.push(t === 0 || chunk === undefined || from === 0);
    });
    return { examples, resetState, timeSteps };
  };
  const sizeAt = (t: number) => {
    let size = 0;
    eachStream(t, (chunk) => {
      if (chunk === undefined) return;
      const { from, to } = find(chunk);
      size += to - from;
    });
    return size;
  };
  const length = Math.ceil(chunks / streams);
  const sizes = Array.from({ length }, (_, t) => sizeAt(t));
  return { ...sequenceOf(length, batch), sizes };
}

/** Returns the indices of documents in an order, and the number of chunks before each. */
function chunksOf(documents: EncodedSet, timeSteps: number, order?: ArrayLike<number>) {
  const places = Uint32Array.from({ length: documents.length }, (_, i) => order?.[i] ?? i);
  const firsts = new Float64Array(places.length + 1);
  for (let i = 0; i < places.length; i++) {
    firsts[i + 1] = firsts[i] + Math.ceil(wordsAt(documents, places[i]) / timeSteps);
  }
  return { places, firsts };
}

const NOTHING: EncodedExample = { words: new Int32Array(0), labels: new Int32Array(0) };
