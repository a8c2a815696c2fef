/**
 * What reads data of the visitor's own: a program of its own, so that the page opens without it.
 *
 * @module
 */

/** Loads it, at the first data. */
export function ownDataProgram(): Promise<typeof import("./data_preview.ts")> {
  return import(new URL("./own_data.js", import.meta.url).href);
}
