/**
 * The folder of a checkpoint: its files, its lock, and the paths in a checkpoint's notes.
 *
 * @module
 */
import { type Checkpoint, type Model, readCheckpoint, writeCheckpoint } from "@unroll/core";
import { attempt } from "./file_errors.ts";
import { withFile } from "./files.ts";
import { LOCK, type Lock, lockFolder } from "./lock.ts";
import { joinPath, relativePath, resolvePath, splitPath, userFolder } from "./paths.ts";
import { requireWritable, saveFile } from "./saving.ts";

const CHECKPOINT = "checkpoint.safetensors";

// A folder may be untrusted: a symbolic link in it must not lead to a file outside.
const HERE = { follow: false };

/** Returns the paths of the files that a training run writes to its checkpoint folder. */
export function checkpointFiles(folder: string): string[] {
  return [CHECKPOINT, LOCK].map((name) => `${folder}/${name}`);
}

/**
 * Creates the folder for a checkpoint, and locks it.
 *
 * @throws {InputError} If no checkpoint can be written there.
 */
export async function prepareCheckpoint(folder: string, known?: Lock): Promise<Lock> {
  await attempt(folder, "created", () => Deno.mkdir(resolvePath(folder), { recursive: true }));
  const lock = known ?? await lockFolder(folder);
  try {
    await requireWritable(`${folder}/${CHECKPOINT}`, HERE);
    return lock;
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Writes a checkpoint to its folder. */
export async function saveCheckpoint(
  folder: string,
  checkpoint: Checkpoint,
  notes: unknown,
): Promise<void> {
  await saveFile(`${folder}/${CHECKPOINT}`, writeCheckpoint(checkpoint, notes), HERE);
}

/** Returns the file and the folder of the checkpoint that `--resume` names by either. */
export async function resumedFiles(path: string): Promise<{ file: string; folder: string }> {
  const info = await attempt(path, "read", () => Deno.stat(resolvePath(path)));
  if (info.isDirectory) return { file: `${path}/${CHECKPOINT}`, folder: path };
  return { file: path, folder: splitPath(path).folder };
}

/** Reads a checkpoint and its notes from a file. */
export async function loadCheckpoint(
  file: string,
): Promise<{ checkpoint: Checkpoint<Model>; notes: unknown }> {
  return await withFile(file, (source) => readCheckpoint(source, file));
}

/** Returns the folder that a resumed run writes to; undefined if the file has another name. */
export function folderToResume(
  { file, folder }: { file: string; folder: string },
): string | undefined {
  return splitPath(file).name === CHECKPOINT ? folder : undefined;
}

/** Returns the folder of the checkpoint that is read, if the resumed run also writes to it. */
export async function folderToLock(
  resumed: { file: string; folder: string },
  asked: string | undefined,
): Promise<string | undefined> {
  const folder = folderToResume(resumed);
  if (folder === undefined || asked === undefined) return folder;
  const real = (path: string) => Deno.realPath(resolvePath(path)).catch(() => undefined);
  return await real(folder) === await real(asked) ? folder : undefined;
}

/** Returns the path from a checkpoint folder to the user's folder, for the notes. */
export async function pathToUser(folder: string): Promise<string> {
  return await relativePath(resolvePath(folder), userFolder());
}

/**
 * Returns a path from a checkpoint's notes, relative to the user's current folder. It is stored as
 * typed, relative to the user's folder at that time, which `toUser` leads to from `folder`.
 */
export async function pathFromNotes(
  folder: string,
  toUser: unknown,
  path: string,
): Promise<string> {
  if (typeof toUser !== "string") return path; // earlier versions did not store the folder
  const place = joinPath(folder, toUser);
  const isSame = await Deno.realPath(resolvePath(place)).catch(() => "") ===
    await Deno.realPath(userFolder());
  const other = joinPath(place, path);
  if (isSame || await Deno.stat(resolvePath(other)).catch(() => undefined) === undefined) {
    return path;
  }
  return other;
}
