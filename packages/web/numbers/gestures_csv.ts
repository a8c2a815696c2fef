/**
 * Strokes as a CSV file, with a row for each point.
 *
 * @module
 */
import {
  createSeriesReader,
  InputError,
  type Series,
  STROKE_SPACING,
  strokeSpacing,
} from "@unroll/core";
import { csvRow } from "../worker/csv.ts";
import type { Gesture } from "./gestures_protocol.ts";
import { CSV } from "./gestures_settings.ts";

const ROUNDING = 2e-4; // of two points with four decimals
const MOST = 2000; // strokes per file: the page draws each of them

/** Returns a file that `deno task train --task series-classification` can read. */
export function csvOf(gestures: readonly Gesture[]): string {
  const { series, time, label, columns } = CSV;
  const rows = gestures.flatMap(({ label, x, y }, i) =>
    x.map((value, t) => csvRow([`stroke-${i + 1}`, t, value, y[t], label]))
  );
  return csvRow([series, time, ...columns, label]) + rows.join("");
}

/** Reads the strokes of such a file, and notes about what was guessed or filled. */
export async function gesturesIn(file: File): Promise<{ gestures: Gesture[]; notes: string[] }> {
  const { series, time, label, columns } = CSV;
  const { name } = file;
  const problems: string[] = [];
  const reader = createSeriesReader({
    ...{ name, series, time, label, columns },
    layout: "long",
    onProblem: ({ line, problem }) => problems.push(`${name}:${line}: ${problem}`),
  });
  reader.push(new Uint8Array(await file.arrayBuffer()));
  const { series: all, reading: { notes } } = reader.end();
  if (all.length > MOST) {
    throw new InputError(`${name}: ${all.length} strokes; give at most ${MOST}`);
  }
  for (const [i, series] of all.entries()) {
    const apart = strokeSpacing(series);
    if (apart <= STROKE_SPACING + ROUNDING) continue;
    throw new InputError(
      `${series.where ?? `${name}: stroke ${i + 1}`}: points of the stroke are up to ` +
        `${apart.toPrecision(3)} apart; the page opens strokes that it saved, whose points are ` +
        `${STROKE_SPACING} apart. Train on others with the command line`,
    );
  }
  return { gestures: all.map(gestureOf), notes: [...notes, ...problems.slice(0, 3)] };
}

/** Converts a series of core to a stroke of the page. */
export function gestureOf({ values: [x, y], label, where }: Series): Gesture {
  if (label) return { label, x: [...x], y: [...y] };
  throw new InputError(`${where}: the stroke has no label; give it one in "${CSV.label}"`);
}

/** Converts a stroke of the page to a series of core. */
export function seriesOf({ label, x, y }: Gesture): Series {
  const { columns } = CSV;
  return { columns, values: [Float64Array.from(x), Float64Array.from(y)], label };
}
