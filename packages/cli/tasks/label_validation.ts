/**
 * What follows the training of a classifier: the baseline, calibration and cross-validation.
 *
 * @module
 */
import {
  type Backend,
  calibrateClassifier,
  type ClassificationModel,
  evaluate,
  type Evaluation,
  InputError,
  refitCalibration,
  stratifiedFolds,
} from "@unroll/core";
import type { RunSettings } from "../flags/run_flags.ts";
import {
  accuraciesOf,
  describeCalibration,
  foldsRecord,
  foldsRows,
} from "../output/label_certainty.ts";
import type { FigureTable } from "../output/report_data.ts";
import { percent, table } from "../output/terminal.ts";
import type { Output } from "../output/train_report.ts";
import { type Examples, type Plan, type Review, startTraining } from "./plan.ts";

type LabelPlan = Plan<ClassificationModel>;

/** Plans a training run. */
type PlanPart = (examples: Examples) => Promise<LabelPlan>;

/** Returns a plan with the steps after the training that the flags ask for. */
export async function withValidation(
  all: Examples,
  settings: RunSettings & { resume?: string },
  known: ClassificationModel | undefined,
  planPart: PlanPart,
): Promise<LabelPlan> {
  const { folds, data } = settings;
  if (folds !== undefined && known) {
    throw new InputError("--folds: trains new models from scratch; leave out --from");
  }
  const parts = folds === undefined
    ? undefined
    : stratifiedFolds(all, folds, { seed: settings.seed });
  const plan = await planPart(all), { model } = plan;
  // A checkpoint of a refit has the calibration chosen before it; other models' is outdated.
  const isChosen = settings.resume !== undefined && model.calibration !== undefined;
  if (!isChosen) {
    delete model.linear;
    delete model.calibration;
  }
  const { hasBaseline, mixes } = baselineOf(settings);
  if (data === undefined) return plan;
  return {
    ...plan,
    ...(hasBaseline && !isChosen ? { finish: (backend) => calibrated(backend, plan, mixes) } : {}),
    ...(hasBaseline && !settings["no-refit"]
      ? {
        complete: (backend) =>
          refitCalibration(backend, model, all, { validation: plan.training.validation }),
      }
      : {}),
    ...(parts ? { review: crossValidation(parts, planPart, settings) } : {}),
  };
}

/** Returns whether there is a linear model, and whether it may be mixed with the network. */
export function baselineOf({ baseline = "mix" }: RunSettings) {
  return { hasBaseline: baseline !== "no", mixes: baseline === "mix" };
}

/** Calibrates the trained model, and reports the result. */
async function* calibrated(
  backend: Backend,
  { model, examples, training: { validation } }: LabelPlan,
  mix: boolean,
): AsyncGenerator<void, Output> {
  yield;
  const calibration = await calibrateClassifier(backend, model, examples, { validation, mix });
  if (!calibration) return { lines: [], records: [] };
  return {
    lines: ["", ...describeCalibration(calibration)],
    records: [{ type: "calibration", ...calibration }],
  };
}

/** Trains a separate model as the command does; yields so that the event loop can run. */
async function* trained(
  backend: Backend,
  some: Examples,
  planPart: PlanPart,
  settings: RunSettings,
): AsyncGenerator<Output, ClassificationModel> {
  const plan = await planPart(some), { model, examples, training } = plan;
  const { hasBaseline, mixes } = baselineOf(settings), { validation } = training;
  let isChosen = !hasBaseline;
  const choose = async () => {
    if (!isChosen) {
      await calibrateClassifier(backend, model, examples, { validation, mix: mixes });
    }
    isChosen = true;
  };
  for await (const event of startTraining(backend, plan)) {
    if (event.type === "refit" && !event.isPart) await choose(); // before it trains on the validation examples
    if (event.type === "progress") yield { lines: [], records: [] };
  }
  await choose();
  if (!settings["no-refit"]) await refitCalibration(backend, model, some, { validation });
  return model;
}

/** Trains once per fold without that fold, and evaluates on it. */
function crossValidation(
  parts: ReturnType<typeof stratifiedFolds<Examples>>,
  planPart: PlanPart,
  settings: RunSettings,
): Review {
  const folds = parts.length;
  return async function* (backend) {
    const found: Evaluation[] = [];
    yield {
      lines: [
        "",
        `Cross-validation: ${folds} training runs, each without one fold and evaluated on it.`,
      ],
      records: [],
    };
    for (const [k, { train: some, test }] of parts.entries()) {
      const model = yield* trained(backend, some, planPart, settings);
      const evaluation = await evaluate(backend, model, test);
      found.push(evaluation);
      const { accuracy, interval } = evaluation;
      yield {
        lines: [`  fold ${k + 1}: accuracy ${percent(accuracy)} on ${test.length} sentences`],
        records: [{
          ...{ type: "fold", fold: k + 1, sentences: test.length, accuracy, interval },
          accuracies: accuraciesOf(evaluation),
        }],
      };
    }
    const rows = foldsRows(found);
    yield {
      lines: ["", ...table(rows, [0]).map((line) => `  ${line}`)],
      records: [{ type: "cross-validation", folds, methods: foldsRecord(found) }],
    };
    const [head, ...body] = rows;
    const about = `${folds} training runs, each without one stratified fold and evaluated on it.`;
    return [{ title: "Cross-validation", about, head, rows: body }] satisfies FigureTable[];
  };
}
