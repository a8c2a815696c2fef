/**
 * Handles to numbers that live on a device.
 *
 * @module
 */

/** Rows and columns. */
export type Shape = readonly [rows: number, columns: number];

/** The number type that a backend computes with. */
export type DType = "float32" | "float64";

/** Numbers on the host, in the backend's type. */
export type FloatArray = Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/** A handle to a matrix on a device. The backend's `read()` returns its values. */
export interface Tensor {
  /** Rows and columns, fixed for the tensor's lifetime. */
  readonly shape: Shape;
}

/** A handle to row or column indices on a device: word ids, label ids, positions. */
export interface Indices {
  /** The number of indices. */
  readonly length: number;
  /** Each index is below this bound, or -1 for none. */
  readonly bound: number;
}
