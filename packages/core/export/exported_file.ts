/**
 * The files that an export returns.
 *
 * @module
 */

/** One file of an export. */
export interface ExportedFile {
  /**
   * The suffix to append to the requested file name without its extension, such as `.onnx`,
   * `.encoder.onnx` or `.d.ts`.
   */
  suffix: string;
  /** The contents: text, or bytes. */
  content: string | Uint8Array<ArrayBuffer>;
}
