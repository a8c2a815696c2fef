/**
 * The flags of `deno task export --to pytorch`: the training options that `train.py` supports.
 *
 * @module
 */
import { TRAINING_FLAGS } from "../flags/run_flags.ts";
import { LAYOUT_FLAGS, SERIES_FLAGS } from "../flags/series_flags.ts";

/** The names of the training flags. */
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

/** The training flags, and the flags for reading series. */
export const PYTORCH_FLAGS = { ...SERIES_FLAGS, ...LAYOUT_FLAGS, ...training };
