/**
 * The page of a training.
 *
 * @module
 */
import type { AnyModel, TrainEvent } from "@unroll/core";
import { htmlReport } from "./html_report.ts";
import type { ReportData, ReportParts } from "./report_data.ts";

/** The page of a training, from what happened in it and the parts of its task. */
export function reportPage(
  model: AnyModel,
  title: string,
  events: readonly TrainEvent[],
  parts: ReportParts,
): string {
  return htmlReport({
    ...parts,
    title,
    ...curvesOf(events, parts.figure),
    facts: [...networkFacts(model, events), ...parts.facts],
  });
}

/** The rows of the curves, and the epoch to mark. */
function curvesOf(
  events: readonly TrainEvent[],
  figure = "accuracy",
): Pick<ReportData, "epochs" | "bestEpoch"> {
  const epochs = events.filter((event) => event.type === "epoch");
  const validated = epochs.some(({ validation }) => validation);
  return {
    epochs: epochs.map(({ epoch, train, validation, test }) => ({
      epoch,
      train: train.loss,
      validation: validation?.loss,
      test: test?.loss,
      trainAccuracy: train[figure],
      validationAccuracy: validation?.[figure],
      testAccuracy: test?.[figure],
    })),
    bestEpoch: validated ? epochs.findLast(({ kept }) => kept)?.epoch : undefined,
  };
}

/** What a network is made of, and how long it was trained. */
function networkFacts(
  { config }: AnyModel,
  events: readonly TrainEvent[],
): ReportData["facts"] {
  return [
    [
      "Network",
      `${config.layers} × ${config.bidirectional ? "bidirectional " : ""}${config.cell}`,
    ],
    ["Hidden size", String(config.hidden)],
    ["Dropout", String(config.dropout)],
    ["Epochs", String(events.filter(({ type }) => type === "epoch").length)],
  ];
}
