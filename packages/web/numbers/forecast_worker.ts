/**
 * The worker's side of the tab of forecast.
 *
 * @module
 */
import { openPort } from "../worker/port.ts";
import type { ForecastEvents, ForecastRequests } from "./forecast_protocol.ts";

/** Answers the tab. */
export function serveForecasts(): void {
  const port = openPort<ForecastRequests, ForecastEvents>();
  port.listen({}, (job) => job());
}
