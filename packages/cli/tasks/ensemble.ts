/**
 * Ensembles on the command line: their note, and the check of their flags.
 *
 * @module
 */
import { InputError } from "@unroll/core";
import type { RunSettings } from "../flags/run_flags.ts";
import type { Output } from "../output/train_report.ts";

type Settings = Pick<RunSettings, "ensemble" | "from" | "seed">;

/**
 * Checks that an ensemble does not continue from a model, because all its networks are new.
 *
 * @throws {InputError} If --ensemble is combined with --from.
 */
export function requireNewNetworks({ ensemble = 1, from }: Settings): void {
  if (ensemble === 1 || from === undefined) return;
  throw new InputError(
    "--ensemble: trains new networks from scratch; leave out --from",
  );
}

/** Returns notes, with the networks of the ensemble appended. */
export function withEnsemble(
  { ensemble = 1, seed }: Settings,
  notes: Output | undefined,
): Output | undefined {
  if (ensemble === 1) return notes;
  const last = seed + ensemble - 1, { lines, records } = notes ?? { lines: [], records: [] };
  return {
    lines: [
      ...lines,
      `Ensemble of ${ensemble} networks, with the seeds ${seed} to ${last}: it predicts the mean ` +
      "of their outputs.",
    ],
    records: [...records, { type: "ensemble", networks: ensemble, seeds: [seed, last] }],
  };
}
