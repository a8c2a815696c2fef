/**
 * What the command line says of an ensemble, and where there can be none.
 *
 * @module
 */
import { InputError } from "@unroll/core";
import type { RunSettings } from "../flags/run_flags.ts";
import type { Output } from "../output/train_report.ts";

type Settings = Pick<RunSettings, "ensemble" | "from" | "seed">;

/** Throws for an ensemble that is to go on from a model: each of its networks is new. */
export function requireNewNetworks({ ensemble = 1, from }: Settings): void {
  if (ensemble === 1 || from === undefined) return;
  throw new InputError(
    "--ensemble: trains new networks, each from its beginning; leave out --from",
  );
}

/** Some notes, and what an ensemble is made of. */
export function withEnsemble(
  { ensemble = 1, seed }: Settings,
  notes: Output | undefined,
): Output | undefined {
  if (ensemble === 1) return notes;
  const last = seed + ensemble - 1, { lines, records } = notes ?? { lines: [], records: [] };
  return {
    lines: [
      ...lines,
      `Ensemble of ${ensemble} networks, with the seeds ${seed} to ${last}: the answer is the mean ` +
      "of their outputs.",
    ],
    records: [...records, { type: "ensemble", networks: ensemble, seeds: [seed, last] }],
  };
}
