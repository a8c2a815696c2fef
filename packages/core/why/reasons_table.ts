/**
 * The table of reasons: how the predictions of each task are explained. It is separate from the
 * tasks, so that pages without explanations do not load it.
 *
 * @module
 */
import { labelReasons } from "../classification/reasons.ts";
import { classification } from "../classification/task.ts";
import { labelSetReasons } from "../multi_label/reasons.ts";
import { multiLabel } from "../multi_label/task.ts";
import type { AnyModel } from "../model.ts";
import type { TaskReasons } from "../reasons.ts";
import { numberReasons } from "../regression/reasons.ts";
import { regression } from "../regression/task.ts";
import { tagReasons } from "../tagging/reasons.ts";
import { tagging } from "../tagging/task.ts";
import type { AnyTask } from "../tasks.ts";

/** The reasons of any task. */
// deno-lint-ignore no-explicit-any
export type AnyReasons = TaskReasons<any, unknown>;

const entry = <M extends AnyModel, Answer>(task: AnyTask, reasons: TaskReasons<M, Answer>) =>
  [task, reasons as AnyReasons] as const;

const REASONS: ReadonlyMap<AnyTask, AnyReasons> = new Map([
  entry(classification, labelReasons),
  entry(multiLabel, labelSetReasons),
  entry(regression, numberReasons),
  entry(tagging, tagReasons),
]);

/** Returns how models of a task are explained, or undefined if they cannot be. */
export function reasonsOf(task: AnyTask): AnyReasons | undefined {
  return task.reasons ?? REASONS.get(task);
}
