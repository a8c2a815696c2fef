/**
 * What the tab of gestures and its worker say to each other.
 *
 * @module
 */

/** Questions to the worker: what is given, and what is answered. */
// deno-lint-ignore no-empty-interface
export interface GestureRequests {}

/** What the worker reports unasked. */
export interface GestureEvents {
  problem: { message: string };
}
