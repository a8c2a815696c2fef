/**
 * The worker that makes the page of a training. It is loaded when one is asked for.
 *
 * @module
 */
import { htmlReport } from "../../cli/output/html_report.ts";
import type { ReportData } from "../../cli/output/report_data.ts";
import { openPort } from "../worker/port.ts";

/** Questions to it. */
export interface ReportRequests {
  /** The page as HTML. */
  html: [ReportData, string];
}

/** What it reports unasked. */
export interface ReportEvents {
  problem: { message: string };
}

openPort<ReportRequests, ReportEvents>().listen({ html: htmlReport }, (job) => job());
