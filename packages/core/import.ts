/**
 * Imports weights that were trained in other tools as models. Separate from `mod.ts`, so that code
 * that only trains does not load it.
 *
 * @module
 */
export { IMPORTED_TASKS } from "./import/forms.ts";
export type { SpecialTokens } from "./import/ids.ts";
export { type ImportedModel, importModel } from "./import/import_model.ts";
export type { ImportOptions } from "./import/import_options.ts";
export { parseTokenList, type TokenList } from "./import/token_list.ts";
