/**
 * Small user data as a part of a link: deflated, in base64url.
 *
 * @module
 */
import { type Example, splitUsable } from "@unroll/core/texts";
import type { DataSource } from "../data_protocol.ts";
import type { DataSet } from "../sets/sets.ts";
import { taskNamed } from "../tasks/tasks.ts";

/** Data, and the name of its task. */
export interface LinkData {
  task: string;
  own: DataSet & DataSource;
}

/** The packed form of data; `isWhole` is 1 or 0. */
type Packed = [version: 1, task: string, name: string, isWhole: number, rows: Example[] | Row[]];
type Row = [text: string, label: string];

const MOST_CHARACTERS = 2 ** 18; // of texts that may fit into a link when compressed
const MOST_BYTES = 2 ** 21; // the limit of unpacked data, as a link can come from anyone

/** Packs data as text for a link; undefined if it is far too large. */
export async function packData({ task, own }: LinkData): Promise<string | undefined> {
  let size = 0;
  for (const { text, label = "" } of own.train) {
    size += text.length + label.length;
    if (size > MOST_CHARACTERS) return undefined;
  }
  const rows = own.train.map(({ text, label = "" }): Row => [text, label]);
  const packed: Packed = [1, task, nameOf(own), Number(own.isWhole ?? false), rows];
  const stream = new Blob([JSON.stringify(packed)]).stream()
    .pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/**
 * Unpacks the data in a link.
 *
 * @throws If the text is not packed data, or a row cannot be learned.
 */
export async function unpackData(packed: string): Promise<LinkData> {
  const text = atob(packed.replaceAll("-", "+").replaceAll("_", "/"));
  const deflated = Uint8Array.from(text, (character) => character.charCodeAt(0));
  const stream = new Blob([deflated]).stream()
    .pipeThrough(new DecompressionStream("deflate-raw"));
  const [version, task, name, isWhole, rows] = JSON.parse(await textOf(stream)) as Packed;
  if (version !== 1 || !rows.every(isRow) || typeof name !== "string") throw new Error("no data");
  const train = (rows as Row[]).map(([text, label]): Example => ({ text, label }));
  const { models, isPerWord, data } = taskNamed(task);
  const usable = isPerWord || data === "texts"
    ? train
    : splitUsable({ task: models }, train).usable;
  if (usable.length === 0 || usable.length < train.length) throw new Error("no data to learn");
  // There is no file of these data: the page offers one to save, and the command names it.
  return { task, own: { train, test: [], name, isWhole: isWhole === 1, isPasted: true } };
}

/** Returns the name of the file that the page saves the data as. */
function nameOf({ name, isWhole }: DataSource): string {
  return `${name.replace(/^.*[/\\]/, "").replace(/\.\w+$/, "")}.${isWhole ? "txt" : "csv"}`;
}

function isRow(row: unknown): row is Row {
  return Array.isArray(row) && row.length === 2 && row.every((part) => typeof part === "string");
}

async function textOf(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "", size = 0;
  for (const reader = stream.getReader();;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    if (size > MOST_BYTES) {
      await reader.cancel();
      throw new Error("too much data");
    }
    text += decoder.decode(value, { stream: true });
  }
}
