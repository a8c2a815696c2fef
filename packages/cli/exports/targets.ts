/**
 * The table of export formats.
 *
 * @module
 */
import { js } from "./js.ts";
import { onnx } from "./onnx.ts";
import { pytorch } from "./pytorch.ts";
import type { ExportTarget } from "./target.ts";

/** The export formats, by the value of `--to`. */
export const TARGETS: Record<string, ExportTarget> = { onnx, js, pytorch };
