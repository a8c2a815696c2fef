/**
 * The worker of the tab of gestures.
 *
 * @module
 */
import { serveGestures } from "./gestures_worker.ts";

serveGestures();
