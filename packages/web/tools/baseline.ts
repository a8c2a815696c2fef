/**
 * How well a linear model on n-grams does, beside the network.
 *
 * @module
 */
import { type ClassificationModel, evaluate, fitLinear } from "@unroll/core";
import type { ExportedRun } from "../run_protocol.ts";
import { examplesIn, openRun } from "./run.ts";

/** The accuracy of core's linear baseline, which has learned from the same examples. */
export async function baselineOf(run: ExportedRun): Promise<number> {
  const { backend, model } = await openRun<ClassificationModel>(run.model);
  const linear = fitLinear(await examplesIn(run.train), model.labels);
  const { alone } = await evaluate(backend, { ...model, linear }, await examplesIn(run.measured));
  return alone!.linear!;
}
