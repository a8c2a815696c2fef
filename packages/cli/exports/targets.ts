/**
 * The table of what models are exported to.
 *
 * @module
 */
import { pytorch } from "./pytorch.ts";
import type { ExportTarget } from "./target.ts";

/** What models are exported to, by the value of `--to`. */
export const TARGETS: Record<string, ExportTarget> = {
  pytorch,
};
