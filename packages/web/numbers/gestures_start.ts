/**
 * The entry of the gesture worker.
 *
 * @module
 */
import { serveGestures } from "./gestures_worker.ts";

serveGestures();
