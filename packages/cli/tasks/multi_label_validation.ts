/**
 * What follows the training of a multi-label model: the baseline and the thresholds.
 *
 * @module
 */
import {
  type Backend,
  calibrateLabelSets,
  chooseThresholds,
  type Example,
  fitLinearLabels,
  type MultiLabelEvaluation,
  type MultiLabelModel,
  type Sequence,
} from "@unroll/core";
import type { RunSettings } from "../flags/run_flags.ts";
import { compareFigures, describeCalibration } from "../output/label_certainty.ts";
import { figure, LABEL, percent, printable } from "../output/terminal.ts";
import type { Output } from "../output/train_report.ts";
import { baselineOf } from "./label_validation.ts";
import type { Examples, Plan } from "./plan.ts";

/** Returns a plan with the steps after the training that the flags ask for. */
export function withLabelSetBaseline(
  plan: Plan<MultiLabelModel>,
  all: Examples,
  settings: RunSettings,
): Plan<MultiLabelModel> {
  const { model, training: { validation = [] } } = plan;
  const { hasBaseline, mixes } = baselineOf(settings);
  delete model.linear; // outdated in a model that is trained further
  delete model.calibration;
  const choosesThresholds = settings.threshold === undefined && validation.length > 0;
  if (settings.data === undefined || !hasBaseline && !choosesThresholds) return plan;
  return {
    ...plan,
    async *finish(backend) {
      const none: Output = { lines: [], records: [] };
      const mixed = hasBaseline ? yield* calibrated(backend, plan, mixes) : none;
      const thresholds = choosesThresholds
        ? yield* withThresholds(backend, model, validation)
        : none;
      return {
        lines: [...mixed.lines, ...thresholds.lines],
        records: [...mixed.records, ...thresholds.records],
      };
    },
    ...(!hasBaseline || settings["no-refit"] ? {} : {
      // deno-lint-ignore require-await
      complete: async () => {
        if (model.calibration?.linear) model.linear = fitLinearLabels(model, all);
      },
    }),
  };
}

/** Calibrates the trained model, and reports the result. */
async function* calibrated(
  backend: Backend,
  { model, examples, training: { validation } }: Plan<MultiLabelModel>,
  mix: boolean,
): AsyncGenerator<void, Output> {
  yield;
  const calibration = await calibrateLabelSets(backend, model, examples, { validation, mix });
  if (!calibration) return { lines: [], records: [] };
  return {
    lines: ["", ...describeCalibration(calibration)],
    records: [{ type: "calibration", ...calibration }],
  };
}

/** Compares network and linear model in one line; none without a linear model. */
export function compareParts(
  { alone, micro }: MultiLabelEvaluation,
  { calibration }: MultiLabelModel,
): string[] {
  const figures = { network: alone?.network.f1, linear: alone?.linear?.f1, both: micro.f1 };
  const line = compareFigures("micro F1", figures, calibration?.linear ?? 0)?.line;
  return line === undefined ? [] : [line];
}

/** Returns the scores of network and linear model, for the HTML report. */
export function partFacts({ alone }: MultiLabelEvaluation): [string, string][] {
  if (!alone?.linear) return [];
  const { network, linear } = alone;
  return [
    ["Network alone", `exact match ${percent(network.exact)}, micro F1 ${percent(network.f1)}`],
    [
      "Linear model on n-grams",
      `exact match ${percent(linear.exact)}, micro F1 ${percent(linear.f1)}`,
    ],
  ];
}

/** Chooses the thresholds of the trained model, and reports which have changed. */
async function* withThresholds(
  backend: Backend,
  model: MultiLabelModel,
  validation: Sequence<Example>,
): AsyncGenerator<void, Output> {
  yield; // lets signal listeners run first
  const chosen = await chooseThresholds(backend, model, validation);
  if (chosen.length === 0) return { lines: [], records: [] };
  const some = chosen.slice(0, SHOWN_THRESHOLDS).map(({ label, threshold, f1, before }) =>
    `${printable(label, LABEL)} ${figure(threshold, 2)} (F1 ${percent(before)} -> ${percent(f1)})`
  );
  const more = chosen.length > some.length ? `, and ${chosen.length - some.length} more` : "";
  return {
    lines: [
      "",
      `Thresholds chosen by F1 on the validation sentences: ${some.join(", ")}${more}; ` +
      `${model.threshold} for other labels. --threshold sets one for all.`,
    ],
    records: [{ type: "thresholds", thresholds: chosen }],
  };
}

const SHOWN_THRESHOLDS = 8;
