/**
 * The views that are loaded once the page is there, as one part: more parts cost more bytes.
 *
 * @module
 */
export { BatchView } from "./batch_predictions.ts";
export { Comparison } from "./compare.ts";
export { inspect } from "./inspecting.ts";
export { MemoryView } from "./memory.ts";
export { UnitSentencesView } from "./unit_sentences.ts";
