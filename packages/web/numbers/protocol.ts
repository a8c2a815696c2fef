/**
 * What the page of numbers asks of its tabs. Each has a program and a worker to itself.
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
