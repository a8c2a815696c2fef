/**
 * The trained network shipped with the page, as written by `build.ts`.
 *
 * @module
 */
import { readCheckpoint } from "@unroll/core/texts";
import type { EpochRow } from "../run_protocol.ts";
import { SHIPPED_SET, type ShippedFile } from "../shipped_file.ts";
import { unpack } from "../packed_bytes.ts";
import type { Settings } from "../settings.ts";
import { presetOf } from "../sets/presets.ts";
import type { ResumePoint } from "./training.ts";

/** Returns the end of the shipped run, if the settings match it. */
export async function shippedFor(
  settings: Settings,
  file: ShippedFile | undefined,
): Promise<ResumePoint | undefined> {
  const own = presetOf(SHIPPED_SET), names = Object.keys(own) as (keyof Settings)[];
  if (!file || names.some((name) => settings[name] !== own[name])) return undefined;
  const { checkpoint: packed, rows } = file;
  const { checkpoint } = await readCheckpoint(new Blob([await unpack(packed)]), "trained");
  return { checkpoint, rows: rows.map(rowOf) };
}

function rowOf(row: ShippedFile["rows"][number]): EpochRow {
  const [epoch, trainLoss, trainAccuracy, testLoss, testAccuracy] = row;
  return { epoch, trainLoss, trainAccuracy, testLoss, testAccuracy };
}
