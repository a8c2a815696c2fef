/**
 * Validates checkpoints: nothing from a file or a caller is trusted.
 *
 * @module
 */
import type { FloatArray, Shape } from "../backend.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { mapWeights, type Weights } from "../network/weights.ts";
import { slotNames } from "./optimizer.ts";
import type { Progress } from "./progress.ts";
import { isRecord, summary } from "./same.ts";
import { checkSettled, type SettledOptions } from "./settled.ts";

/** A kind of value, with its check. */
interface Kind {
  /** What a message says was expected. */
  expected: string;
  /** Whether a value is of this kind. */
  is(value: unknown): boolean;
  /** Whether it may be missing. */
  isOptional?: true;
}

const isFinite = (value: unknown): value is number => Number.isFinite(value);

const ANY: Kind = { expected: "a finite number", is: isFinite };
const NOT_NEGATIVE = {
  expected: "a number of at least 0",
  is: (value) => isFinite(value) && value >= 0,
} satisfies Kind;
const BOOLEAN: Kind = { expected: "true or false", is: (value) => typeof value === "boolean" };
const NAME: Kind = {
  expected: "a name",
  is: (value) => typeof value === "string" && /^[a-z]{1,20}$/.test(value), // safe to print
};
const BETAS: Kind = {
  expected: "two numbers",
  is: (value) => Array.isArray(value) && value.length === 2 && value.every(isFinite),
};
const LABEL_WEIGHTS: Kind = {
  expected: 'null, "balanced", or a number of at least 0 for each label',
  is: (value) =>
    value === null || value === "balanced" ||
    isRecord(value) && Object.values(value).every(NOT_NEGATIVE.is),
};
const NESTED: Kind = { expected: "settings", is: isRecord };

const whole = (least: number): Kind => ({
  expected: `a whole number of at least ${least}`,
  is: (value) => Number.isSafeInteger(value) && (value as number) >= least,
});

const orNull = ({ expected, is }: Kind): Kind => ({
  expected: `null, or ${expected}`,
  is: (value) => value === null || is(value),
});

function optional(kind: Kind): Kind {
  return { ...kind, isOptional: true };
}

const PROGRESS: Record<keyof Progress, Kind> = {
  epoch: /* @__PURE__ */ whole(1),
  batches: /* @__PURE__ */ whole(0),
  steps: /* @__PURE__ */ whole(0),
  loss: ANY,
  weight: NOT_NEGATIVE,
  sums: {
    expected: "finite numbers by name",
    // A metric named toString, for example, would shadow a member of every object.
    is: (value) =>
      isRecord(value) &&
      Object.entries(value).every(([name, sum]) => !(name in Object.prototype) && isFinite(sum)),
  },
  targets: /* @__PURE__ */ whole(0),
  cuts: /* @__PURE__ */ whole(0),
  sinceCut: /* @__PURE__ */ whole(0),
  bestLoss: /* @__PURE__ */ orNull(ANY),
  bestEpoch: /* @__PURE__ */ whole(0),
  gainLoss: /* @__PURE__ */ orNull(ANY),
  gainEpoch: /* @__PURE__ */ whole(0),
  refit: /* @__PURE__ */ optional(whole(1)),
};

const TRUE: Kind = { expected: "true", is: (value) => value === true, isOptional: true };

// `fineTuning`, which may be missing, is checked together with the ranges.
const OPTIONS: Record<Exclude<keyof SettledOptions, "fineTuning">, Kind> = {
  epochs: ANY,
  batchSize: ANY,
  timeSteps: /* @__PURE__ */ orNull(ANY),
  teacherForcing: ANY,
  learningRate: ANY,
  optimizer: NESTED,
  schedule: NESTED,
  clip: /* @__PURE__ */ orNull(ANY),
  clipNorm: /* @__PURE__ */ orNull(ANY),
  labelWeights: LABEL_WEIGHTS,
  shuffle: BOOLEAN,
  seed: ANY,
  patience: /* @__PURE__ */ orNull(ANY),
  refit: TRUE,
};

