/**
 * Temporary space in the kernels' memory, outside of tensors.
 *
 * @module
 */
import type { Numbers } from "./loops.ts";

/** An allocator of temporary space. */
export interface Space {
  /** Returns the address of scratch space of one of two kinds, valid until the next request. */
  scratch(kind: "a" | "b", numbers: number): number;
  /** Returns a buffer of at least a matrix's size. */
  floatsOf(rows: number, columns: number): Numbers;
  /** Frees a buffer. */
  giveBack(data: Numbers): void;
}
