/**
 * Exports models to the formats of other tools. Separate from `mod.ts`, so that code that only
 * trains does not load it.
 *
 * @module
 */
export type { ExportedFile } from "./export/exported_file.ts";
export { exportOnnx, type OnnxExport, type OnnxFile } from "./export/onnx/export_onnx.ts";
export type { NumberType, TensorInfo } from "./export/onnx/messages.ts";
export { exportJs, type JsOptions } from "./export/js/export_js.ts";
export { type JsExample, jsExample } from "./export/js/types.ts";
export { roundedToInt8 } from "./export/js/int8.ts";
export { exportToPytorch, type PytorchExport } from "./export/pytorch/export_pytorch.ts";
