/**
 * Chooses the columns of records from the contents of the first ones.
 *
 * @module
 */
import type { LineReader } from "./lines.ts";
import {
  type Column,
  type Columns,
  type DataRecord,
  type RecordReader,
  type Sample,
  SAMPLE_SIZE,
} from "./records.ts";

/** Turns items into records once the columns are known. */
export interface Sampling<T> {
  /** Adds the next item. */
  add(item: T): void;
  /** Returns the records completed since the last call. */
  take(): DataRecord[];
  /** Returns the last records, once all items are added. */
  end(): DataRecord[];
}

/**
 * Holds items back until the columns are chosen, from at most {@linkcode SAMPLE_SIZE} items.
 *
 * @param sampleOf Builds a sample from the first items.
 * @param recordOf Builds the record of an item; returns undefined if it reported the item.
 */
export function sampling<T>(
  columns: Columns,
  sampleOf: (items: readonly T[]) => Sample,
  recordOf: (item: T, wanted: readonly Column[]) => DataRecord | undefined,
): Sampling<T> {
  let wanted = typeof columns === "function" ? undefined : columns;
  let waiting: T[] = [], ready: DataRecord[] = [];
  const make = (item: T) => {
    const record = recordOf(item, wanted!);
    if (record) ready.push(record);
  };
  const choose = () => {
    if (typeof columns === "function") wanted = columns(sampleOf(waiting));
    waiting.forEach(make);
    waiting = [];
  };
  const take = () => {
    const records = ready;
    ready = [];
    return records;
  };
  return {
    add(item) {
      if (wanted) make(item);
      else if (waiting.push(item) === SAMPLE_SIZE) choose();
    },
    take,
    end() {
      if (!wanted) choose();
      return take();
    },
  };
}

/**
 * Creates a record reader from a line reader.
 *
 * @param finish Called after the last line, to complete a record that is still open.
 */
export function lineRecords<T>(
  lines: LineReader,
  records: Sampling<T>,
  finish?: () => void,
): RecordReader {
  return {
    push(chunk) {
      lines.push(chunk);
      return records.take();
    },
    end() {
      lines.end();
      finish?.();
      return records.end();
    },
  };
}
