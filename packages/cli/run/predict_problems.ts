/**
 * The rows of a file that have no prediction.
 *
 * @module
 */
import { InputError } from "@unroll/core";
import { rowsOf } from "../files/chunks.ts";
import { printable, warn } from "../output/terminal.ts";

const SHOWN = 10; // rows without a prediction that are named
const WIDTH = 2000; // maximum columns of one of those lines

/** The rows without a prediction: their counts, and the first ones by name. */
export interface Problems {
  /** Number of rows written without a prediction, and of rows not written. */
  readonly counts: { readonly empty: number; readonly leftOut: number };
  /** Adds a row, which is written without a prediction or not written. */
  add(line: number, problem: string, what: "empty" | "left out"): void;
  /** Prints the problems and returns the exit status. */
  print(): number;
}

/**
 * Creates a collection of rows without a prediction.
 *
 * @param strict Whether `add` throws an {@linkcode InputError}.
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
      if (leftOut > 0) warn(`${have(leftOut)} been left out as unreadable`);
      first.sort((a, b) => a.line - b.line); // the first rows are read ahead, out of order
      for (const { problem } of first) warn(`  ${printable(problem, WIDTH)}`);
      if (all > first.length) warn(`  and ${rowsOf(all - first.length)} more`);
      return 2;
    },
  };
}
