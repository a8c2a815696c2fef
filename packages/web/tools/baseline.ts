/**
 * The accuracy of a linear model on n-grams, for comparison with the network.
 *
 * @module
 */
import { type ClassificationModel, evaluate, fitLinear } from "@unroll/core";
import type { ExportedRun } from "../run_protocol.ts";
import { examplesIn, openRun } from "./run.ts";

/** Returns the accuracy of core's linear baseline, trained on the same examples. */
export async function baselineOf(run: ExportedRun): Promise<number> {
  const { backend, model } = await openRun<ClassificationModel>(run.model);
  const linear = fitLinear(await examplesIn(run.train), model.labels);
  const { alone } = await evaluate(backend, { ...model, linear }, await examplesIn(run.measured));
  return alone!.linear!;
}
