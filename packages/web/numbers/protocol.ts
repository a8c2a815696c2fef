/**
 * What the page of numbers and its workers say to each other. Each tab has a worker to itself, which
 * is started with the tab's name.
 *
 * @module
 */

/** The tabs, by their names in the address. */
export type TabName = "forecast" | "gestures";

/** A tab of the page. */
export interface Tab {
  root: HTMLElement;
  /** The visitor sees it, for the first time or again. */
  show(): void;
  /** Files that were dropped on the page. */
  drop(files: readonly File[]): void;
}
