/**
 * Locks: who writes a file, or into a folder, while it lives. The system takes a lock from a process
 * that ends, however it ends.
 *
 * @module
 */
import { InputError } from "@unroll/core";
import { attempt } from "./file_errors.ts";
import { resolvePath } from "./paths.ts";

/** The name of the lock in a folder of a checkpoint. */
export const LOCK = "checkpoint.lock";

/** Locks a file: whether that was free; undefined where the file system has no locks. */
export async function tryLock(file: Deno.FsFile): Promise<boolean | undefined> {
  return await file.tryLock(true).catch(() => undefined);
}

/** Whether an open file is the one that a path names now. */
export async function isStillAt(file: Deno.FsFile, path: string): Promise<boolean> {
  const now = await Deno.lstat(path).catch(() => undefined);
  const { dev, ino } = await file.stat();
  return now !== undefined && (ino === null || (now.ino === ino && now.dev === dev));
}

/** Removes a file, unless a living process holds it, or that cannot be found out. */
export async function removeUnheld(path: string): Promise<void> {
  try {
    using file = await Deno.open(path, { write: true });
    if (await tryLock(file)) await Deno.remove(path); // while it is held: nobody takes it meanwhile
  } catch { /* It is gone, or not ours to remove. */ }
}

/** A lock that is held. */
export interface Lock {
  /** Gives it back; a second time does nothing. */
  release(): void;
}

/**
 * Holds a folder for this process alone.
 *
 * @throws {InputError} Where another process holds it.
 */
export async function lockFolder(folder: string): Promise<Lock> {
  const path = `${resolvePath(folder)}/${LOCK}`;
  for (;;) {
    const existing = await Deno.lstat(path).catch(() => undefined);
    if (existing && !existing.isFile) {
      throw new InputError(`${folder}/${LOCK}: is no file of a training; remove it`);
    }
    const file = await attempt(
      folder,
      "written",
      () => Deno.open(path, { write: true, create: true }),
    );
    if (await tryLock(file) === false) {
      file.close();
      throw new InputError(
        `${folder}: another training that still runs saves its checkpoints there; ` +
          "wait for its end, or choose another --checkpoint",
      );
    }
    // A process that just ended may have removed what was opened here.
    if (!await isStillAt(file, path)) {
      file.close();
      continue;
    }
    let isHeld = true;
    return {
      release() {
        if (!isHeld) return;
        isHeld = false;
        try {
          Deno.removeSync(path); // before the lock is given back: the next one makes its own
        } catch { /* The folder is gone, or read-only: the next run takes over what is there. */ }
        file.close();
      },
    };
  }
}
