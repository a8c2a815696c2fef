/**
 * Files that are dropped on a page, for its tests.
 *
 * @module
 */
import type { Browser } from "./webdriver.ts";

// deno-lint-ignore no-explicit-any
declare const document: any, DataTransfer: any, DragEvent: any;

/** A file that is dropped. */
export interface DroppedFile {
  name: string;
  content: string | Uint8Array;
}

/** Drops files on the page; they stand in the folder as well, for the command line. */
export async function dropFiles(
  browser: Browser,
  folder: string,
  files: DroppedFile[],
): Promise<void> {
  const sent: [name: string, bytes: number[]][] = [];
  for (const { name, content } of files) {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    await Deno.writeFile(`${folder}/${name}`, bytes);
    sent.push([name, [...bytes]]);
  }
  await browser.eval((sent) => {
    const dataTransfer = new DataTransfer();
    for (const [name, bytes] of sent) {
      dataTransfer.items.add(new File([Uint8Array.from(bytes)], name));
    }
    const place = document.querySelector("dialog[open]") ?? document.body;
    place.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
  }, sent);
  if (files.some(({ name }) => name.endsWith(".safetensors"))) return;
  for (let wait = 0; wait < 100; wait++) { // the dialog is loaded when it is first opened
    if (await browser.eval(() => document.querySelector("dialog[open]") !== null)) return;
    await new Promise((wake) => setTimeout(wake, 40));
  }
  throw new Error("no dialog opens for what was dropped");
}
