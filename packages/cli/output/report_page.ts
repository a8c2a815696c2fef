/**
 * The HTML report of a training run.
 *
 * @module
 */
import type { AnyModel, TrainEvent } from "@unroll/core";
import { htmlReport } from "./html_report.ts";
import { reportData, type ReportParts } from "./report_data.ts";

/** Returns the HTML report, from the events of the training run and the task's parts. */
export function reportPage(
  model: AnyModel,
  title: string,
  events: readonly TrainEvent[],
  parts: ReportParts,
): string {
  return htmlReport(reportData(model, title, events, parts));
}
