/**
 * What the worker loads when it is first asked for, in one part: each further part costs more than
 * it saves, as what it shares with the rest is packed apart.
 *
 * @module
 */
export { unitAt, whyOf } from "./inspect_unit.ts";
export { KeptRuns } from "./kept_runs.ts";
export { packData, unpackData } from "./link_data.ts";
export { UnitSearch } from "./unit_sentences.ts";
