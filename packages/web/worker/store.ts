/**
 * The run that the browser saves, so that training can resume after the tab was closed.
 *
 * @module
 */
import type { DataSource, NamedBlob } from "../protocol.ts";
import type { Settings } from "../settings.ts";
import type { DataSet } from "../sets/sets.ts";

/** Data of the visitor's own. */
export type OwnData = DataSet & DataSource;

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

const STORE = "runs", KEY = "last", OWN = "own";

let stored: { own?: OwnData } | undefined; // the data that was saved last: large data once alone

/** The saved run, if there is one. */
export async function loadRun(): Promise<StoredRun | undefined> {
  const run = await within("readonly", (store) => store.get(KEY)) as StoredRun | undefined;
  if (run?.settings.set !== "own" || run.own) return run; // older ones have their data with them
  const own = await within("readonly", (store) => store.get(OWN)) as OwnData | undefined;
  return own && { ...run, own };
}

/** Saves a run in place of the one before. */
export async function storeRun({ own, ...run }: StoredRun): Promise<void> {
  if (!stored || stored.own !== own) {
    await forgetRun(); // that one had other data
    stored = { own }; // where there is no room for it, that is not tried again and again
    if (own) await within("readwrite", (store) => store.put(own, OWN));
  }
  await within("readwrite", (store) => store.put(run, KEY));
}

/** Removes the saved run. */
export async function forgetRun(): Promise<void> {
  stored = undefined;
  await within("readwrite", (store) => store.delete(KEY));
  await within("readwrite", (store) => store.delete(OWN));
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
  return await settled(work(database.transaction(STORE, mode).objectStore(STORE)));
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
