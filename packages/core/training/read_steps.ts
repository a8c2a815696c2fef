/**
 * Reads the results of training steps back from the device, and checks them.
 *
 * @module
 */
import type { FloatArray, Ops, Tensor } from "../backend.ts";
import { DivergedError } from "../errors.ts";
import { knownIn } from "../network/losses/numbers.ts";
import { mapWeights, type Weights } from "../network/weights.ts";
import type { Step, Trained } from "./step.ts";
import type { TaskRun } from "./training_task.ts";

/** The training state and the results of steps, on the host. */
export interface StepsRead extends Trained<FloatArray> {
  /** The state that carries over from batch to batch besides the weights. */
  carriedState: Weights<FloatArray>;
  /** For each step, the losses, metric sums and labels of its targets; labels of numbers are -1. */
  steps: { losses: number[]; sums: Record<string, number>; labels: number[] }[];
}

/** Reads the results of steps and the training state in one read; throws if not finite. */
export async function readSteps(
  ops: Ops,
  { weights, slots, carriedState }: Trained<Tensor> & { carriedState: Weights<Tensor> },
  steps: readonly Step[],
  loss: TaskRun["loss"],
  place: (step: number) => string,
  advise: (losses?: FloatArray) => string,
): Promise<StepsRead> {
  const tensors = [weights, slots, carriedState].flatMap((all) => Object.values(all));
  const rowsOf = steps.map(({ losses }) => losses.shape[0]);
  let all: Tensor[] = [];
  let reading: Promise<FloatArray[]>;
  try {
    if (steps.length > 0) {
      const parts = [steps.map((step) => step.losses), steps.map((step) => step.outputs)];
      all = ops.scope(() => parts.map((some) => ops.concatRows(some)));
    }
    reading = ops.read([...all, ...tensors]);
  } finally {
    ops.dispose([...all, ...steps.flatMap((step) => [step.losses, step.outputs])]);
  }
  const values = await reading;
  const [l, y] = steps.length > 0 ? values.splice(0, 2) : [];

  let row = 0;
  let made = 0;
  const read = steps.map(({ targets, count }, k) => {
    const losses: number[] = [], labels: number[] = [], start = row;
    const first = made + 1, rows = rowsOf[k];
    made += count;
    for (let i = 0; i < rows; i++, row++) {
      if (!isTarget(targets, i, rows)) continue;
      if (!Number.isFinite(l[row])) {
        const what = `${place(count > 1 ? first + i : made)}: the loss`;
        requireFinite(l[row], what, () => advise(l.subarray(0, row) as FloatArray));
      }
      losses.push(l[row]);
      labels.push(targets instanceof Float64Array ? -1 : targets[i]);
    }
    const columns = all[1].shape[1];
    const outputs = y.subarray(start * columns, row * columns) as FloatArray;
    return { losses, labels, sums: loss.sums(outputs, columns, targets) };
  });
  let at = 0;
  const take = (_: Tensor, name: string) => {
    const numbers = values[at++];
    let bad = 0;
    for (let i = 0; i < numbers.length; i++) if (!Number.isFinite(numbers[i])) bad = numbers[i];
    requireFinite(bad, `${place(made)}: a value of ${name}`, () => advise(l));
    return numbers;
  };
  return {
    weights: mapWeights(weights, take),
    slots: mapWeights(slots, take),
    carriedState: mapWeights(carriedState, take),
    steps: read,
  };
}

/** Whether a row has a target: a label, or any number. */
function isTarget(targets: Step["targets"], row: number, rows: number): boolean {
  if (!(targets instanceof Float64Array)) return targets[row] >= 0;
  return knownIn(targets, row, targets.length / rows) > 0;
}

/** Throws if a number is not finite, with advice, which is computed only then. */
export function requireFinite(value: number, what: string, advise: () => string): void {
  if (!Number.isFinite(value)) throw new DivergedError(`${what} became ${value}; ${advise()}`);
}
