/**
 * What an export to ONNX is made of.
 *
 * @module
 */
import type { Graph } from "./messages.ts";

/** A file of an export. */
export interface OnnxFile {
  /** What its name ends on. */
  suffix: string;
  /** What it computes. */
  graph: Graph;
}

/** What becomes of a model. */
export interface OnnxForm {
  /** The files. */
  files: readonly OnnxFile[];
  /** What is not in the graph, and how to get by: a line each. */
  notes?: readonly string[];
}

/** The ending of the one file that most models are. */
export const SUFFIX = ".onnx";
