/**
 * Room in the kernels' memory, for what is no tensor.
 *
 * @module
 */
import type { Numbers } from "./loops.ts";

/** Room, as it is asked for. */
export interface Space {
  /** The address of scratch space for some numbers, of one of two kinds, until the next is asked for. */
  scratch(kind: "a" | "b", numbers: number): number;
  /** A buffer of at least the size of a matrix. */
  floatsOf(rows: number, columns: number): Numbers;
  /** Takes a buffer back. */
  giveBack(data: Numbers): void;
}
