/**
 * Exports of a run: the run itself for the page's tools, and its data as a file.
 *
 * @module
 */
import { type Example, writeModel } from "@unroll/core/texts";
import type { ExportedRun } from "../run_protocol.ts";
import type { Settings } from "../settings.ts";
import { taskOf } from "../tasks/tasks.ts";
import { toCsv } from "./csv.ts";
import type { OwnData } from "./own_data.ts";
import { dataOf } from "./run_data.ts";
import type { Training } from "./training.ts";

const PIECE = 5000; // examples in a line: a whole set may exceed the maximum length of a string

/** Exports a run, with the examples that it is evaluated on. */
export function exportedRun({ experiment, history, checkpoint }: Training): ExportedRun {
  const { model, settings, parts, source } = experiment;
  const on = measuredOn(parts);
  return {
    model: new Blob([writeModel(model)]),
    task: settings.task,
    title: source?.name.replace(/.*[\\/]/, "") ?? settings.set,
    train: written(parts.train),
    measured: written(parts[on]),
    on,
    rows: history.rows,
    bestEpoch: parts.validation.length > 0 ? checkpoint?.progress.bestEpoch : undefined,
  };
}

/** Exports a part of the data, before the validation split: as CSV, or as the unchanged text. */
export async function exportedData(
  settings: Settings,
  own: OwnData | undefined,
  part: "train" | "test",
): Promise<string> {
  const examples = (await dataOf(settings, own))[part];
  const isWhole = settings.set === "own" && own?.isWhole;
  return isWhole ? examples[0].text : toCsv(examples, taskOf(settings).columns);
}

/** Returns the set to evaluate on: test, else validation, else training examples. */
export function measuredOn(parts: Training["experiment"]["parts"]): ExportedRun["on"] {
  const sets = ["test", "validation"] as const;
  return sets.find((on) => parts[on].length > 0) ?? "train";
}

function written(examples: readonly Example[]): Blob {
  const lines: string[] = [];
  for (let at = 0; at < examples.length; at += PIECE) {
    lines.push(`${JSON.stringify(examples.slice(at, at + PIECE))}\n`);
  }
  return new Blob(lines);
}
