/**
 * What an export can be to.
 *
 * @module
 */
import type { Model } from "@unroll/core";
import type { ExportSettings } from "../commands/export_flags.ts";

/** A form that models are exported to. */
export interface ExportTarget {
  /** What it is, in half a sentence, for the help. */
  title: string;
  /** Where the file goes, or the folder, unless `--out` says otherwise. */
  out: string;
  /** The flags that it cannot do without, for an example of the help. */
  needs?: string;
  /** The flags that are for it besides `--model`, `--to` and `--out`. */
  flags: readonly (keyof ExportSettings)[];
  /**
   * Writes the model, every file whole or not at all.
   *
   * @returns What was written, in lines, the way to try it included.
   */
  write(model: Model, out: string, settings: ExportSettings): Promise<string[]>;
}
