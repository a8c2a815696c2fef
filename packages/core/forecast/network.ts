/**
 * Forecasting by segments (SegRNN, Lin et al. 2023): a network reads the window in segments of S
 * rows and forecasts all segments of the horizon in parallel, from the state after the window. Each
 * has its own input: a learned position embedding and a learned embedding of the target column.
 *
 *     e_n = relu(x_n We + b_e)         x_n the n-th segment of the window: target and other columns
 *     h_n = cell(e_n, h_{n-1})         n = 1 … N, h_0 = 0
 *     u_m = [p_m, q_c] + k_m Wk        m = 1 … M, for the column c; k_m what is known ahead
 *     s_m = cell(u_m, h_N)             the same cell, one step, for every m
 *     y_m = s_m Why + b_y              S values for the forecast, and S more for each quantile
 *
 * The last target value of a window is subtracted from its target values, and added to all
 * forecasts outside the network.
 *
 * @module
 */
import type { FloatArray, Indices, Ops, Shape, Tensor } from "../backend.ts";
import type { Batch } from "../network/batch.ts";
import type { State } from "../network/cells/cell.ts";
import { dropoutMasks, dropoutRandom } from "../network/dropout.ts";
import { logitsBackward, logitsOf } from "../network/head.ts";
import { initWeights } from "../network/init.ts";
import { denseInputs } from "../network/inputs.ts";
import { layerOutputs } from "../network/layer.ts";
import { weightShapes } from "../network/shapes.ts";
import {
  masked,
  type PassOptions,
  stackBackward,
  stackForward,
  type StackPass,
} from "../network/stack.ts";
import { finalStates } from "../network/states.ts";
import type { Gradient, Weights } from "../network/weights.ts";
import type { Random } from "../random.ts";
import { type ForecastForm, knownWidth, readWidth, stepsOf } from "./form.ts";

/** Returns the shape of each weight. */
export function forecastShapes(form: ForecastForm): Weights<Shape> {
  const { config, segment, targets, quantiles } = form;
  const { hidden } = config, half = hidden >> 1;
  const { Why, by: bY, ...cells } = weightShapes(config, hidden, segment * (1 + quantiles.length));
  const known = knownWidth(form);
  return {
    We: [segment * readWidth(form), hidden],
    be: [1, hidden],
    ...cells,
    positions: [stepsOf(form)[1], hidden - half],
    ...(half > 0 ? { columns: [targets.length, half] as Shape } : {}),
    ...(known > 0 ? { Wk: [segment * known, hidden] as Shape } : {}),
    Why,
    by: bY,
  };
}

/** Draws initial weights: uniform within ±1 / √inputs; positions and columns standard normal. */
export function initForecaster(form: ForecastForm, random: Random): Weights<FloatArray> {
  const shapes = forecastShapes(form);
  // With no embedding, a row of Wxh would stand for an unknown word and start at zero.
  const weights = initWeights("scaled", { ...form.config, embedding: 1 }, shapes, random);
  const bound = 1 / Math.sqrt(shapes.We[0]);
  for (const name of ["We", "be"]) {
    weights[name] = weights[name].map(() => (2 * random.uniform() - 1) * bound);
  }
  for (const name of ["positions", "columns"]) {
    if (weights[name]) weights[name] = weights[name].map(() => random.normal());
  }
  return weights;
}

/** A batch of windows on a device. */
export interface ForecastBatch {
  /** The number of windows. */
  size: number;
  /** x_1 to x_N, `[N * size, segment * width]`. */
  x: Tensor;
  /** k_1 to k_M, `[M * size, segment * known]`, if anything is known ahead. */
  known?: Tensor;
  /** The steps over the window. */
  read: Batch;
  /** The steps over the horizon: one time step of M * size sequences. */
  ahead: Batch;
  /** The position of each of those sequences, `[M * size]`. */
  positions: Indices;
  /** The target column of each of those sequences, `[M * size]`. */
  columns: Indices;
}

/** Creates a batch of time steps without words. */
function frameOf(ops: Ops, size: number, steps: number): Batch {
  return {
    size,
    words: ops.indices(new Int32Array(steps * size).fill(-1), 1),
    last: ops.indices(
      Int32Array.from({ length: size }, (_, i) => steps * size + i),
      (steps + 1) * size,
    ),
  };
}

/**
 * Uploads a batch of windows.
 *
 * @param x Segment n of window i in row n * size + i, `[N * size, segment * width]`.
 * @param known The same for what is known ahead of the horizon, `[M * size, segment * known]`.
 * @param columns The index of each window's target.
 */
export function createForecastBatch(
  ops: Ops,
  form: ForecastForm,
  x: FloatArray,
  known: FloatArray,
  columns: Int32Array,
): ForecastBatch {
  const [N, M] = stepsOf(form), size = columns.length, { segment } = form;
  const rows = Int32Array.from({ length: M * size }, (_, row) => row);
  return {
    size,
    x: ops.tensor(x, [N * size, segment * readWidth(form)]),
    ...(known.length > 0
      ? { known: ops.tensor(known, [M * size, segment * knownWidth(form)]) }
      : {}),
    read: frameOf(ops, size, N),
    ahead: frameOf(ops, M * size, 1),
    positions: ops.indices(rows.map((row) => Math.floor(row / size)), M),
    columns: ops.indices(rows.map((row) => columns[row % size]), form.targets.length),
  };
}

/** The dropout masks of the passes over the window and over the horizon. */
export interface ForecastMasks {
  /** Masks of the steps over the window. */
  read?: PassOptions["masks"];
  /** Masks of the steps over the horizon, and of the head. */
  ahead?: PassOptions["masks"];
}

