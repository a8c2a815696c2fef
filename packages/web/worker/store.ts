/**
 * The run that the browser saves, so that training can resume after the tab was closed.
 *
 * @module
 */
import type { NamedBlob } from "../data_protocol.ts";
import type { Settings } from "../settings.ts";
import type { OwnData } from "./own_data.ts";

export type { OwnData } from "./own_data.ts";

/** What is saved. */
export interface StoredRun {
  settings: Settings;
  /** A checkpoint's file, with the charts in its notes. */
  checkpoint: Uint8Array<ArrayBuffer>;
  /** The data, where it is the visitor's own: it stands in a place of its own. */
  own?: OwnData;
  /** The weights before training, as a model's file. */
  before: Uint8Array<ArrayBuffer>;
  opened?: string;
  epoch: number;
  savedAt: number;
}

const STORE = "runs", RUN = "run:", OWN = "own:";
// Where versions before had the one run of all tabs, and its data.
const OLD_RUN = "last", OLD_OWN = "own";
const MOST = 3; // runs of closed tabs that are kept

// Each tab saves its run in a place of its own.
const tab = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16))
  .join("");
let stored: { own?: OwnData } | undefined; // the data that was saved last: large data once alone

/** A saved run, and its place. */
export interface FoundRun {
  key: string;
  run: StoredRun;
}

/** The newest saved run that no open tab is at, if there is one. */
export async function findRun(): Promise<FoundRun | undefined> {
  const keys = await within("readonly", (store) => store.getAllKeys()) as string[];
  const found: FoundRun[] = [];
  for (const key of keys) {
    if (key !== OLD_RUN && !key.startsWith(RUN) || await isOpen(key)) continue;
    const run = await within("readonly", (store) => store.get(key)) as StoredRun | undefined;
    if (run) found.push({ key, run });
  }
  found.sort((a, b) => b.run.savedAt - a.run.savedAt);
  for (const { key } of found.slice(MOST)) await forgetRun(key);
  return found[0];
}

/** A saved run with its data, if there is one. */
export async function loadRun(): Promise<FoundRun | undefined> {
  const found = await findRun();
  if (found?.run.settings.set !== "own" || found.run.own) return found; // older ones have it with them
  const own = await within("readonly", (store) => store.get(dataOf(found.key)));
  return own ? { ...found, run: { ...found.run, own: own as OwnData } } : undefined;
}

/** Saves the run of this tab in place of the one before. */
export async function storeRun({ own, ...run }: StoredRun): Promise<void> {
  if (!stored || stored.own !== own) {
    await forgetRun(RUN + tab); // that one had other data
    holdPlace();
    stored = { own }; // where there is no room for it, that is not tried again and again
    if (own) await within("readwrite", (store) => store.put(own, OWN + tab));
  }
  await within("readwrite", (store) => store.put(run, RUN + tab));
}

/** Removes a saved run. */
export async function forgetRun(key: string): Promise<void> {
  if (key === RUN + tab) stored = undefined;
  await within("readwrite", (store) => store.delete(key));
  await within("readwrite", (store) => store.delete(dataOf(key)));
}

function dataOf(key: string): string {
  return key === OLD_RUN ? OLD_OWN : OWN + key.slice(RUN.length);
}

// Locks are there over https and on this machine alone; without them no tab knows of another.
const { locks } = navigator as { locks?: LockManager };
const PATIENCE = 700; // milliseconds
let isHeld = false;

/** While this tab is open, no other one takes its run for one that was left. */
function holdPlace(): void {
  if (isHeld) return;
  isHeld = true;
  locks?.request(`unroll ${RUN}${tab}`, () => new Promise(() => {})).catch(() => {});
}

/** Whether a tab is at a run. That of a page that was reloaded gives its place free in a moment. */
async function isOpen(key: string): Promise<boolean> {
  if (key === RUN + tab) return true;
  const signal = AbortSignal.timeout(PATIENCE);
  try {
    return await locks?.request(`unroll ${key}`, { signal }, () => false) ?? false;
  } catch {
    return true;
  }
}

const HANDED = "handed"; // a file from the page of texts to that of numbers

/** Saves a file for the page of numbers, which opens next. */
export async function handOverFile(file: NamedBlob): Promise<void> {
  await within("readwrite", (store) => store.put(file, HANDED));
}

/** The file that was handed over, once. */
export async function takeFile(): Promise<NamedBlob | undefined> {
  const file = await within("readonly", (store) => store.get(HANDED));
  await within("readwrite", (store) => store.delete(HANDED));
  return file as NamedBlob | undefined;
}

let opening: Promise<IDBDatabase> | undefined;

async function within(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest,
): Promise<unknown> {
  opening ??= open();
  const database = await opening;
  const transaction = database.transaction(STORE, mode);
  const request = work(transaction.objectStore(STORE));
  if (mode === "readonly") return await settled(request);
  return await new Promise((done, fail) => { // where there is no room, it is known at the end alone
    transaction.oncomplete = () => done(request.result);
    transaction.onabort = () => fail(transaction.error ?? request.error);
  });
}

async function open(): Promise<IDBDatabase> {
  const request = indexedDB.open("unroll", 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return await settled(request) as IDBDatabase;
}

function settled(request: IDBRequest): Promise<unknown> {
  return new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
}
