/**
 * The flags of `deno task export`.
 *
 * @module
 */
import { PYTORCH_FLAGS } from "../exports/pytorch_flags.ts";
import { choice, file, toggle, type Values } from "../flags/flags.ts";
import { COLUMN_FLAGS, FORMAT_FLAGS, PAIR_FLAGS, TABLE_FLAGS } from "../flags/run_flags.ts";

/** The flags that depend on the export format. */
export const OWN_FLAGS = {
  "int8": toggle("store weights in 8 bits: a quarter of the size"),
  "weights": choice(
    ["inside", "beside"],
    "where a JavaScript module keeps its weights: inside, or next to it in a .bin file",
    "inside",
  ),
  "data": file(
    "for pytorch, training data to write next to the model; for js, examples to measure the effect of --int8",
    undefined,
  ),
  ...COLUMN_FLAGS,
  ...PAIR_FLAGS,
  ...FORMAT_FLAGS,
  ...TABLE_FLAGS,
  ...PYTORCH_FLAGS,
};

/** The values of the export flags. */
export type ExportSettings = Values<typeof OWN_FLAGS>;
