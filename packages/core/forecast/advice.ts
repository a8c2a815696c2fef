/**
 * Suggests settings for series: windows, seasons, and whether to forecast the logarithm.
 *
 * @module
 */
import { findSeasons } from "../series/season.ts";
import type { Series } from "../series/series.ts";
import { seasonalNaive } from "./naive.ts";
import { rowsOf } from "./series.ts";

/** How series are cut into windows. */
export interface Cut {
  /** The seasons in rows, the shortest first; empty if there are none. */
  seasons: number[];
  /** The number of rows in one time step of the network. */
  segment: number;
  /** The number of rows to read. */
  window: number;
  /** The resulting number of windows, counted for each target. */
  windows: number;
}

// SegRNN's own settings for hourly data: windows of 720 in segments of 48.
const LONGEST_SEGMENT = 48, MOST_SEGMENTS = 15;
const USUAL_SEGMENT = 24; // without a season
const PER_WINDOW = 5; // times a window's rows in a series, so that there are enough windows

/**
 * Suggests windows for some series: segments of whole seasons if these divide the horizon, and up
 * to 15 of them, as far as the rows allow; more if a longer season needs them.
 */
export function cutOf(
  series: readonly Series[],
  targets: readonly string[],
  horizon: number,
  seasons = seasonsOf(series, targets),
): Cut {
  const season = seasons.at(0) ?? 1;
  const longest = series.reduce((most, each) => Math.max(most, rowsOf(each)), 0);
  let segment = Math.floor(LONGEST_SEGMENT / season) * season;
  while (segment > 0 && horizon % segment > 0) segment -= season;
  if (season === 1 || segment <= 0) segment = Math.min(horizon, USUAL_SEGMENT);
  if (season === 1) { while (horizon % segment > 0) segment--; }
  const room = Math.floor(longest / PER_WINDOW / segment);
  const most = Math.max(MOST_SEGMENTS, Math.ceil((seasons.at(-1) ?? 1) / segment));
  const window = segment * Math.max(1, Math.min(most, room));
  const windows = series.reduce(
    (sum, each) => sum + Math.max(0, rowsOf(each) - window - horizon + 1),
    0,
  );
  return { seasons, segment, window, windows: windows * targets.length };
}

/** Returns the seasons in rows that most targets have, the shortest first. */
export function seasonsOf(series: readonly Series[], targets: readonly string[]): number[] {
  const found = series.flatMap((each) => valuesOf(each, targets).map((all) => findSeasons(all)));
  // The most frequent one is chosen, and of equally frequent ones the shortest; 1 means none.
  const shortest = found.map((seasons) => seasons.at(0) ?? 1).sort((a, b) => a - b);
  const count = (season: number) => shortest.filter((each) => each === season).length;
  const first = shortest.reduce((best, each) => count(each) > count(best) ? each : best, 1);
  const longer = found.filter((seasons) => seasons[0] === first).flatMap((all) => all.slice(1));
  const isFrequent = (season: number) =>
    2 * longer.filter((each) => each === season).length >= count(first);
  const others = [...new Set(longer)].filter(isFrequent).sort((a, b) => a - b);
  return first > 1 ? [first, ...others] : [];
}

const MOST_ORIGINS = 500; // rows of a column at which seasons are tried
const BETTER = 0.98; // of a shorter season's error: a longer season must have less

/**
 * Returns the season whose repetition forecasts a horizon best: the shortest one, unless a longer
 * one is clearly better.
 *
 * @param columns The targets, each in parts.
 */
export function bestSeason(
  columns: readonly (readonly Float64Array[])[],
  seasons: readonly number[],
  horizon: number,
): number {
  const sorted = [...seasons].sort((a, b) => a - b), longest = sorted.at(-1) ?? 1;
  if (sorted.length < 2) return longest;
  const errorOf = (season: number) => {
    let sum = 0;
    for (const parts of columns) {
      let own = 0, size = 0;
      for (const values of parts) {
        const step = Math.max(1, Math.ceil(values.length / MOST_ORIGINS));
        for (let origin = longest; origin + horizon <= values.length; origin += step) {
          const forecast = seasonalNaive(values, origin, horizon, season);
          for (let t = 0; t < horizon; t++) {
            own += Math.abs(values[origin + t] - forecast[t]);
            size += Math.abs(values[origin + t] - values[origin - 1]);
          }
        }
      }
      if (size > 0) sum += own / size; // columns differ in unit
    }
    return sum;
  };
  let best = sorted[0], least = errorOf(best);
  for (const season of sorted.slice(1)) {
    const error = errorOf(season);
    if (error < BETTER * least) [best, least] = [season, error];
  }
  return best;
}

function valuesOf({ columns, values }: Series, names: readonly string[]): Float64Array[] {
  return values.filter((_, c) => names.includes(columns[c]));
}

const FEWEST_BLOCKS = 4, SHORTEST_BLOCK = 4; // blocks; rows
const GROWTH = 1.5; // largest mean over smallest, below which a logarithm changes little
const IN_PROPORTION = 0.5; // least slope of ln deviation over ln mean; 1: proportional

/**
 * Returns whether all targets are above 0, grow, and vary more the larger they are, as sales and
 * passenger numbers do. Their logarithm then varies evenly.
 */
export function growInProportion(
  series: readonly Series[],
  targets: readonly string[],
  season: number,
): boolean {
  const columns = series.flatMap((each) => valuesOf(each, targets));
  return columns.length > 0 && columns.every((column) => grows(column, season));
}

function grows(values: Float64Array, season: number): boolean {
  if (!values.every((value) => value > 0)) return false;
  const size = season >= SHORTEST_BLOCK ? season : Math.max(SHORTEST_BLOCK, values.length >> 3);
  const points: [mean: number, deviation: number][] = [];
  for (let start = 0; start + size <= values.length; start += size) {
    const block = values.subarray(start, start + size);
    const mean = block.reduce((sum, value) => sum + value, 0) / size;
    const squares = block.reduce((sum, value) => sum + (value - mean) ** 2, 0) / size;
    if (squares > 0) points.push([Math.log(mean), Math.log(squares) / 2]);
  }
  if (points.length < FEWEST_BLOCKS) return false;
  const average = (k: 0 | 1) => points.reduce((sum, point) => sum + point[k], 0) / points.length;
  const x = average(0), y = average(1);
  const spread = points.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
  const slope = points.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0) / spread;
  const means = points.map(([mean]) => mean);
  return Math.max(...means) - Math.min(...means) >= Math.log(GROWTH) && slope >= IN_PROPORTION;
}