const OPTIMIZER: Record<keyof Required<SettledOptions["optimizer"]>, Kind> = {
  name: NAME,
  momentum: ANY,
  alpha: ANY,
  betas: BETAS,
  epsilon: ANY,
  weightDecay: ANY,
  dense: TRUE,
};

const SCHEDULE: Record<keyof SettledOptions["schedule"], Kind> = {
  name: NAME,
  every: ANY,
  factor: ANY,
  warmUp: ANY,
};

type Fail = (problem: string) => never;
type Training = Pick<Checkpoint, "progress" | "options" | "examples"> & { notes?: unknown };

/** Fails unless a value is a valid description of a training run in a checkpoint. */
export function checkTraining(value: unknown, fail: Fail): asserts value is Training {
  if (!isRecord(value)) return fail("is damaged: its training should have progress and options");
  const { progress, options, examples } = value;
  checkFields("progress", progress, PROGRESS, fail);
  checkFields("options", options, OPTIONS, fail);
  const settled = options as unknown as SettledOptions;
  checkFields("optimizer", settled.optimizer, OPTIMIZER, fail);
  checkFields("schedule", settled.schedule, SCHEDULE, fail);
  checkRanges(settled, fail);
  checkProgress(progress as unknown as Progress, settled.epochs, fail);
  if (Object.hasOwn(progress, "refit") && !settled.refit) {
    fail("is damaged: its progress has a refit, but its options have none");
  }
  const { is, expected } = whole(0);
  if (is(examples) && examples as number < 2 ** 32) return;
  fail(
    `is damaged: the checksum of its examples is ${summary(examples)} instead of ${expected}`,
  );
}

function checkFields(
  name: string,
  value: unknown,
  kinds: Record<string, Kind>,
  fail: Fail,
): asserts value is Record<string, unknown> {
  if (!isRecord(value)) return fail(`is damaged: it has no ${name}`);
  const has = `is damaged: its ${name} ${name === "options" ? "have" : "has"}`;
  for (const [field, { expected, is, isOptional }] of Object.entries(kinds)) {
    const isThere = Object.hasOwn(value, field);
    if (isOptional && !isThere) continue;
    if (!isThere) fail(`${has} no ${field}`);
    if (is(value[field])) continue;
    fail(`${has} ${field} ${summary(value[field])} instead of ${expected}`);
  }
}

/** Fails unless `train` accepts these options. */
function checkRanges(options: SettledOptions, fail: Fail): void {
  try {
    checkSettled(options);
  } catch (error) {
    fail(`is damaged: in its options, ${(error as Error).message}`);
  }
}

/** Fails if progress contradicts itself. */
function checkProgress(progress: Progress, epochs: number, fail: Fail): void {
  const { epoch, batches, steps, loss, weight, sums, targets } = progress;
  const { cuts, sinceCut, bestLoss, bestEpoch, gainLoss, gainEpoch, refit = 0 } = progress;
  const last = refit || epochs;
  // After the first epoch, there is always a best loss and a last improvement.
  const contradicts = (loss: number | null, of: number) =>
    of >= epoch || (of === 0) !== (epoch === 1) || (loss === null) !== (epoch === 1);
  const contradictions: Record<string, boolean> = {
    [`is in a refit of ${refit} epochs, in a run of ${epochs}`]: refit > epochs,
    [`is at epoch ${epoch} of ${last}`]: epoch > last + 1,
    [`has ${batches} batches and ${steps} steps`]: steps < batches + epoch - 1 ||
      (epoch === 1 && steps !== batches),
    [`has an accuracy of ${sums.accuracy} in ${targets}`]: sums.accuracy < 0 ||
      sums.accuracy > targets,
    "has a loss before its epoch's first batch": batches === 0 &&
      [loss, weight, targets, ...Object.values(sums)].some((value) => value !== 0),
    [`has its best loss, ${bestLoss}, in epoch ${bestEpoch}, but is at epoch ${epoch}`]:
      contradicts(bestLoss, bestEpoch),
    [`has its last improvement, to ${gainLoss}, in epoch ${gainEpoch}, but is at epoch ${epoch}`]:
      contradicts(gainLoss, gainEpoch),
    [`has ${cuts} learning-rate cuts and ${sinceCut} epochs since, in epoch ${epoch}`]:
      cuts + sinceCut >= epoch,
  };
  const found = Object.entries(contradictions).find(([, isSo]) => isSo);
  if (found) fail(`is damaged: its progress ${found[0]}`);
}

