/**
 * Downloads from the page.
 *
 * @module
 */
import { el } from "./dom.ts";

/** Saves a file through the browser's download. */
export function download(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  el("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000); // by then the browser has read it
}
