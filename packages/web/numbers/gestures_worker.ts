/**
 * The worker's side of the tab of gestures.
 *
 * @module
 */
import { openPort } from "../worker/port.ts";
import type { GestureEvents, GestureRequests } from "./gestures_protocol.ts";

/** Answers the tab. */
export function serveGestures(): void {
  const port = openPort<GestureRequests, GestureEvents>();
  port.listen({}, (job) => job());
}
