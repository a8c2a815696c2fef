/**
 * The code that the worker loads on first use, as one chunk: more chunks would cost more than they
 * save, because the code they share would be compressed separately.
 *
 * @module
 */
export { unitAt, whyOf } from "./inspect_unit.ts";
export { KeptRuns } from "./kept_runs.ts";
export { packData, unpackData } from "./link_data.ts";
export { UnitSearch } from "./unit_sentences.ts";
