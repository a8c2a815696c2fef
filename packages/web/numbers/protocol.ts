/**
 * The interface between the page of numbers and its tabs. Each has its own program and worker.
 *
 * @module
 */

/** The names of the tabs in the address. */
export type TabName = "forecast" | "gestures";

/** A tab of the page. */
export interface Tab {
  root: HTMLElement;
  /** Called when the tab is shown, for the first time or again. */
  show(): void;
  /** Receives files dropped on the page. */
  drop(files: readonly File[]): void;
}
