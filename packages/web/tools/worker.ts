/**
 * The worker of the page's tools. It has all of core, and is loaded on first use.
 *
 * @module
 */
import { openPort } from "../worker/port.ts";
import type { ToolEvents, ToolRequests } from "../tools_protocol.ts";
import { baselineOf } from "./baseline.ts";
import { predictRows } from "./predict_rows.ts";
import { reportOf } from "./report.ts";

const port = openPort<ToolRequests, ToolEvents>();

port.listen({
  predict: (given) => predictRows(given, (count) => port.report("predicted", { count })),
  baseline: baselineOf,
  report: reportOf,
}, (job) => job());
