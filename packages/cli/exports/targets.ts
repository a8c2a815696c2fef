/**
 * The table of what models are exported to.
 *
 * @module
 */
import { js } from "./js.ts";
import { onnx } from "./onnx.ts";
import { pytorch } from "./pytorch.ts";
import type { ExportTarget } from "./target.ts";

/** What models are exported to, by the value of `--to`. */
export const TARGETS: Record<string, ExportTarget> = { onnx, js, pytorch };
