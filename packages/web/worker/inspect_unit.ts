/**
 * Details that the user points at, computed by core: the numbers of one unit, and each
 * word's contribution to the prediction.
 *
 * @module
 */
import { explain, type Explanation, traceUnit, type UnitTrace } from "@unroll/core/inspect";
import { type Backend, type Model, writtenLabels } from "@unroll/core/texts";
import type { Requests } from "../protocol.ts";
import type { Settings } from "../settings.ts";
import { taskOf } from "../tasks/tasks.ts";
import { MAX_WORDS } from "./inspect.ts";

/** Traces a unit at a time step: forward and, if the text's label is known, backward. */
export async function unitAt(
  backend: Backend,
  model: Model,
  settings: Settings,
  { text, actual, at }: Requests["unit"][0],
): Promise<UnitTrace> {
  const task = taskOf(settings);
  const label = task.readFor(actual, writtenLabels(model));
  const options = { maxWords: MAX_WORDS, label };
  const target = task.target(label ?? actual);
  if (target !== undefined) {
    const example = { text, label: target };
    const found = await traceUnit(backend, model, text, at, { ...options, example });
    if (found.words.length < MAX_WORDS) return found; // else the loss is beyond the cut
  }
  return await traceUnit(backend, model, text, at, options);
}

/** Computes each word's contribution to the score of the predicted label. */
export async function whyOf(backend: Backend, model: Model, text: string): Promise<Explanation> {
  const [explanation] = await explain(backend, model, [text]);
  return explanation;
}
