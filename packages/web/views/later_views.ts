/**
 * What is loaded once the page is there: in one part, as each further part costs more than it saves.
 *
 * @module
 */
export { BatchView } from "./batch_predictions.ts";
export { Comparison } from "./compare.ts";
export { inspect } from "./inspecting.ts";
export { MemoryView } from "./memory.ts";
export { UnitSentencesView } from "./unit_sentences.ts";
