/**
 * The command line that reproduces the forecaster.
 *
 * @module
 */
import { addFlag } from "../shell_words.ts";
import type { ColumnRole, ForecastSettings, FoundSeries } from "./forecast_protocol.ts";

/** Returns `deno task train …`, with a flag for everything that the CLI would choose otherwise. */
export function forecastCommand(
  settings: ForecastSettings,
  found: FoundSeries,
  asked: { time?: string | null; series?: string | null },
): string {
  const { roles, horizon, holdOut, season, hidden, epochs, calendar, seed } = settings;
  const words = ["deno task train"];
  const add = (flag: string, value: string | number | undefined) => {
    if (value !== undefined) addFlag(words, flag, String(value));
  };
  const named = (role: ColumnRole) => Object.keys(roles).filter((name) => roles[name] === role);
  add("task", "forecast");
  add("data", found.builtIn === "visitors" ? "examples/visitors/visitors.csv" : found.name);
  // A time column alone does not affect the numbers, only how gaps are filled.
  if (asked.time !== undefined) add("time", asked.time ?? "none");
  if (asked.series !== undefined) add("series", asked.series ?? "none");
  const isAll = Object.values(roles).every((role) => role === "target");
  if (!isAll) {
    add("target", named("target").join(","));
    for (const [flag, role] of [["features", "feature"], ["known-ahead", "knownAhead"]] as const) {
      if (named(role).length > 0) add(flag, named(role).join(","));
    }
  }
  add("horizon", horizon);
  if (holdOut > 0) add("hold-out", holdOut);
  add("season", season);
  add("hidden", hidden);
  add("epochs", epochs);
  if (calendar) add("calendar", "yes");
  if (seed !== 1) add("seed", seed);
  return words.join(" ");
}
