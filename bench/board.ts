/**
 * The results table of {@link ./quality.ts}: the time that each program took.
 *
 * @module
 */
import type { Quality } from "./goals.ts";
import { isReached, type Mark } from "./learn.ts";
import { markdownTable } from "./report.ts";

/** The results of a program on one task, over all seeds. */
export interface Outcome {
  /** The program. */
  name: string;
  /** The title of the task. */
  title: string;
  /** The median run's seconds to the goal; Infinity if it was not reached. */
  seconds: number;
  /** The number of steps of that run. */
  steps: number;
  /** The best metric value of that run. */
  best: number;
  /** Milliseconds per step, over all runs. */
  msPerStep: number;
  /** The measurements of every run. */
  runs: Mark[][];
}

/** Summarizes the runs of a program, one for each seed. */
export function outcomeOf(name: string, quality: Quality, runs: Mark[][]): Outcome {
  const { isLeast, title } = quality;
  const ends = runs.map((marks) => {
    const { step, seconds, value } = marks.at(-1)!;
    const values = marks.map((mark) => mark.value);
    return {
      step,
      taken: seconds,
      seconds: isReached(value, quality) ? seconds : Infinity,
      best: isLeast ? Math.min(...values) : Math.max(...values),
    };
  });
  const ranked = ends.toSorted((a, b) => a.seconds === b.seconds ? 0 : a.seconds - b.seconds);
  const middle = ranked[Math.floor(ranked.length / 2)]; // for an even number, the slower
  const [steps, taken] = [ends.map(({ step }) => step), ends.map(({ taken }) => taken)]
    .map((all) => all.reduce((sum, each) => sum + each, 0));
  const { seconds, step, best } = middle;
  return { name, title, seconds, steps: step, best, msPerStep: 1000 * taken / steps, runs };
}

/** Returns the results table in Markdown, with the date, the commit and a row for each program. */
export async function boardOf(
  about: readonly string[],
  qualities: readonly Quality[],
  outcomes: readonly Outcome[],
  limit: number,
): Promise<string> {
  const names = [...new Set(outcomes.map(({ name }) => name))];
  const cell = (name: string, { title, show }: Quality) => {
    const outcome = outcomes.find((each) => each.name === name && each.title === title);
    if (!outcome) return "";
    const { seconds, steps, best, msPerStep } = outcome;
    const pace = `${steps} steps of ${msPerStep.toFixed(1)} ms`;
    if (seconds < Infinity) return `${seconds.toFixed(1)} s (${pace})`;
    return `${show(best)} at best in ${limit} s (${pace})`;
  };
  const lines = [
    ["", ...qualities.map(({ title }) => title)],
    ...names.map((name) => [name, ...qualities.map((quality) => cell(name, quality))]),
  ];
  const day = new Date().toISOString().slice(0, 10);
  return [`${day}, commit ${await commit()}`, ...about, "", markdownTable(lines)].join("\n");
}

/** Returns the current commit, with a plus if files differ from it. */
async function commit(): Promise<string> {
  const ask = async (...args: string[]) => {
    const cwd = new URL(".", import.meta.url).pathname;
    const { stdout } = await new Deno.Command("git", { args, cwd, stderr: "null" }).output();
    return new TextDecoder().decode(stdout).trim();
  };
  try {
    const name = await ask("rev-parse", "--short", "HEAD");
    if (name === "") return "unknown";
    return name + (await ask("status", "--porcelain") === "" ? "" : "+");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "unknown";
    throw error;
  }
}
