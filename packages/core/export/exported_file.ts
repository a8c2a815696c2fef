/**
 * What an export gives.
 *
 * @module
 */

/** A file of an export. */
export interface ExportedFile {
  /**
   * What its name ends on, after the name that was asked for without its ending: `.onnx`,
   * `.encoder.onnx`, `.d.ts`.
   */
  suffix: string;
  /** What it holds. */
  content: string | Uint8Array<ArrayBuffer>;
}
