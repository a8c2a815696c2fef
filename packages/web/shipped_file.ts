/**
 * The trained network shipped with the page, inside its worker's program.
 *
 * @module
 */

/** The set that the network was trained on. */
export const SHIPPED_SET = "moods";

/** What `build.ts` passes to the worker. */
export interface ShippedFile {
  /** The compressed file of a checkpoint. */
  checkpoint: string;
  /** The rows of the charts: epoch, training loss and accuracy, test loss and accuracy. */
  rows: [number, number, number, number, number][];
}
