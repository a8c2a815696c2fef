/**
 * Writes files atomically, and saves models elsewhere if a file cannot be written.
 *
 * @module
 */
import { InputError, type Model, writeModel } from "@unroll/core";
import { attempt } from "./file_errors.ts";
import { isStillAt, removeUnheld, tryLock } from "./lock.ts";
import { followLinks, resolvePath, splitPath } from "./paths.ts";

/** How a file is written. */
export interface SaveOptions {
  /** Whether to follow a symbolic link instead of replacing it. Default: true. */
  follow?: boolean;
}

/**
 * Checks that a file can be written, before hours of training instead of after. Removes temporary
 * files that a killed run has left next to it.
 *
 * @throws {InputError} If it cannot be written; a {@linkcode FileError} if the disk fails.
 */
export async function requireWritable(
  path: string,
  { follow = true }: SaveOptions = {},
): Promise<void> {
  await attempt(path, "written", async () => {
    const target = await targetOf(path, follow);
    const existing = await statOf(target, follow);
    if (existing?.isDirectory) throw new InputError(`${path}: is a folder; name a file in it`);
    if (isStream(existing)) {
      // A pipe is not opened before there is something to write, or its reader would wait.
      if (existing!.isCharDevice) (await Deno.open(target, { write: true })).close();
      return;
    }
    if (existing && !existing.isFile && !existing.isSymlink) {
      throw new InputError(`${path}: is neither a file nor a pipe; name a file`);
    }
    await removeLeftovers(target);
    const { file, temporary } = await createTemporary(target);
    file.close();
    await Deno.remove(temporary);
    temporaries.delete(temporary);
  });
}

/** Writes a file like {@linkcode saveParts}, from bytes in memory. */
export async function saveFile(
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
  options: SaveOptions = {},
): Promise<void> {
  await saveParts(path, (write) => write(bytes), options);
}

/**
 * Writes a file atomically: at every moment it is either the complete old file or the complete new
 * one. Keeps its mode, and its owner if possible. Pipes and devices are written to directly.
 *
 * @param fn Writes the parts in order; if it throws, the old file stays.
 */
export async function saveParts<T>(
  path: string,
  fn: (write: (bytes: Uint8Array) => Promise<void>) => Promise<T>,
  { follow = true }: SaveOptions = {},
): Promise<T> {
  // Only errors of writing this file name its path, not those that `fn` throws itself.
  const to = (file: Deno.FsFile) => (bytes: Uint8Array) =>
    attempt(path, "written", () => writeAll(file, bytes));
  const opened = await attempt(path, "written", async () => {
    const target = await targetOf(path, follow);
    const existing = await statOf(target, follow);
    if (isStream(existing)) return { file: await Deno.open(target, { write: true }) };
    const kept = existing?.isFile ? existing : undefined;
    return { ...await createTemporary(target, kept), target };
  });
  if (!("target" in opened)) {
    using file = opened.file;
    return await fn(to(file));
  }
  const { file, temporary, target } = opened;
  try {
    const result = await fn(to(file));
    await attempt(path, "written", async () => {
      await file.sync();
      await Deno.rename(temporary, target);
    });
    return result;
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw error;
  } finally {
    temporaries.delete(temporary);
    file.close();
  }
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
}

/** Writes a model to a file. */
export async function saveModel(
  path: string,
  model: Model,
  options: SaveOptions = {},
): Promise<void> {
  await saveFile(path, writeModel(model), options);
}

/**
 * Writes a model that cannot be written to its path to a new file elsewhere: in the user's folder,
 * in `other`, in the folder of its path, or in the system's folder for temporary files.
 *
 * @returns The path of the new file; undefined if no file could be written.
 */
export async function rescueModel(
  path: string,
  model: Model,
  other?: string,
): Promise<string | undefined> {
  const bytes = writeModel(model);
  const name = `model-${crypto.randomUUID().slice(0, 8)}.safetensors`;
  const folders = new Set([".", other ?? ".", splitPath(path).folder]);
  for (const folder of folders) {
    const file = folder === "." ? name : `${folder}/${name}`;
    if (await saveFile(file, bytes).then(() => true, () => false)) return file;
  }
  const file = await Deno.makeTempFile({ suffix: ".safetensors" }).catch(() => undefined);
  if (file === undefined) return undefined;
  if (await saveFile(file, bytes).then(() => true, () => false)) return file;
  await Deno.remove(file).catch(() => {});
  return undefined;
}

async function targetOf(path: string, follow: boolean): Promise<string> {
  const resolved = resolvePath(path);
  // Links in /dev lead to files without a path, such as pipes.
  const existing = follow ? await Deno.stat(resolved).catch(() => undefined) : undefined;
  return follow && !isStream(existing) ? await followLinks(resolved) : resolved;
}

async function statOf(path: string, follow: boolean): Promise<Deno.FileInfo | undefined> {
  return await (follow ? Deno.stat(path) : Deno.lstat(path)).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
}

function isStream(info: Deno.FileInfo | undefined): boolean {
  return info !== undefined && Boolean(info.isFifo || info.isCharDevice);
}

const temporaries = new Set<string>(); // paths that this process is writing

/** Removes unfinished temporary files synchronously, just before an exit. */
export function removeTemporaries(): void {
  for (const path of temporaries) {
    try {
      Deno.removeSync(path);
    } catch { /* The file is complete and was renamed. */ }
  }
}

/** Creates a locked temporary file next to `target`, with the mode of the existing file. */
async function createTemporary(
  target: string,
  kept?: Deno.FileInfo,
): Promise<{ file: Deno.FsFile; temporary: string }> {
  const mode = kept?.mode == null ? undefined : kept.mode & 0o7777;
  for (;;) {
    const temporary = `${target}.${crypto.randomUUID()}.tmp`;
    // Even for a moment, nobody else may read a file that only its owner may read.
    const file = await Deno.open(temporary, {
      write: true,
      createNew: true,
      mode: mode === undefined ? undefined : mode & 0o777,
    });
    temporaries.add(temporary);
    // A process that cleans up may have removed the file before it was locked.
    if (await tryLock(file) !== false && await isStillAt(file, temporary)) {
      if (mode !== undefined && Deno.build.os !== "windows") {
        await keepOwner(temporary, kept!, mode);
      }
      return { file, temporary };
    }
    temporaries.delete(temporary);
    file.close();
  }
}

/** Gives a file the owner and the mode of another file, as far as permissions allow. */
async function keepOwner(path: string, kept: Deno.FileInfo, mode: number): Promise<void> {
  const { uid, gid } = await Deno.lstat(path);
  if (kept.uid !== uid || kept.gid !== gid) {
    await Deno.chown(path, kept.uid, kept.gid).catch(() => {});
  }
  await Deno.chmod(path, mode).catch(() => {});
}

const LEFTOVER = /^\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/;

/** Removes the temporary files next to `target` that no running process holds. */
async function removeLeftovers(target: string): Promise<void> {
  const { folder, name } = splitPath(target);
  const found: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    const isOurs = entry.name.startsWith(name) && LEFTOVER.test(entry.name.slice(name.length));
    if (entry.isFile && isOurs) found.push(`${folder}/${entry.name}`);
  }
  for (const path of found) await removeUnheld(path);
}
