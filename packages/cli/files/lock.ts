/**
 * Locks on files and folders that a running process writes. The system releases a process's locks
 * when it ends, however it ends.
 *
 * @module
 */
import { InputError } from "@unroll/core";
import { attempt } from "./file_errors.ts";
import { resolvePath } from "./paths.ts";

/** The name of the lock file in a checkpoint folder. */
export const LOCK = "checkpoint.lock";

/** Locks a file. Returns whether it was free; undefined if the file system has no locks. */
export async function tryLock(file: Deno.FsFile): Promise<boolean | undefined> {
  return await file.tryLock(true).catch(() => undefined);
}

/** Returns whether `path` still names an open file. */
export async function isStillAt(file: Deno.FsFile, path: string): Promise<boolean> {
  const now = await Deno.lstat(path).catch(() => undefined);
  const { dev, ino } = await file.stat();
  return now !== undefined && (ino === null || (now.ino === ino && now.dev === dev));
}

/** Removes a file unless a running process holds it, or this cannot be determined. */
export async function removeUnheld(path: string): Promise<void> {
  try {
    using file = await Deno.open(path, { write: true });
    if (await tryLock(file)) await Deno.remove(path); // under the lock, so nobody else can take it
  } catch { /* The file is gone, or may not be removed. */ }
}

/** A lock held by this process. */
export interface Lock {
  /** Releases the lock; a second call does nothing. */
  release(): void;
}

/**
 * Locks a folder for this process.
 *
 * @throws {InputError} If another process holds the lock.
 */
export async function lockFolder(folder: string): Promise<Lock> {
  const path = `${resolvePath(folder)}/${LOCK}`;
  for (;;) {
    const existing = await Deno.lstat(path).catch(() => undefined);
    if (existing && !existing.isFile) {
      throw new InputError(`${folder}/${LOCK}: is not the lock file of a training run; remove it`);
    }
    const file = await attempt(
      folder,
      "written",
      () => Deno.open(path, { write: true, create: true }),
    );
    if (await tryLock(file) === false) {
      file.close();
      throw new InputError(
        `${folder}: another training run is saving its checkpoints there; ` +
          "wait until it ends, or choose another --checkpoint",
      );
    }
    // A process that just ended may have removed the file that was opened here.
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
          Deno.removeSync(path); // before the lock is released: the next run creates its own file
        } catch { /* The folder is gone or read-only: the next run reuses the file. */ }
        file.close();
      },
    };
  }
}
