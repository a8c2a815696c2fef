/**
 * The rows of a file that have no prediction.
 *
 * @module
 */
import { InputError } from "@unroll/core";
import { rowsOf } from "../files/chunks.ts";
import { printable, warn } from "../output/terminal.ts";

const SHOWN = 10; // rows without a prediction that are named
const WIDTH = 2000; // columns of one of those lines

/** The rows that have no prediction: counted, and the first of them named. */
export interface Problems {
  /** How many rows were written without an answer, and how many not at all. */
  readonly counts: { readonly empty: number; readonly leftOut: number };
  /** Counts a row, which is written without an answer or not at all. */
  add(line: number, problem: string, what: "empty" | "left out"): void;
  /** Prints them, and gives the exit status. */
  print(): number;
}

/**
 * Collects them.
 *
 * @param strict Whether the first one is an error.
 */
export function collectProblems(strict: boolean): Problems {
  const first: { line: number; problem: string }[] = [];
  const counts = { "empty": 0, "left out": 0 };
  return {
    get counts() {
      return { empty: counts.empty, leftOut: counts["left out"] };
    },
    add(line, problem, what) {
      if (strict) throw new InputError(problem);
      counts[what]++;
      if (first.length < SHOWN) first.push({ line, problem });
    },
    print() {
      const { "empty": empty, "left out": leftOut } = counts;
      const all = empty + leftOut;
      if (all === 0) return 0;
      const have = (count: number) => `error: ${rowsOf(count)} ${count === 1 ? "has" : "have"}`;
      if (empty > 0) warn(`${have(empty)} no prediction`);
      if (leftOut > 0) warn(`${have(leftOut)} been left out: what cannot be read is not written`);
      first.sort((a, b) => a.line - b.line); // a sample is read ahead
      for (const { problem } of first) warn(`  ${printable(problem, WIDTH)}`);
      if (all > first.length) warn(`  and ${rowsOf(all - first.length)} more`);
      return 2;
    },
  };
}
