/**
 * From the states over time to the logits, and back.
 *
 * @module
 */
import type { Ops, Tensor } from "../backend.ts";
import type { Batch } from "./batch.ts";
import type { Head, NetworkConfig } from "./config.ts";
import { layerOutputs, type LayerPass } from "./layer.ts";
import { lastStates, lastStatesBackward, type StackGradients } from "./stack.ts";
import type { Gradient, Weights } from "./weights.ts";

/**
 * The mean of each sentence's states, m = (h_1 + … + h_n) / n.
 *
 * @param outputs h_1 to h_n and padding, `[timeSteps * batch, width]`.
 * @returns `[batch, width]`.
 */
export function meanOverTime(ops: Ops, outputs: Tensor, batch: Batch): Tensor {
  return ops.multiplyColumn(ops.scatterRows(outputs, batch.sentence!), batch.inverseLengths!);
}

/** dL/dh_t = dL/dm / n for each step of a sentence, zero for padding. */
export function meanOverTimeBackward(ops: Ops, dMean: Tensor, batch: Batch): Tensor {
  return ops.gatherRows(ops.multiplyColumn(dMean, batch.inverseLengths!), batch.sentence!);
}

/**
 * The largest of each sentence's states, unit by unit.
 *
 * @param outputs h_1 to h_n and padding, `[timeSteps * batch, width]`.
 * @returns `[batch, width]`.
 */
export function maxOverTime(ops: Ops, outputs: Tensor, batch: Batch): Tensor {
  return ops.maxRows(outputs, batch.sentence!);
}

/** dL/dh_t: for each unit, what its maximum gets goes to the first step that has it. */
export function maxOverTimeBackward(
  ops: Ops,
  dMax: Tensor,
  max: Tensor,
  outputs: Tensor,
  batch: Batch,
): Tensor {
  return ops.maxRowsGradient(dMax, max, outputs, batch.sentence!);
}

/** The mean and the largest of each sentence's states side by side, [m, max], `[batch, 2 width]`. */
function meanMaxOverTime(ops: Ops, outputs: Tensor, batch: Batch): Tensor {
  return ops.concatColumns([meanOverTime(ops, outputs, batch), maxOverTime(ops, outputs, batch)]);
}

/** dL/dh_t: what comes back through the mean, and what through the maximum. */
function meanMaxOverTimeBackward(
  ops: Ops,
  dPooled: Tensor,
  { pooled, outputs }: Required<Pooled>,
  batch: Batch,
): Tensor {
  const width = outputs.shape[1];
  const halves = (a: Tensor) =>
    [ops.sliceColumns(a, 0, width), ops.sliceColumns(a, width, 2 * width)] as const;
  const [dMean, dMax] = halves(dPooled), [, max] = halves(pooled);
  return ops.add(
    meanOverTimeBackward(ops, dMean, batch),
    maxOverTimeBackward(ops, dMax, max, outputs, batch),
  );
}

/** What pooling leaves for the backward pass. */
export interface Pooled {
  /** The top layer's h_1 to h_n, `[timeSteps * batch, width]`; none for the last state. */
  outputs?: Tensor;
  /** The states after pooling, `[batch, width]`, or the outputs where there is one for each step. */
  pooled: Tensor;
}

/** How states over time become what the logits are made of. */
export interface Pooling {
  /** Whether there is one output for each step in place of one for the whole sentence. */
  readonly isPerStep: boolean;
  /** Whether it needs all states at once, so that long sentences are not read in chunks. */
  readonly isWhole?: boolean;
  /** From the top layer's states. */
  forward(ops: Ops, top: LayerPass, batch: Batch): Pooled;
  /** Back to the states of the layers. */
  backward(
    ops: Ops,
    config: NetworkConfig,
    dPooled: Tensor,
    pass: Pooled,
    batch: Batch,
  ): StackGradients;
}

const overTime = (
  forward: (ops: Ops, outputs: Tensor, batch: Batch) => Tensor,
  backward: (ops: Ops, dPooled: Tensor, pass: Required<Pooled>, batch: Batch) => Tensor,
  isWhole?: boolean,
): Pooling => ({
  isWhole,
  isPerStep: false,
  forward(ops, top, batch) {
    const outputs = layerOutputs(ops, top, batch);
    return { outputs, pooled: forward(ops, outputs, batch) };
  },
  backward: (ops, _, dPooled, pass, batch) => ({
    dOutputs: backward(ops, dPooled, pass as Required<Pooled>, batch),
  }),
});

