import type { DataRecord, RecordReader } from "../../../packages/core/data/records.ts";
import { assertEquals } from "@std/assert";

/** Returns each record's values of `keys` and its line; throws if chunk boundaries change them. */
export function valuesOf(
  open: () => RecordReader,
  content: string,
  keys: readonly string[],
): unknown[][] {
  const rowsOf = (chunks: readonly string[]) => {
    const reader = open();
    const records: DataRecord[] = chunks.flatMap((chunk) => reader.push(chunk));
    records.push(...reader.end());
    return records.map((record) => [...keys.map((key) => record.get(key)), record.line]);
  };
  const whole = rowsOf([content]);
  assertEquals(rowsOf([...content]), whole, "each character alone");
  for (let at = 0; at <= content.length; at++) {
    const message = `split at ${at}`;
    assertEquals(rowsOf([content.slice(0, at), "", content.slice(at)]), whole, message);
  }
  return whole;
}

/** Reads a whole content: returns the texts of its records and the reported errors. */
export function reported(
  open: (report: (error: Error, line: number) => void) => RecordReader,
  content: string,
): { texts: unknown[]; errors: string[] } {
  const errors: string[] = [];
  const reader = open(({ message }) => errors.push(message));
  const records = [...reader.push(content), ...reader.end()];
  return { texts: records.map((record) => record.get("text")), errors };
}
