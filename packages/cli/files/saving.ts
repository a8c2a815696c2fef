/**
 * Files out: whole at every moment, and what to do where one cannot be written.
 *
 * @module
 */
import { InputError, type Model, writeModel } from "@unroll/core";
import { attempt } from "./file_errors.ts";
import { isStillAt, removeUnheld, tryLock } from "./lock.ts";
import { followLinks, resolvePath, splitPath } from "./paths.ts";

/** How a file is written. */
export interface SaveOptions {
  /** Whether a symbolic link is followed, or else replaced. Default: it is followed. */
  follow?: boolean;
}

/**
 * Throws unless a file can be written there: to be asked before hours of training, not after.
 * Removes what a run that was killed has left beside it.
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
      // A pipe is not opened before there is something to write: its reader would wait.
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

/** Writes a file as {@linkcode saveParts} does, from bytes that are all there. */
export async function saveFile(
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
  options: SaveOptions = {},
): Promise<void> {
  await saveParts(path, (write) => write(bytes), options);
}

/**
 * Writes a file so that it is, at every moment, the old one whole or the new one whole. Its mode is
 * kept, and its owner where that can be; what is no regular file, such as a pipe, is written to.
 *
 * @param fn Writes the parts, one after the other; where it throws, the old file stays.
 */
export async function saveParts<T>(
  path: string,
  fn: (write: (bytes: Uint8Array) => Promise<void>) => Promise<T>,
  { follow = true }: SaveOptions = {},
): Promise<T> {
  // What goes wrong elsewhere than with this file is not of its path.
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

/** Writes a model. */
export async function saveModel(
  path: string,
  model: Model,
  options: SaveOptions = {},
): Promise<void> {
  await saveFile(path, writeModel(model), options);
}

/**
 * Writes a model that cannot be written where it should be to a new file somewhere else: in the
 * user's folder, in another one, beside, or in that for temporary files.
 *
 * @returns Where it is, if anywhere.
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
  // The links of /dev lead to what has no path: to a pipe, say.
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

const temporaries = new Set<string>(); // those that this process is writing

/** Removes what is half written, at once: for the moment before an exit. */
export function removeTemporaries(): void {
  for (const path of temporaries) {
    try {
      Deno.removeSync(path);
    } catch { /* It is whole, and has its name. */ }
  }
}

/** A new file beside another, which a living process holds by a lock, with the other's mode. */
async function createTemporary(
  target: string,
  kept?: Deno.FileInfo,
): Promise<{ file: Deno.FsFile; temporary: string }> {
  const mode = kept?.mode == null ? undefined : kept.mode & 0o7777;
  for (;;) {
    const temporary = `${target}.${crypto.randomUUID()}.tmp`;
    // Nobody else may read, even for a moment, what only its owner may.
    const file = await Deno.open(temporary, {
      write: true,
      createNew: true,
      mode: mode === undefined ? undefined : mode & 0o777,
    });
    temporaries.add(temporary);
    // One that cleans up may have come between.
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

/** Gives a file the owner and the mode of another, as far as this process may. */
async function keepOwner(path: string, kept: Deno.FileInfo, mode: number): Promise<void> {
  const { uid, gid } = await Deno.lstat(path);
  if (kept.uid !== uid || kept.gid !== gid) {
    await Deno.chown(path, kept.uid, kept.gid).catch(() => {});
  }
  await Deno.chmod(path, mode).catch(() => {});
}

const LEFTOVER = /^\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/;

/** Removes the temporary files beside a file that no living process holds. */
async function removeLeftovers(target: string): Promise<void> {
  const { folder, name } = splitPath(target);
  const found: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    const isOurs = entry.name.startsWith(name) && LEFTOVER.test(entry.name.slice(name.length));
    if (entry.isFile && isOurs) found.push(`${folder}/${entry.name}`);
  }
  for (const path of found) await removeUnheld(path);
}
