/**
 * Models in the forms of other tools. Apart from `mod.ts`, so that who only trains does not load it.
 *
 * @module
 */
export type { ExportedFile } from "./export/exported_file.ts";
export { exportToPytorch, type PytorchExport } from "./export/pytorch/export_pytorch.ts";
