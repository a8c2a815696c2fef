/**
 * The interface of an export format.
 *
 * @module
 */
import type { Model } from "@unroll/core";
import type { ExportSettings } from "../commands/export_flags.ts";

/** A format that models are exported to. */
export interface ExportTarget {
  /** A description in half a sentence, for the help. */
  title: string;
  /** The default path of the file or folder, without `--out`. */
  out: string;
  /** The required flags, for an example in the help. */
  needs?: string;
  /** The flags of this format, in addition to `--model`, `--to` and `--out`. */
  flags: readonly (keyof ExportSettings)[];
  /**
   * Writes the model; each file is written completely or not at all.
   *
   * @returns Lines that describe what was written and how to try it.
   */
  write(model: Model, out: string, settings: ExportSettings): Promise<string[]>;
}
