/**
 * The worker of a tab, by the name that it was started with.
 *
 * @module
 */
import { serveForecasts } from "./forecast_worker.ts";
import { serveGestures } from "./gestures_worker.ts";
import type { TabName } from "./protocol.ts";

const TABS: Record<TabName, () => void> = { forecast: serveForecasts, gestures: serveGestures };

TABS[self.name as TabName]();
