/**
 * The run that the browser saves, so that training can resume after the tab was closed.
 *
 * @module
 */
import type { DataSource } from "../protocol.ts";
import type { Settings } from "../settings.ts";
import type { DataSet } from "../sets/sets.ts";

/** Data of the visitor's own. */
export type OwnData = DataSet & DataSource;

/** What is saved. */
export interface StoredRun {
  settings: Settings;
  /** A checkpoint's file, with the charts in its notes. */
  checkpoint: Uint8Array<ArrayBuffer>;
  /** The data, where it is the visitor's own. */
  own?: OwnData;
  /** The weights before training, as a model's file. */
  before: Uint8Array<ArrayBuffer>;
  opened?: string;
  epoch: number;
  savedAt: number;
}

const STORE = "runs", KEY = "last";

/** The saved run, if there is one. */
export async function loadRun(): Promise<StoredRun | undefined> {
  return await within("readonly", (store) => store.get(KEY)) as StoredRun | undefined;
}

/** Saves a run in place of the one before. */
export async function storeRun(run: StoredRun): Promise<void> {
  await within("readwrite", (store) => store.put(run, KEY));
}

/** Removes the saved run. */
export async function forgetRun(): Promise<void> {
  await within("readwrite", (store) => store.delete(KEY));
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
