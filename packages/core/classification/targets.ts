/**
 * The outputs whose shares words have: what a model's answer for a text rests on.
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
 * A label's log-odds against all others, ln p - ln (1 - p), in nats. Where p is near 1 they go on to
 * grow, and so do the shares, where those of ln p would vanish.
 *
 * @param from The place of the first label's output among all.
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

/** One of the outputs, times a factor, and a constant. */
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
 * The id of a label.
 *
 * @throws {InputError} For one that the model does not have.
 */
export function requireLabel(labels: readonly string[], label: string): number {
  const id = labelIds(labels)(label);
  if (id !== undefined) return id;
  throw new InputError(`there is no label ${quote(label)}; there is ${quoteSome(labels)}`);
}

/**
 * Throws where a word is asked for.
 *
 * @throws {InputError} With the way out.
 */
export function requireWholeText({ word }: Asked): void {
  if (word === undefined) return;
  throw new InputError("this model labels whole texts, so that no word is asked for; leave it out");
}
