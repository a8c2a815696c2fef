/**
 * The flags of `deno task export`.
 *
 * @module
 */
import { PYTORCH_FLAGS } from "../exports/pytorch_flags.ts";
import { choice, file, toggle, type Values } from "../flags/flags.ts";
import { COLUMN_FLAGS, FORMAT_FLAGS, PAIR_FLAGS, TABLE_FLAGS } from "../flags/run_flags.ts";

/** The flags that depend on what a model is exported to. */
export const OWN_FLAGS = {
  "int8": toggle("store weights in 8 bits: a quarter of the size"),
  "weights": choice(
    ["inside", "beside"],
    "where a JavaScript module has its weights: inside it, or beside it in a file .bin",
    "inside",
  ),
  "data": file(
    "for pytorch, training data to write beside the model; for js, examples to measure what --int8 costs",
    undefined,
  ),
  ...COLUMN_FLAGS,
  ...PAIR_FLAGS,
  ...FORMAT_FLAGS,
  ...TABLE_FLAGS,
  ...PYTORCH_FLAGS,
};

/** Their values. */
export type ExportSettings = Values<typeof OWN_FLAGS>;
