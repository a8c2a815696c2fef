/**
 * The head: from the states over time to the logits, and back.
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
 * Mean pooling: the mean of each sentence's states, m = (h_1 + … + h_n) / n.
 *
 * @param outputs h_1 to h_n and padding, `[timeSteps * batch, width]`.
 * @returns `[batch, width]`.
 */
export function meanOverTime(ops: Ops, outputs: Tensor, batch: Batch): Tensor {
  return ops.multiplyColumn(ops.scatterRows(outputs, batch.sentence!), batch.inverseLengths!);
}

/** Returns dL/dh_t = dL/dm / n for each step of a sentence, zero for padding. */
export function meanOverTimeBackward(ops: Ops, dMean: Tensor, batch: Batch): Tensor {
  return ops.gatherRows(ops.multiplyColumn(dMean, batch.inverseLengths!), batch.sentence!);
}

/**
 * Max pooling: the maximum of each sentence's states, unit by unit.
 *
 * @param outputs h_1 to h_n and padding, `[timeSteps * batch, width]`.
 * @returns `[batch, width]`.
 */
export function maxOverTime(ops: Ops, outputs: Tensor, batch: Batch): Tensor {
  return ops.maxRows(outputs, batch.sentence!);
}

/** Returns dL/dh_t: each unit's gradient goes to the first step that has the maximum. */
export function maxOverTimeBackward(
  ops: Ops,
  dMax: Tensor,
  max: Tensor,
  outputs: Tensor,
  batch: Batch,
): Tensor {
  return ops.maxRowsGradient(dMax, max, outputs, batch.sentence!);
}

/** Concatenates the mean and the maximum of each sentence's states, `[batch, 2 width]`. */
function meanMaxOverTime(ops: Ops, outputs: Tensor, batch: Batch): Tensor {
  return ops.concatColumns([meanOverTime(ops, outputs, batch), maxOverTime(ops, outputs, batch)]);
}

/** Returns dL/dh_t, the sum of the gradients through the mean and through the maximum. */
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

/** What the forward pass of pooling keeps for the backward pass. */
export interface Pooled {
  /** The top layer's h_1 to h_n, `[timeSteps * batch, width]`; absent for the head `last`. */
  outputs?: Tensor;
  /** The pooled states, `[batch, width]`; the outputs themselves if predictions are per step. */
  pooled: Tensor;
}

/** Pooling over time: from the states to the input of the logits. */
export interface Pooling {
  /** Whether there is one prediction per time step instead of one per sentence. */
  readonly isPerStep: boolean;
  /** Whether it needs all states at once, so that long sentences cannot be read in chunks. */
  readonly isWhole?: boolean;
  /** Pools the top layer's states. */
  forward(ops: Ops, top: LayerPass, batch: Batch): Pooled;
  /** Returns the gradients of the layers' states, from that of the pooled states. */
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

/** Returns how a network pools its states over time. */
export function poolingOf({ head }: Pick<NetworkConfig, "head">): Pooling {
  return POOLINGS[head];
}

/** Pooling over time, updated step by step. */
export interface RunningPool {
  /** Returns the accumulated values, `[1, width]`, after further outputs, `[steps, width]`. */
  add(ops: Ops, kept: Tensor | undefined, outputs: Tensor): Tensor;
  /** Returns the pooled states after a number of steps. */
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

/** Returns a network's step-by-step pooling; undefined if it reads only the last output. */
export function runningPoolOf({ head }: NetworkConfig): RunningPool | undefined {
  return RUNNING[head];
}

/** Returns the logits y = h Why + b_y, for h `[m, width]`. */
export function logitsOf(ops: Ops, h: Tensor, Why: Tensor, bY: Tensor): Tensor {
  return ops.addRow(ops.matmul(h, Why), bY);
}

/**
 * Returns the gradients of the head, from dy, `[m, labels]`:
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
