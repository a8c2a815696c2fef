/**
 * What the tab of forecasts and its worker say to each other.
 *
 * @module
 */

/** Questions to the worker: what is given, and what is answered. */
// deno-lint-ignore no-empty-interface
export interface ForecastRequests {}

/** What the worker reports unasked. */
export interface ForecastEvents {
  problem: { message: string };
}
