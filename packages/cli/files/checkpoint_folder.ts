/**
 * The folder of a checkpoint: what is in it, who writes there, and what a checkpoint may say.
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

// A folder may come from a stranger: a link in it must not lead to a file outside.
const HERE = { follow: false };

/** The files that a training writes in the folder of its checkpoint. */
export function checkpointFiles(folder: string): string[] {
  return [CHECKPOINT, LOCK].map((name) => `${folder}/${name}`);
}

/** Makes the folder for a checkpoint, and locks it; throws unless one can be written there. */
export async function prepareCheckpoint(folder: string, known?: Lock): Promise<Lock> {
  await attempt(folder, "made", () => Deno.mkdir(resolvePath(folder), { recursive: true }));
  const lock = known ?? await lockFolder(folder);
  try {
    await requireWritable(`${folder}/${CHECKPOINT}`, HERE);
    return lock;
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Writes a checkpoint into its folder. */
export async function saveCheckpoint(
  folder: string,
  checkpoint: Checkpoint,
  notes: unknown,
): Promise<void> {
  await saveFile(`${folder}/${CHECKPOINT}`, writeCheckpoint(checkpoint, notes), HERE);
}

/** What `--resume` names: a folder with a checkpoint, or its file. */
export async function resumedFiles(path: string): Promise<{ file: string; folder: string }> {
  const info = await attempt(path, "read", () => Deno.stat(resolvePath(path)));
  if (info.isDirectory) return { file: `${path}/${CHECKPOINT}`, folder: path };
  return { file: path, folder: splitPath(path).folder };
}

/** The checkpoint in a file. */
export async function loadCheckpoint(
  file: string,
): Promise<{ checkpoint: Checkpoint<Model>; notes: unknown }> {
  return await withFile(file, (source) => readCheckpoint(source, file));
}

/** The folder that `--resume` goes on to write to; none for a file of another name. */
export function folderToResume(
  { file, folder }: { file: string; folder: string },
): string | undefined {
  return splitPath(file).name === CHECKPOINT ? folder : undefined;
}

/** The folder of the checkpoint that is read, where the run goes on to write to it. */
export async function folderToLock(
  resumed: { file: string; folder: string },
  asked: string | undefined,
): Promise<string | undefined> {
  const folder = folderToResume(resumed);
  if (folder === undefined || asked === undefined) return folder;
  const real = (path: string) => Deno.realPath(resolvePath(path)).catch(() => undefined);
  return await real(folder) === await real(asked) ? folder : undefined;
}

/** The path from the folder of a checkpoint to where the user is, for the notes. */
export async function pathToUser(folder: string): Promise<string> {
  return await relativePath(resolvePath(folder), userFolder());
}

/**
 * A path in the notes of a checkpoint, from where the user is now: it was typed where the user was
 * then, which the folder and the path from there give.
 */
export async function pathFromNotes(
  folder: string,
  toUser: unknown,
  path: string,
): Promise<string> {
  if (typeof toUser !== "string") return path; // of an earlier version: from where the user is
  const place = joinPath(folder, toUser);
  const isSame = await Deno.realPath(resolvePath(place)).catch(() => "") ===
    await Deno.realPath(userFolder());
  const other = joinPath(place, path);
  if (isSame || await Deno.stat(resolvePath(other)).catch(() => undefined) === undefined) {
    return path;
  }
  return other;
}
