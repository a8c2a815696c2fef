/**
 * The trained network that ships with the page, within its worker's program.
 *
 * @module
 */

/** The set whose network it is. */
export const SHIPPED_SET = "moods";

/** What `build.ts` gives to the worker. */
export interface ShippedFile {
  /** A checkpoint's file, packed. */
  checkpoint: string;
  /** The rows of the charts: epoch, loss and accuracy in training, loss and accuracy on the test set. */
  rows: [number, number, number, number, number][];
}
