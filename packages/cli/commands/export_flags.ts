/**
 * The flags of `deno task export`.
 *
 * @module
 */
import { PYTORCH_FLAGS } from "../exports/pytorch_flags.ts";
import { file, toggle, type Values } from "../flags/flags.ts";
import { COLUMN_FLAGS, FORMAT_FLAGS, PAIR_FLAGS, TABLE_FLAGS } from "../flags/run_flags.ts";

/** The flags that depend on what a model is exported to. */
export const OWN_FLAGS = {
  "int8": toggle("store weights in 8 bits: a quarter of the size"),
  "data": file("training data to write beside the model", undefined),
  ...COLUMN_FLAGS,
  ...PAIR_FLAGS,
  ...FORMAT_FLAGS,
  ...TABLE_FLAGS,
  ...PYTORCH_FLAGS,
};

/** Their values. */
export type ExportSettings = Values<typeof OWN_FLAGS>;
