/**
 * The built-in sets that most visits do not use, loaded when the first of them is chosen.
 *
 * @module
 */
export { memorySet } from "./memory.ts";
export { namesSet } from "./names.ts";
export { datesSet, reverseSet } from "./pairs.ts";
export { requestsSet } from "./requests.ts";
export { tagsSet } from "./tags.ts";
