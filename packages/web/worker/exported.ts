/**
 * A run as the page's tools get it.
 *
 * @module
 */
import { type Example, writeModel } from "@unroll/core/texts";
import type { ExportedRun } from "../run_protocol.ts";
import type { Training } from "./training.ts";

const PIECE = 5000; // examples in a line: a whole set may be too long for a text

/** The run, with the examples that it is measured on. */
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

/** The examples that it has learned least from. */
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
