/**
 * Writes the files of an export next to each other.
 *
 * @module
 */
import { InputError } from "@unroll/core";
import type { ExportedFile } from "@unroll/core/export";
import { resolvePath } from "../files/paths.ts";
import { requireWritable, saveFile } from "../files/saving.ts";

/**
 * Writes files whose names start with `out`, each completely or not at all, once all are writable.
 *
 * @param ending An extension to remove from `out`, such as `.onnx`.
 * @returns The paths of the files.
 * @throws {InputError} If `out` is a folder, or a file cannot be written.
 */
export async function writeFiles(
  out: string,
  ending: string,
  files: readonly ExportedFile[],
): Promise<string[]> {
  const info = await Deno.stat(resolvePath(out)).catch(() => undefined);
  if (info?.isDirectory || /[\\/]$/.test(out)) {
    throw new InputError(`${out}: is a folder; name a file in it`);
  }
  const base = out.endsWith(ending) ? out.slice(0, -ending.length) : out;
  const paths = files.map(({ suffix }) => base + suffix);
  for (const path of paths) await requireWritable(path);
  for (const [i, { content }] of files.entries()) {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    await saveFile(paths[i], bytes);
  }
  return paths;
}
