/**
 * Files dropped on the page, including those in a dropped folder.
 *
 * @module
 */
import { formatByName } from "@unroll/core/texts";
import type { NamedBlob } from "./data_protocol.ts";

/** Pairs files with their names. */
export function namedFiles(files: Iterable<File>): NamedBlob[] {
  return Array.from(files, (source) => ({ source, name: source.name }));
}

/** Returns the dropped files; of a folder, its data files, or else its texts, sorted by name. */
export async function droppedFiles({ items, files }: DataTransfer): Promise<NamedBlob[]> {
  const all = namedFiles(files); // read at once: after this event the list is empty
  const entries = Array.from(items, (item) => item.webkitGetAsEntry?.());
  if (!entries.some((entry) => entry?.isDirectory)) return all;
  const found = await Promise.all(entries.map((entry) => entry ? filesIn(entry) : []));
  return found.flat();
}

async function filesIn(entry: FileSystemEntry): Promise<NamedBlob[]> {
  if (!entry.isDirectory) return [await fileOf(entry as FileSystemFileEntry, entry.name)];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const inside: FileSystemEntry[] = [];
  for (let more = [entry]; more.length > 0;) { // `readEntries` returns a batch at a time
    more = await new Promise((done, fail) => reader.readEntries(done, fail));
    inside.push(...more);
  }
  const own = inside.filter(({ name, isFile }) => isFile && !name.startsWith("."));
  const data = own.filter(({ name }) => formatByName(name) !== undefined);
  const texts = own.filter(({ name }) => /\.txt$/i.test(name));
  const chosen = (data.length > 0 ? data : texts).sort((a, b) => a.name < b.name ? -1 : 1);
  return await Promise.all(
    chosen.map((file) => fileOf(file as FileSystemFileEntry, `${entry.name}/${file.name}`)),
  );
}

async function fileOf(entry: FileSystemFileEntry, name: string): Promise<NamedBlob> {
  const source = await new Promise<File>((done, fail) => entry.file(done, fail));
  return { source, name };
}