/** Creates the dropout masks of training step t: between layers, and before the head. */
export function forecastMasks(
  ops: Ops,
  form: ForecastForm,
  size: number,
  { seed, t }: { seed: number; t: number },
): ForecastMasks {
  const { config } = form;
  if (config.dropout === 0) return {};
  const random = dropoutRandom(seed, t), [N, M] = stepsOf(form);
  return {
    read: config.layers > 1 ? dropoutMasks(ops, config, size, N, { seed, t }, random) : undefined,
    ahead: dropoutMasks(ops, config, M * size, 1, { seed, t }, random),
  };
}

/** What the backward pass needs from the forward pass. */
export interface ForecastPass {
  /** e_1 to e_N. */
  e: Tensor;
  /** The layers over the window. */
  read: StackPass;
  /** The layers over the horizon. */
  ahead: StackPass;
  /** s_1 to s_M after dropout. */
  s: Tensor;
  /** y_1 to y_M, `[M * size, segment * (1 + quantiles)]`. */
  outputs: Tensor;
}

/** Runs the forward pass of a batch of windows. */
export function forecastForward(
  ops: Ops,
  form: ForecastForm,
  weights: Weights<Tensor>,
  batch: ForecastBatch,
  masks: ForecastMasks = {},
): ForecastPass {
  const { config } = form, [, M] = stepsOf(form);
  const e = ops.relu(ops.addRow(ops.matmul(batch.x, weights.We), weights.be));
  const read = stackForward(ops, config, weights, batch.read, {
    inputs: denseInputs(e),
    masks: masks.read,
  });
  const repeated = (a: Tensor) => M > 1 ? ops.concatRows(new Array<Tensor>(M).fill(a)) : a;
  const initial = finalStates(ops, read.layers, batch.size).map(({ h, c }): State => ({
    h: repeated(h), // h_N, for every m
    ...(c ? { c: repeated(c) } : {}),
  }));
  const p = ops.gatherRows(weights.positions, batch.positions);
  const own = weights.columns
    ? ops.concatColumns([p, ops.gatherRows(weights.columns, batch.columns)]) // [p_m, q_c]
    : p;
  const u = batch.known ? ops.add(own, ops.matmul(batch.known, weights.Wk)) : own;
  const ahead = stackForward(ops, config, weights, batch.ahead, {
    inputs: denseInputs(u),
    initial,
    masks: masks.ahead,
  });
  const top = layerOutputs(ops, ahead.layers[config.layers - 1], batch.ahead);
  const s = masked(ops, top, masks.ahead?.[config.layers]);
  return { e, read, ahead, s, outputs: logitsOf(ops, s, weights.Why, weights.by) };
}

/**
 * Runs the backward pass, from the gradient of the outputs to that of every weight: through the
 * head and the steps of the horizon, whose gradients for the state after the window are summed, and
 * then back through the window.
 *
 *     dL/dh_N = Σ_m dL/dh_N of step m
 *     dWk     = Σ_m k_mᵀ du_m          and du_m goes to p_m and q_c, one half each
 *     dWe     = Σ_n x_nᵀ (de_n ⊙ relu'(e_n))
 */
export function forecastBackward(
  ops: Ops,
  form: ForecastForm,
  weights: Weights<Tensor>,
  batch: ForecastBatch,
  { e, read, ahead, s }: ForecastPass,
  dOutputs: Tensor,
  masks: ForecastMasks = {},
): Weights<Gradient> {
  const { config } = form, [, M] = stepsOf(form), { size } = batch;
  const { gradients: head, dh } = logitsBackward(ops, s, dOutputs, weights.Why);
  const inputs = denseInputs(s); // says that there are inputs; the passes have them
  const later = stackBackward(ops, config, weights, batch.ahead, ahead, {
    dOutputs: masked(ops, dh, masks.ahead?.[config.layers]),
  }, { masks: masks.ahead, inputs });
  const summed = (a: Tensor) => {
    let sum = ops.sliceRows(a, 0, size);
    for (let m = 1; m < M; m++) sum = ops.add(sum, ops.sliceRows(a, m * size, (m + 1) * size));
    return sum;
  };
  const dFinal = later.layers.map(({ cells: [cell] }): State => {
    const { h, c } = cell.dInitial();
    return { h: summed(h), ...(c ? { c: summed(c) } : {}) };
  });
  const earlier = stackBackward(ops, config, weights, batch.read, read, { dFinal }, {
    masks: masks.read,
    inputs,
  });

  const du = later.layers[0].dInputs!;
  const width = weights.positions.shape[1];
  const gradients: Weights<Gradient> = { ...head };
  for (const [name, { values }] of Object.entries(later.gradients)) {
    gradients[name] = { values: ops.add(values, earlier.gradients[name].values) };
  }
  const dp = weights.columns ? ops.sliceColumns(du, 0, width) : du;
  gradients.positions = { values: ops.scatterRows(dp, batch.positions) };
  if (weights.columns) {
    const dq = ops.sliceColumns(du, width, config.hidden);
    gradients.columns = { values: ops.scatterRows(dq, batch.columns) };
  }
  if (batch.known) gradients.Wk = { values: ops.matmul(batch.known, du, { transposeA: true }) };
  const de = ops.multiply(earlier.layers[0].dInputs!, ops.reluDerivative(e));
  gradients.We = { values: ops.matmul(batch.x, de, { transposeA: true }) };
  gradients.be = { values: ops.sumRows(de) };
  return gradients;
}
