/**
 * The worker that renders the report on a training. It is loaded on first use.
 *
 * @module
 */
import { htmlReport } from "../../cli/output/html_report.ts";
import type { ReportData } from "../../cli/output/report_data.ts";
import { openPort } from "../worker/port.ts";

/** The requests to the worker. */
export interface ReportRequests {
  /** Returns the report as HTML. */
  html: [ReportData, string];
}

/** The events that the worker reports. */
export interface ReportEvents {
  problem: { message: string };
}

openPort<ReportRequests, ReportEvents>().listen({ html: htmlReport }, (job) => job());
