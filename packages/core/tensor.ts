/**
 * Handles of numbers that live on a device.
 *
 * @module
 */

/** Rows and columns. */
export type Shape = readonly [rows: number, columns: number];

/** The numbers that a backend computes with. */
export type DType = "float32" | "float64";

/** Numbers on the host, in the backend's type. */
export type FloatArray = Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/** A handle of numbers that live on a device. Its values come back with `read()` of the backend. */
export interface Tensor {
  /** Rows and columns, fixed for the tensor's life. */
  readonly shape: Shape;
}

/** A handle of row or column numbers: word ids, label ids, positions. */
export interface Indices {
  /** How many there are. */
  readonly length: number;
  /** Each is below this bound, or -1 for none. */
  readonly bound: number;
}