/** Fails if an optimizer's mean of squares is negative, as its root would be NaN. */
export function checkSlots(slots: Weights<FloatArray>, fail: Fail): void {
  for (const [name, data] of Object.entries(slots)) {
    const at = name.startsWith("v.") ? data.findIndex((value: number) => value < 0) : -1;
    if (at >= 0) fail(`is damaged: the mean squares ${name} have ${data[at]} at index ${at}`);
  }
}

/** Fails if a checkpoint lacks best weights that it must have, or has ones that it cannot have. */
export function checkBest(hasBest: boolean, { progress, options }: Training, fail: Fail): void {
  if (hasBest && progress.refit) fail("is damaged: it has best weights in a refit, which has none");
  if (hasBest && progress.epoch === 1) fail("is damaged: it has best weights in epoch 1");
  if (!hasBest && progress.epoch > 1 && options.patience !== null && !progress.refit) {
    fail("is damaged: it has early stopping, but no best weights");
  }
}

/** The shapes of the tensors in a checkpoint. */
export interface CheckpointShapes {
  /** The shapes of the weights. */
  shapes: Weights<Shape>;
  /** The shapes of the carried state, for a number of streams; missing if there is none. */
  carriedShapes?(streams: number): Weights<Shape>;
}

/** Fails unless a checkpoint has all weights, the whole optimizer state and the carried state. */
export function checkNumbers(
  checkpoint: Checkpoint,
  { shapes, carriedShapes }: CheckpointShapes,
  fail: Fail,
): void {
  const { model, best, slots, carriedState, options } = checkpoint;
  const sizesOf = (all: Weights<Shape>) => mapWeights(all, ([rows, columns]) => rows * columns);
  const sizes = sizesOf(shapes);
  checkAll("weights", model.weights, sizes, fail);
  checkBest(best !== undefined, checkpoint, fail);
  if (best !== undefined) checkAll("best weights", best, sizes, fail);
  const kept: Record<string, number> = {};
  for (const [name, size] of Object.entries(sizes)) {
    if (name === "embedding" && model.config.frozen) continue;
    for (const slot of slotNames(options.optimizer)) kept[`${slot}.${name}`] = size;
  }
  checkAll("slots", slots, kept, fail);
  checkSlots(slots, fail);
  if (carriedState === undefined || carriedShapes === undefined) return;
  const { hidden } = model.config;
  const streams = Math.max(1, Math.ceil((carriedState.h_l0?.length ?? 0) / hidden));
  checkAll("carried states", carriedState, sizesOf(carriedShapes(streams)), fail);
}

function checkAll(
  what: string,
  given: unknown,
  sizes: Record<string, number>,
  fail: Fail,
): asserts given is Weights<FloatArray> {
  if (!isRecord(given)) return fail(`is damaged: it has no ${what}`);
  for (const [name, size] of Object.entries(sizes)) {
    const data = given[name];
    if (!(data instanceof Float32Array || data instanceof Float64Array)) {
      return fail(`is damaged: its ${what} lack ${name}`);
    }
    if (data.length !== size) {
      fail(`is damaged: its ${what} have ${data.length} numbers in ${name} instead of ${size}`);
    }
    const at = data.findIndex((value: number) => !Number.isFinite(value));
    if (at >= 0) fail(`is damaged: its ${what} have ${data[at]} in ${name} at index ${at}`);
  }
}