const POOLINGS: Record<Head, Pooling> = {
  last: {
    isPerStep: false,
    forward: (ops, top, batch) => ({ pooled: lastStates(ops, top, batch) }),
    backward: (ops, config, dPooled) => lastStatesBackward(ops, config, dPooled),
  },
  mean: /* @__PURE__ */ overTime(
    meanOverTime,
    (ops, dMean, _, batch) => meanOverTimeBackward(ops, dMean, batch),
  ),
  max: /* @__PURE__ */ overTime(
    maxOverTime,
    (ops, dMax, { pooled, outputs }, batch) =>
      maxOverTimeBackward(ops, dMax, pooled, outputs, batch),
  ),
  "mean-max": /* @__PURE__ */ overTime(meanMaxOverTime, meanMaxOverTimeBackward, true),
  token: {
    isPerStep: true,
    forward(ops, top, batch) {
      const outputs = layerOutputs(ops, top, batch);
      return { outputs, pooled: outputs };
    },
    backward: (_, __, dOutputs) => ({ dOutputs }),
  },
};

/** How a network's states become what its logits are made of. */
export function poolingOf({ head }: Pick<NetworkConfig, "head">): Pooling {
  return POOLINGS[head];
}

/** Pooling over time that is made step by step. */
export interface RunningPool {
  /** What is kept, `[1, width]`, after some more outputs `[steps, width]`. */
  add(ops: Ops, kept: Tensor | undefined, outputs: Tensor): Tensor;
  /** The pooled states after a number of steps. */
  value(ops: Ops, kept: Tensor, steps: number): Tensor;
}

const RUNNING: Partial<Record<Head, RunningPool>> = {
  mean: {
    add: (ops, kept, outputs) => ops.sumRows(kept ? ops.concatRows([kept, outputs]) : outputs),
    value: (ops, kept, steps) => ops.scale(kept, 1 / steps),
  },
  max: {
    add(ops, kept, outputs) {
      const rows = kept ? ops.concatRows([kept, outputs]) : outputs;
      return ops.maxRows(rows, ops.indices(new Int32Array(rows.shape[0]), 1));
    },
    value: (_, kept) => kept,
  },
  "mean-max": {
    add(ops, kept, outputs) {
      const width = outputs.shape[1];
      const [sum, max] = [0, width].map((from) =>
        kept && ops.sliceColumns(kept, from, from + width)
      );
      return ops.concatColumns(
        [RUNNING.mean!, RUNNING.max!].map((each, i) => each.add(ops, [sum, max][i], outputs)),
      );
    },
    value(ops, kept, steps) {
      const width = kept.shape[1] / 2;
      const sum = ops.sliceColumns(kept, 0, width);
      return ops.concatColumns([
        ops.scale(sum, 1 / steps),
        ops.sliceColumns(kept, width, 2 * width),
      ]);
    },
  },
};

/** The pooling of a network step by step; none where the last output is all that counts. */
export function runningPoolOf({ head }: NetworkConfig): RunningPool | undefined {
  return RUNNING[head];
}

/** y = h Why + b_y, for h `[m, width]`. */
export function logitsOf(ops: Ops, h: Tensor, Why: Tensor, bY: Tensor): Tensor {
  return ops.addRow(ops.matmul(h, Why), bY);
}

/**
 * The head backward, from dy `[m, labels]`:
 *
 *     dWhy = Σ hᵀ dy
 *     db_y = Σ dy
 *     dh   = dy Whyᵀ
 */
export function logitsBackward(
  ops: Ops,
  h: Tensor,
  dLogits: Tensor,
  Why: Tensor,
): { gradients: Weights<Gradient>; dh: Tensor } {
  return {
    gradients: {
      Why: { values: ops.matmul(h, dLogits, { transposeA: true }) }, // dWhy = Σ hᵀ dy
      by: { values: ops.sumRows(dLogits) }, // db_y = Σ dy
    },
    dh: ops.matmul(dLogits, Why, { transposeB: true }), // dh = dy Whyᵀ
  };
}
