/**
 * The runs saved in the browser (IndexedDB), so that training can resume after a tab was closed.
 *
 * @module
 */
import type { NamedBlob } from "../data_protocol.ts";
import type { Settings } from "../settings.ts";
import type { OwnData } from "./own_data.ts";

export type { OwnData } from "./own_data.ts";

/** A saved run. */
export interface StoredRun {
  settings: Settings;
  /** A checkpoint's file, with the charts in its notes. */
  checkpoint: Uint8Array<ArrayBuffer>;
  /** The user's own data, stored under a separate key. */
  own?: OwnData;
  /** The weights before training, as a model's file. */
  before: Uint8Array<ArrayBuffer>;
  opened?: string;
  epoch: number;
  savedAt: number;
}

const STORE = "runs", RUN = "run:", OWN = "own:";
// The keys of earlier versions, with one run and its data for all tabs.
const OLD_RUN = "last", OLD_OWN = "own";
const MOST = 3; // saved runs of closed tabs

// Each tab saves its run under its own key.
const tab = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16))
  .join("");
let stored: { own?: OwnData } | undefined; // the last saved data: large data are saved only once

/** A saved run, and its key. */
export interface FoundRun {
  key: string;
  run: StoredRun;
}

/** Returns the newest saved run that no open tab holds, if there is one. */
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

/** Loads the newest saved run with its data, if there is one. */
export async function loadRun(): Promise<FoundRun | undefined> {
  const found = await findRun();
  if (found?.run.settings.set !== "own" || found.run.own) return found; // older runs contain it
  const own = await within("readonly", (store) => store.get(dataOf(found.key)));
  return own ? { ...found, run: { ...found.run, own: own as OwnData } } : undefined;
}

/** Saves this tab's run, in place of its previous one. */
export async function storeRun({ own, ...run }: StoredRun): Promise<void> {
  if (!stored || stored.own !== own) {
    await forgetRun(RUN + tab); // the previous run had other data
    holdPlace();
    stored = { own }; // set first, so that data that do not fit are not tried again
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

// Web Locks exist only over HTTPS and on localhost; without them, no tab knows of the others.
const { locks } = navigator as { locks?: LockManager };
const PATIENCE = 700; // milliseconds
let isHeld = false;

/** Locks this tab's run while the tab is open, so that no other tab restores it. */
function holdPlace(): void {
  if (isHeld) return;
  isHeld = true;
  locks?.request(`unroll ${RUN}${tab}`, () => new Promise(() => {})).catch(() => {});
}

/** Returns whether an open tab holds a run. A reloaded page releases its lock within a moment. */
async function isOpen(key: string): Promise<boolean> {
  if (key === RUN + tab) return true;
  const signal = AbortSignal.timeout(PATIENCE);
  try {
    return await locks?.request(`unroll ${key}`, { signal }, () => false) ?? false;
  } catch {
    return true;
  }
}

const HANDED = "handed"; // the key of a file that the text page hands to the number page

/** Saves a file for the number page, which opens next. */
export async function handOverFile(file: NamedBlob): Promise<void> {
  await within("readwrite", (store) => store.put(file, HANDED));
}

/** Returns the file that was handed over, and removes it. */
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
  return await new Promise((done, fail) => { // a full disk shows only when the transaction ends
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
