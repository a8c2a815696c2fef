/**
 * The report on a training, as written by the command line's `--report`.
 *
 * @module
 */
import type { Backend, Example, Model, TrainEvent } from "@unroll/core";
import type { ReportParts } from "../../cli/output/report_data.ts";
import { reportPage } from "../../cli/output/report_page.ts";
import { allWords, noWords, reportLabels } from "../../cli/tasks/label_results.ts";
import { reportTexts } from "../../cli/tasks/language_model_report.ts";
import { rightLabels, rightTags } from "../../cli/tasks/right_answers.ts";
import { reportPairs } from "../../cli/tasks/translation_report.ts";
import type { EpochRow, ExportedRun } from "../run_protocol.ts";
import { examplesIn, openRun } from "./run.ts";

type PartsOf<M extends Model> = (
  backend: Backend,
  model: M,
  measured: Example[],
) => Promise<ReportParts>;

/** The task-dependent parts of the report, by the task of the model. */
const PARTS: { [T in Model["task"]]?: PartsOf<Model & { task: T }> } = {
  classification: async (...given) => reportLabels(...given, noWords, await rightLabels(...given)),
  tagging: async (...given) => reportLabels(...given, allWords, await rightTags(...given)),
  "language-model": reportTexts,
  translate: reportPairs,
};

/** Returns the report as HTML. */
export async function reportOf(run: ExportedRun): Promise<string> {
  const { backend, model } = await openRun<Model>(run.model);
  const parts = await (PARTS[model.task] as PartsOf<Model>)(
    backend,
    model,
    await examplesIn(run.measured),
  );
  const events = run.rows.map((row) => eventOf(row, run.bestEpoch));
  return reportPage(model, run.title, events, parts);
}

/** Converts a row of the charts to the event that training reported. */
function eventOf(row: EpochRow, bestEpoch: number | undefined): TrainEvent {
  const measured = (loss: number | undefined, accuracy: number | undefined) =>
    loss === undefined ? undefined : { loss, accuracy: accuracy! };
  return {
    type: "epoch",
    epoch: row.epoch,
    train: measured(row.trainLoss, row.trainAccuracy)!,
    validation: measured(row.validationLoss, row.validationAccuracy),
    test: measured(row.testLoss, row.testAccuracy),
    learningRate: 0, // not shown in the report
    kept: row.epoch === bestEpoch,
  };
}
