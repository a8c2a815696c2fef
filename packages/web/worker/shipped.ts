/**
 * The trained network that ships with the page, as `build.ts` made it.
 *
 * @module
 */
import { readCheckpoint } from "@unroll/core/texts";
import type { EpochRow } from "../protocol.ts";
import { unpack } from "../packed_bytes.ts";
import type { Settings } from "../settings.ts";
import { presetOf } from "../sets/presets.ts";
import type { ResumePoint } from "./training.ts";

/** The set whose network it is. */
export const SHIPPED_SET = "moods";

/** The script that `build.ts` writes: data alone, so that no request asks for more than a script. */
export interface ShippedFile {
  /** A checkpoint's file, packed. */
  checkpoint: string;
  /** The rows of the charts: epoch, loss and accuracy in training, loss and accuracy on the test set. */
  rows: [number, number, number, number, number][];
}

/** The end of the shipped run, if it is the one that these settings ask for. */
export async function shippedFor(settings: Settings): Promise<ResumePoint | undefined> {
  const own = presetOf(SHIPPED_SET), names = Object.keys(own) as (keyof Settings)[];
  if (names.some((name) => settings[name] !== own[name])) return undefined;
  const file = new URL("trained.js", import.meta.url).href; // beside the worker
  const { checkpoint: packed, rows } = await import(file) as ShippedFile;
  const { checkpoint } = await readCheckpoint(new Blob([await unpack(packed)]), "trained.js");
  return { checkpoint, rows: rows.map(rowOf) };
}

function rowOf(row: ShippedFile["rows"][number]): EpochRow {
  const [epoch, trainLoss, trainAccuracy, testLoss, testAccuracy] = row;
  return { epoch, trainLoss, trainAccuracy, testLoss, testAccuracy };
}
