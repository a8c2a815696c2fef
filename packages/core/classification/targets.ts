/**
 * The scores that explanations split into a share for each word.
 *
 * @module
 */
import type { FloatArray } from "../backend.ts";
import { InputError } from "../errors.ts";
import { quoteSome } from "../data/records.ts";
import { logSumExp } from "../network/loss.ts";
import { quote } from "../printable.ts";
import type { Asked, Target } from "../reasons.ts";
import { labelIds } from "./encode.ts";

/**
 * Creates the target for a label's log-odds, ln p - ln (1 - p), in nats. Near p = 1 the log-odds
 * keep growing, and so do the words' shares, while shares of ln p would vanish.
 *
 * @param from The index of the first label's output.
 */
export function logOddsTarget(label: string, c: number, labels: number, from = 0): Target {
  const othersOf = (outputs: FloatArray) =>
    logSumExp(outputs.subarray(from, from + labels).filter((_, j) => j !== c));
  return {
    label,
    score: (outputs) => outputs[from + c] - othersOf(outputs),
    gradient(outputs) { // 1 for the label, -softmax for the others
      const gradient = new Float64Array(outputs.length), others = othersOf(outputs);
      for (let j = 0; j < labels; j++) {
        gradient[from + j] = j === c ? 1 : -Math.exp(outputs[from + j] - others);
      }
      return gradient;
    },
  };
}

/** Creates the target for one output: `constant + factor * y[c]`. */
export function outputTarget(
  c: number,
  { label, factor = 1, constant = 0 }: { label?: string; factor?: number; constant?: number },
): Target {
  return {
    ...(label === undefined ? {} : { label }),
    score: (y) => constant + factor * y[c],
    gradient: (y) => new Float64Array(y.length).fill(factor, c, c + 1),
  };
}

/**
 * Returns the id of a label.
 *
 * @throws {InputError} If the model does not have the label.
 */
export function requireLabel(labels: readonly string[], label: string): number {
  const id = labelIds(labels)(label);
  if (id !== undefined) return id;
  throw new InputError(`there is no label ${quote(label)}; the labels are ${quoteSome(labels)}`);
}

/**
 * Throws if an explanation is requested for a single word.
 *
 * @throws {InputError} If so; the message says to leave the word out.
 */
export function requireWholeText({ word }: Asked): void {
  if (word === undefined) return;
  throw new InputError("this model labels whole texts, not single words; leave the word out");
}
