/**
 * The views below and beside the picture that are loaded when one of them is first needed: in one
 * part, as each further part costs more than it saves.
 *
 * @module
 */
export { BatchView } from "./batch_predictions.ts";
export { Comparison } from "./compare.ts";
export { MemoryView } from "./memory.ts";
export { UnitSentencesView } from "./unit_sentences.ts";
