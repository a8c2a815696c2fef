/**
 * Evaluation and calibration on the validation examples, before a refit trains on them.
 *
 * @module
 */
import type { Backend, Model } from "@unroll/core";
import { breathe } from "./reading.ts";
import type { Signals } from "./signals.ts";
import type { ReportParts } from "../output/report_data.ts";
import type { Report, Sets } from "../output/train_report.ts";
import { printing } from "../files/file_errors.ts";
import type { Plan } from "../tasks/plan.ts";
import type { AnyTask } from "../tasks/task.ts";

/** The parts of a run that were done before its refit. */
export interface Early {
  /** The model was finished by `finish`. */
  isFinished?: true;
  /** The results are printed. */
  isMeasured?: true;
  /** The results as parts of the HTML report. */
  parts?: ReportParts;
}

/** The fields of a run that are needed here. */
interface Measured {
  backend: Backend;
  task: AnyTask;
  model: Model;
  sets: Sets;
  finish?: Plan["finish"];
  report: Report;
  signals: Signals;
  page?: string;
}

/** Finishes the trained model, for example by calibration, and prints the result. */
export async function finish({ finish, backend, signals, report }: Measured): Promise<void> {
  const turns = finish!(backend, signals.signal);
  for (;;) {
    const { done, value } = await turns.next();
    if (done) return void printing(() => report.print(value));
    await breathe();
  }
}

/** Calibrates and evaluates on the validation examples, while they are still held out. */
export async function measureBeforeRefit(run: Measured, early: Early): Promise<void> {
  const { task, backend, model, sets, report, page } = run;
  if (run.finish) {
    await finish(run);
    early.isFinished = true;
  }
  if (sets.test.length > 0) return; // the test set evaluates the final model
  const output = await task.results(backend, model, sets.validation, "validation", sets.examples);
  const lines = output.lines[0] === "" ? output.lines : ["", ...output.lines];
  printing(() => report.print({ ...output, lines }));
  early.isMeasured = true;
  if (page !== undefined) early.parts = await task.report(backend, model, sets.validation);
}
