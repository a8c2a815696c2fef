/**
 * Paths of files: relative to the user's folder, and whether two paths name the same file.
 *
 * @module
 */
import { InputError } from "@unroll/core";

const SEPARATOR = Deno.build.os === "windows" ? /[\\/]/ : /\//;
const ABSOLUTE = Deno.build.os === "windows" ? /^([a-z]:[\\/]|[\\/])/i : /^\//;
const MAX_LINKS = 40; // the limit of Linux

/** The path that stands for standard input, also its name in messages. */
export const INPUT = "standard input";

/**
 * Returns the user's current folder. `deno task` runs in the root of the repository, whatever
 * folder it was called in, and stores that folder in INIT_CWD.
 */
export function userFolder(): string {
  const here = Deno.cwd();
  const root = new URL("../../../", import.meta.url);
  if (root.protocol !== "file:") return here; // not a checkout, so not one of our tasks
  const query = { name: "env", variable: "INIT_CWD" } as const;
  if (Deno.permissions.querySync(query).state !== "granted") return here;
  const folder = Deno.env.get("INIT_CWD");
  return folder && Deno.realPathSync(root) === Deno.realPathSync(here) ? folder : here;
}

/** Resolves a typed path, from the user's folder to the current folder of this process. */
export function resolvePath(path: string): string {
  if (ABSOLUTE.test(path)) return path;
  const folder = userFolder();
  return folder === Deno.cwd() ? path : joinPath(folder, path);
}

/** Joins a folder and a path; returns an absolute path unchanged. */
export function joinPath(folder: string, path: string): string {
  if (ABSOLUTE.test(path) || folder === "") return path;
  return SEPARATOR.test(folder.slice(-1)) ? `${folder}${path}` : `${folder}/${path}`;
}

/** Splits a path into the folder and the file's name. */
export function splitPath(path: string): { folder: string; name: string } {
  const name = path.split(SEPARATOR).at(-1)!;
  const folder = path.slice(0, path.length - name.length);
  return { folder: folder.length > 1 ? folder.slice(0, -1) : folder || ".", name };
}

/** Returns the relative path from one existing folder to another: `..` from `run` to its parent. */
export async function relativePath(from: string, to: string): Promise<string> {
  const target = await Deno.realPath(to);
  const steps = (await Deno.realPath(from)).split(SEPARATOR).filter(Boolean);
  const parts = target.split(SEPARATOR).filter(Boolean);
  let shared = 0;
  while (shared < steps.length && steps[shared] === parts[shared]) shared++;
  if (shared === 0 && Deno.build.os === "windows") return target; // another drive
  return [...steps.slice(shared).map(() => ".."), ...parts.slice(shared)].join("/") || ".";
}

/** Resolves all symbolic links of a path, even if the file does not exist yet. */
export async function followLinks(path: string): Promise<string> {
  let target = path;
  for (let links = 0; links < MAX_LINKS; links++) {
    const info = await Deno.lstat(target).catch(() => undefined);
    if (!info?.isSymlink) return target;
    target = joinPath(splitPath(target).folder, await Deno.readLink(target));
  }
  throw new InputError(`${path}: is a symbolic link that leads to itself; choose another path`);
}

/** A file that a command reads or writes. */
export interface FileUse {
  /** The flag that names the file. */
  flag: string;
  /** The path, as the user typed it. */
  path: string;
  /** For an input file, a predicate that says what it holds, such as "holds the model". */
  holds?: string;
  /** The flag of the input file that this file may replace. */
  mayReplace?: string;
}

/**
 * Checks that no output file is also an input file or another output file.
 *
 * Hard links, symbolic links and other spellings of a path are the same file.
 *
 * @throws {InputError} If two uses name the same file.
 */
export async function requireSeparate(uses: readonly (FileUse | undefined)[]): Promise<void> {
  const files: (FileUse & { identity?: string })[] = [];
  requireInputOnce(uses.filter((use) => use?.holds !== undefined && use.path === INPUT));
  for (const use of uses) {
    if (use) files.push({ ...use, identity: await identityOf(resolvePath(use.path)) });
  }
  for (const [i, { flag, path, holds, mayReplace, identity }] of files.entries()) {
    if (holds !== undefined || identity === undefined) continue;
    const other = files.find((file, k) =>
      file.identity === identity && file.flag !== mayReplace && (file.holds !== undefined || k < i)
    );
    if (!other) continue;
    const what = other.holds ?? `is already the file of --${other.flag}`;
    throw new InputError(`${path}: ${what}; choose another --${flag}`);
  }
}

/**
 * Checks that standard input is read at most once.
 *
 * @throws {InputError} If it is read twice.
 */
export function requireInputOnce(uses: readonly unknown[]): void {
  if (uses.length < 2) return;
  throw new InputError(`${INPUT}: can be read only once; give - once, and files for the rest`);
}

/** Returns the same string for all paths of one file; undefined for devices and pipes. */
async function identityOf(path: string): Promise<string | undefined> {
  if (path === resolvePath(INPUT)) return undefined;
  const info = await Deno.stat(path).catch(() => undefined);
  if (info && (info.isCharDevice || info.isFifo)) return undefined;
  if (info && info.ino !== null) return `${info.dev}:${info.ino}`;
  if (info) return await Deno.realPath(path);
  const { folder, name } = splitPath(await followLinks(path));
  const parent = await Deno.realPath(folder).catch(() => folder);
  return joinPath(parent, name);
}
