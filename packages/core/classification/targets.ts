/**
 * The outputs whose shares words have: what a model's answer for a text rests on.
 *
 * @module
 */
import type { FloatArray, Ops, Tensor } from "../backend.ts";
import { InputError } from "../errors.ts";
import { quoteSome } from "../data/records.ts";
import { logSumExp } from "../network/loss.ts";
import { quote } from "../printable.ts";
import type { Target } from "../task.ts";
import { combinerOf, type Companions } from "./combine.ts";
import { labelIds } from "./encode.ts";

// Far below any logit, and no infinity: e to it is 0.
const NOTHING = -1e30;

/**
 * A label's log-odds against all others, ln p - ln (1 - p), in nats. Where p is near 1 they go on to
 * grow, and so do the shares, where those of ln p would vanish.
 */
export function logOddsTarget(label: string, c: number, labels: number): Target {
  const one = Float64Array.from({ length: labels }, (_, j) => j === c ? 1 : 0);
  return {
    label,
    score: (outputs) => outputs[c] - logSumExp(outputs.filter((_, j) => j !== c)),
    gradient(ops, outputs) { // 1 for the label, -softmax for the others
      const without = ops.addRow(
        outputs,
        ops.tensor(one.map((each) => each * NOTHING), [1, labels]),
      );
      return ops.addRow(ops.scale(ops.softmax(without), -1), ops.tensor(one, [1, labels]));
    },
  };
}

/** One of the outputs, times a factor, and a constant. */
export function outputTarget(
  c: number,
  outputs: number,
  { label, factor = 1, constant = 0 }: { label?: string; factor?: number; constant?: number },
): Target {
  const row = Float64Array.from({ length: outputs }, (_, j) => j === c ? factor : 0);
  return {
    ...(label === undefined ? {} : { label }),
    score: (y: FloatArray) => constant + factor * y[c],
    gradient: (ops: Ops, y: Tensor) =>
      ops.addRow(ops.zeros(y.shape), ops.tensor(row, [1, outputs])),
  };
}

/**
 * Of a classifier the predicted label, or the one that is asked for. Where a linear model is mixed in,
 * what it says of the text stays as it is: shares are of the network's part.
 */
export function labelTargets(
  model: Companions & { labels: readonly string[] },
  answer: { text: string; label: string },
  label = answer.label,
): Target[] {
  const { labels, calibration } = model, c = requireLabel(labels, label);
  const target = logOddsTarget(labels[c], c, labels.length);
  if (!calibration) return [target];
  const { linear } = combinerOf(model)!(new Float64Array(labels.length), [answer.text]);
  const other = Float64Array.from(labels, (_, k) => calibration.linear * (linear?.[k] ?? 0));
  return [mixedTarget(target, calibration.network, other)];
}

/** A score of outputs times a factor, and a constant row. */
function mixedTarget(target: Target, factor: number, constant: Float64Array<ArrayBuffer>): Target {
  return {
    ...target,
    score: (y) => target.score(constant.map((each, k) => each + factor * y[k])),
    gradient(ops, y) {
      const row = ops.tensor(constant, [1, constant.length]);
      return ops.scale(target.gradient(ops, ops.addRow(ops.scale(y, factor), row)), factor);
    },
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
