/**
 * The page of a training.
 *
 * @module
 */
import type { AnyModel, TrainEvent } from "@unroll/core";
import { htmlReport } from "./html_report.ts";
import { reportData, type ReportParts } from "./report_data.ts";

/** The page of a training, from what happened in it and the parts of its task. */
export function reportPage(
  model: AnyModel,
  title: string,
  events: readonly TrainEvent[],
  parts: ReportParts,
): string {
  return htmlReport(reportData(model, title, events, parts));
}
