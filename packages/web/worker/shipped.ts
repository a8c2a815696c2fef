/**
 * The trained network that ships with the page, as `build.ts` made it.
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

/** The end of the shipped run, if it is the one that these settings ask for. */
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
