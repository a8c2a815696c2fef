/**
 * What is measured on the validation examples, or chosen by them, before a refit learns them.
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

/** What of a run was done before its refit. */
export interface Early {
  /** The model has what `finish` gives it. */
  isFinished?: true;
  /** The results are printed. */
  isMeasured?: true;
  /** What the page shows of them. */
  parts?: ReportParts;
}

/** What of a run is needed for it. */
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

/** Does with the model what is done once, and prints what came of it. */
export async function finish({ finish, backend, signals, report }: Measured): Promise<void> {
  const turns = finish!(backend, signals.signal);
  for (;;) {
    const { done, value } = await turns.next();
    if (done) return void printing(() => report.print(value));
    await breathe();
  }
}

/** Measures on the validation examples, and chooses by them, while the model has not learned them. */
export async function measureBeforeRefit(run: Measured, early: Early): Promise<void> {
  const { task, backend, model, sets, report, page } = run;
  if (run.finish) {
    await finish(run);
    early.isFinished = true;
  }
  if (sets.test.length > 0) return; // which measures the model at its end
  const output = await task.results(backend, model, sets.validation, "validation", sets.examples);
  printing(() => report.print({ ...output, lines: ["", ...output.lines] }));
  early.isMeasured = true;
  if (page !== undefined) early.parts = await task.report(backend, model, sets.validation);
}
