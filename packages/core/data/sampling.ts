/**
 * Records whose columns are chosen by what the first of them hold.
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

/** Items that become records as soon as the columns are known. */
export interface Sampling<T> {
  /** Takes the next item. */
  add(item: T): void;
  /** The records since the last call. */
  take(): DataRecord[];
  /** The last records, where there are no more items. */
  end(): DataRecord[];
}

/**
 * Keeps items until the columns are chosen.
 *
 * @param sampleOf The sample that the first items make.
 * @param recordOf The record of an item, or none for one that was reported.
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
 * A reader whose records come of lines.
 *
 * @param finish Called after the last line, where a record may still be open.
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
