/**
 * The flags of `deno task export --to pytorch`: those of a training that `train.py` makes too.
 *
 * @module
 */
import { TRAINING_FLAGS } from "../flags/run_flags.ts";
import { LAYOUT_FLAGS, SERIES_FLAGS } from "../flags/series_flags.ts";

/** The flags of training that are for it. */
export const TRAINING_NAMES = [
  "epochs",
  "batch-size",
  "time-steps",
  "optimizer",
  "learning-rate",
  "momentum",
  "weight-decay",
  "schedule",
  "schedule-every",
  "schedule-factor",
  "warm-up",
  "clip",
  "clip-norm",
  "label-weights",
  "validation",
  "patience",
  "seed",
  "no-shuffle",
] as const;

const training = Object.fromEntries(
  TRAINING_NAMES.map((name) => [name, TRAINING_FLAGS[name]]),
) as Pick<
  typeof TRAINING_FLAGS,
  typeof TRAINING_NAMES[number]
>;

/** They, and those that say how series are read. */
export const PYTORCH_FLAGS = { ...SERIES_FLAGS, ...LAYOUT_FLAGS, ...training };
