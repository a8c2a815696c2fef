/**
 * Formats and writes results.
 *
 * @module
 */
import { cpus, loadavg } from "node:os";
import { fail } from "./fail.ts";
import { median, type Result } from "./turns.ts";

/** Formats milliseconds. */
export function showTime(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
  return `${ms.toFixed(ms < 10 ? 2 : ms < 100 ? 1 : 0)} ms`;
}

/** Formats a ratio. */
export function showRatio(ratio: number): string {
  return ratio.toFixed(ratio < 10 ? 2 : ratio < 100 ? 1 : 0);
}

/** Returns the statistics of a result. */
export function summary({ name, ms, losses }: Result, base: number) {
  const middle = median(ms);
  return {
    name,
    median: middle,
    min: Math.min(...ms),
    max: Math.max(...ms),
    steps: ms.length,
    /** Its median relative to the first program's. */
    ratio: middle / base,
    lastLoss: losses.at(-1),
  };
}

/** One workload's results. */
export interface Row {
  /** The workload. */
  title: string;
  /** One for each program, the baseline first. */
  results: ReturnType<typeof summary>[];
  /** Whether their losses agree. */
  losses: string;
}

/** Returns the results of a workload, relative to the first. */
export function rowOf(title: string, results: readonly Result[], losses: string): Row {
  const base = median(results[0].ms);
  return { title, results: results.map((result) => summary(result, base)), losses };
}

/** Returns a Markdown table whose header is the first line. */
export function markdownTable(lines: readonly (readonly string[])[]): string {
  const widths = lines[0].map((_, i) => Math.max(3, ...lines.map((line) => line[i].length)));
  const shown = lines.map((line) =>
    `| ${line.map((cell, i) => cell.padEnd(widths[i])).join(" | ")} |`
  );
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [shown[0], rule, ...shown.slice(1)].join("\n");
}

/** Returns the lines of a table: one for each program, with a column for each workload. */
export function linesOfRows(rows: readonly Row[]): string[][] {
  const programs = [...new Set(rows.flatMap(({ results }) => results.map(({ name }) => name)))];
  return [
    ["", ...rows.map(({ title }) => title)],
    ...programs.map((name) => [
      name,
      ...rows.map(({ results }) => {
        const result = results.find((each) => each.name === name);
        if (!result) return "";
        const few = result.steps <= 2 ? `, ${result.steps === 1 ? "once" : "twice"}` : "";
        return `${showTime(result.median)} (${showRatio(result.ratio)}${few})`;
      }),
    ]),
  ];
}

/** Describes the machine, its load, and the runtime. */
export function machine(): string {
  const { arch, os } = Deno.build;
  const parts = [arch, `${navigator.hardwareConcurrency} cores`, os];
  try {
    parts.unshift(cpus()[0].model);
    parts.push(`load ${loadavg()[0].toFixed(1)}`);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
  }
  return `${parts.join(", ")}; Deno ${Deno.version.deno}, V8 ${Deno.version.v8}`;
}

/** Writes results as JSON. */
export async function writeResults(file: string | URL, results: unknown): Promise<void> {
  const kept = { date: new Date().toISOString(), machine: machine(), results };
  await Deno.writeTextFile(file, JSON.stringify(kept, null, 2) + "\n");
}

/** Parses the arguments: names, and the file to write. */
export function parseArguments(
  args: readonly string[],
  known: readonly string[],
  fallback: string,
): { names: string[]; file: string | URL } {
  const at = args.indexOf("--json");
  const file = at < 0 ? new URL(fallback, import.meta.url) : args[at + 1];
  const names = args.filter((_, i) => at < 0 || (i !== at && i !== at + 1));
  const wrong = names.find((name) => !known.includes(name));
  if (wrong !== undefined || file === undefined) {
    fail(`expected [--json FILE] and any of ${known.join(", ")}, got ${args.join(" ")}`);
  }
  return { names: names.length > 0 ? names : [...known], file };
}
