/**
 * What follows the training of a tagger: the baseline, and mixing it with the network.
 *
 * @module
 */
import {
  type Backend,
  calibrateTagger,
  fitLinearTagger,
  type TaggingModel,
  tokenUnit,
} from "@unroll/core";
import type { RunSettings } from "../flags/run_flags.ts";
import { describeCalibration, onTokens } from "../output/label_certainty.ts";
import type { Output } from "../output/train_report.ts";
import { baselineOf } from "./label_validation.ts";
import type { Examples, Plan } from "./plan.ts";

/** Returns a plan with the steps after the training that the flags ask for. */
export function withTagBaseline(
  plan: Plan<TaggingModel>,
  all: Examples,
  settings: RunSettings,
): Plan<TaggingModel> {
  const { model } = plan, { hasBaseline, mixes } = baselineOf(settings);
  delete model.linear; // outdated in a model that is trained further
  delete model.calibration;
  if (settings.data === undefined || !hasBaseline) return plan;
  return {
    ...plan,
    finish: (backend) => calibrated(backend, plan, mixes),
    ...(settings["no-refit"] ? {} : {
      // deno-lint-ignore require-await
      complete: async () => {
        if (model.calibration?.linear) model.linear = fitLinearTagger(model, all);
      },
    }),
  };
}

/** Calibrates the trained model, and reports the result. */
async function* calibrated(
  backend: Backend,
  { model, examples, training: { validation } }: Plan<TaggingModel>,
  mix: boolean,
): AsyncGenerator<void, Output> {
  yield;
  const { tokenizer } = model;
  const calibration = await calibrateTagger(backend, model, examples, { validation, mix });
  if (!calibration) return { lines: [], records: [] };
  return {
    lines: ["", ...describeCalibration(calibration, tokenUnit(tokenizer), onTokens(tokenizer))],
    records: [{ type: "calibration", ...calibration }],
  };
}
