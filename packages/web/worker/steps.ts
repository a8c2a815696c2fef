/**
 * Step-by-step training: the examples of the next step, and the changes it makes.
 *
 * @module
 */
import { nextBatch, shapesOf } from "@unroll/core/texts";
import type { StepChange } from "../picture_protocol.ts";
import type { NextStep } from "../run_protocol.ts";
import { taskOf } from "../tasks/tasks.ts";
import { heatMapOf } from "./heat.ts";
import type { Training } from "./training.ts";

/** Returns the batch of the next step, without an example for streams; undefined after the last. */
export function nextStepOf({ experiment, position, isOver }: Training): NextStep | undefined {
  const { settings, model, parts: { train } } = experiment;
  const { batchSize } = settings, { epoch, batches } = position;
  const place = batches * batchSize + 1, of = train.length;
  if (isOver || of === 0) return undefined;
  if (taskOf(settings).isWriting) return { place, of, batch: 1 };
  const places = nextBatch(model, train, settings, epoch, batches);
  const { text, label } = train[places[0]];
  return { text, label, place, of, batch: places.length };
}

/** Takes one training step, and returns the changes of the weights. */
export async function stepOf(training: Training): Promise<StepChange> {
  const { model } = training.experiment, { weights: before } = model;
  training.go("step");
  while (training.isRunning) await training.turn();
  const change: StepChange = {};
  for (const [name, [, columns]] of Object.entries(shapesOf(model))) {
    const now = model.weights[name], was = before[name];
    const map = heatMapOf(now.map((value, i) => value - was[i]), columns);
    const largest = map.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    change[name] = { map, largest };
  }
  return change;
}
