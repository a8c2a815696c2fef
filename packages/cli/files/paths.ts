/**
 * Where files are: relative to where the user stands, and whether two paths name one file.
 *
 * @module
 */
import { InputError } from "@unroll/core";

const SEPARATOR = Deno.build.os === "windows" ? /[\\/]/ : /\//;
const ABSOLUTE = Deno.build.os === "windows" ? /^([a-z]:[\\/]|[\\/])/i : /^\//;
const MAX_LINKS = 40; // as many as Linux follows

/** What stands for a path where standard input is read, and names it in messages. */
export const INPUT = "standard input";

/**
 * The folder where the user stands. `deno task` runs in the root of the repository, whatever folder
 * it was called in, and leaves that in INIT_CWD.
 */
export function userFolder(): string {
  const here = Deno.cwd();
  const root = new URL("../../../", import.meta.url);
  if (root.protocol !== "file:") return here; // not a checkout: no task of ours
  const query = { name: "env", variable: "INIT_CWD" } as const;
  if (Deno.permissions.querySync(query).state !== "granted") return here;
  const folder = Deno.env.get("INIT_CWD");
  return folder && Deno.realPathSync(root) === Deno.realPathSync(here) ? folder : here;
}

/** A path that was typed, from where this process stands. */
export function resolvePath(path: string): string {
  if (ABSOLUTE.test(path)) return path;
  const folder = userFolder();
  return folder === Deno.cwd() ? path : joinPath(folder, path);
}

/** A path in a folder; an absolute one stays as it is. */
export function joinPath(folder: string, path: string): string {
  if (ABSOLUTE.test(path) || folder === "") return path;
  return SEPARATOR.test(folder.slice(-1)) ? `${folder}${path}` : `${folder}/${path}`;
}

/** The folder of a file, and its name there. */
export function splitPath(path: string): { folder: string; name: string } {
  const name = path.split(SEPARATOR).at(-1)!;
  const folder = path.slice(0, path.length - name.length);
  return { folder: folder.length > 1 ? folder.slice(0, -1) : folder || ".", name };
}

/** The way from one existing folder to another: `..` from `run` to where it stands. */
export async function relativePath(from: string, to: string): Promise<string> {
  const target = await Deno.realPath(to);
  const steps = (await Deno.realPath(from)).split(SEPARATOR).filter(Boolean);
  const parts = target.split(SEPARATOR).filter(Boolean);
  let shared = 0;
  while (shared < steps.length && steps[shared] === parts[shared]) shared++;
  if (shared === 0 && Deno.build.os === "windows") return target; // another drive
  return [...steps.slice(shared).map(() => ".."), ...parts.slice(shared)].join("/") || ".";
}

/** What a path comes to in the end, through all symbolic links, even where nothing is there yet. */
export async function followLinks(path: string): Promise<string> {
  let target = path;
  for (let links = 0; links < MAX_LINKS; links++) {
    const info = await Deno.lstat(target).catch(() => undefined);
    if (!info?.isSymlink) return target;
    target = joinPath(splitPath(target).folder, await Deno.readLink(target));
  }
  throw new InputError(`${path}: is a link that leads to itself`);
}

/** A file that a command reads or writes. */
export interface FileUse {
  /** The flag that it is for. */
  flag: string;
  /** The path, as the user typed it. */
  path: string;
  /** What it holds, for a file that is read: a part of a sentence. */
  holds?: string;
  /** The input, by its flag, that it may replace. */
  mayReplace?: string;
}

/**
 * Throws where a file that is written is one that is read, or one that is written besides.
 *
 * A hard link, a symbolic link and another spelling are the same file.
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
    const what = other.holds ?? `is the file of --${other.flag} already`;
    throw new InputError(`${path}: ${what}; choose another --${flag}`);
  }
}

/** Throws where standard input is read twice. */
export function requireInputOnce(uses: readonly unknown[]): void {
  if (uses.length < 2) return;
  throw new InputError(`${INPUT}: can be read only once; give - once, and files besides`);
}

/** The same for two paths of one file; none for a device, which keeps nothing. */
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
