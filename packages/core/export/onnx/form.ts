/**
 * The parts of an ONNX export, before they are encoded.
 *
 * @module
 */
import type { Graph } from "./messages.ts";

/** One file of an ONNX export. */
export interface OnnxFile {
  /** The suffix of its name, such as `.encoder.onnx`. */
  suffix: string;
  /** The graph to encode. */
  graph: Graph;
}

/** The graphs of a model, and notes for the user. */
export interface OnnxForm {
  /** The files. */
  files: readonly OnnxFile[];
  /** What the graph leaves out and what to do about it, one line each. Default: none. */
  notes?: readonly string[];
}

/** The suffix of the file if a model is exported as a single one. */
export const SUFFIX = ".onnx";
