/**
 * The gated recurrences as plain loops; core's cells have the equations.
 *
 * @module
 */
import { addProduct, type Numbers, sigmoidLoop, tanhLoop } from "./loops.ts";

/**
 * Computes an LSTM's steps. States and cells start with h_0 and c_0, and the rest is written; the
 * gates contain the inputs and become i, f, g and o.
 */
export function lstmSteps(
  states: Numbers,
  cells: Numbers,
  gates: Numbers,
  Whh: Numbers,
  batch: number,
  hidden: number,
  timeSteps: number,
): void {
  const size = batch * hidden, width = 4 * hidden;
  for (let t = 0; t < timeSteps; t++) {
    const step = t * batch * width, before = t * size;
    addProduct(gates, step, states, before, hidden, 1, Whh, width, 1, batch, hidden, width);
    for (let row = 0; row < batch; row++) {
      const i = step + row * width, f = i + hidden, g = f + hidden, o = g + hidden;
      sigmoidLoop(gates, gates, i, 2 * hidden);
      tanhLoop(gates, gates, g, hidden);
      sigmoidLoop(gates, gates, o, hidden);
      const from = before + row * hidden, to = from + size;
      for (let j = 0; j < hidden; j++) {
        cells[to + j] = gates[f + j] * cells[from + j] + gates[i + j] * gates[g + j];
      }
      tanhLoop(states, cells, to, hidden);
      for (let j = 0; j < hidden; j++) states[to + j] *= gates[o + j];
    }
  }
}

/**
 * Computes an LSTM's steps backward. dc must be zero and becomes dL/dc_0; dh is scratch space for
 * one step; dCells is the gradient that reaches the cells directly, if any.
 */
export function lstmStepsBack(
  dInputs: Numbers,
  dh: Numbers,
  dc: Numbers,
  dStates: Numbers,
  cells: Numbers,
  gates: Numbers,
  Whh: Numbers,
  batch: number,
  hidden: number,
  timeSteps: number,
  dCells?: Numbers,
): void {
  const size = batch * hidden, width = 4 * hidden;
  // tanh(c_t) is computed again, because the forward pass keeps only c_t.
  const shown = dInputs; // the part for o is free until it is written
  for (let t = timeSteps; t >= 1; t--) {
    const step = (t - 1) * batch * width, now = t * size;
    for (let i = 0; i < size; i++) dh[i] = dStates[now + i];
    if (dCells) { for (let i = 0; i < size; i++) dc[i] += dCells[now + i]; }
    if (t < timeSteps) {
      const next = step + batch * width;
      addProduct(dh, 0, dInputs, next, width, 1, Whh, 1, width, batch, width, hidden);
    }
    for (let row = 0; row < batch; row++) {
      const i = step + row * width, f = i + hidden, g = f + hidden, o = g + hidden;
      const at = row * hidden, c = now + at, before = c - size;
      for (let j = 0; j < hidden; j++) shown[o + j] = cells[c + j];
      tanhLoop(shown, shown, o, hidden);
      for (let j = 0; j < hidden; j++) {
        const gi = gates[i + j], gf = gates[f + j], gg = gates[g + j], go = gates[o + j];
        const s = shown[o + j], d = dh[at + j];
        const dCell = dc[at + j] + d * go * (1 - s * s);
        dInputs[i + j] = dCell * gg * gi * (1 - gi);
        dInputs[f + j] = dCell * cells[before + j] * gf * (1 - gf);
        dInputs[g + j] = dCell * gi * (1 - gg * gg);
        dInputs[o + j] = d * s * go * (1 - go);
        dc[at + j] = dCell * gf;
      }
    }
  }
}

/**
 * Computes a GRU's steps. States start with h_0, and the rest is written; the gates become r, z, n
 * and h_{t-1} Whn + b_hn; products are scratch space for one step.
 */
export function gruSteps(
  states: Numbers,
  gates: Numbers,
  products: Numbers,
  inputs: Numbers,
  Whh: Numbers,
  bhn: Numbers,
  batch: number,
  hidden: number,
  timeSteps: number,
): void {
  const size = batch * hidden, width = 3 * hidden;
  for (let t = 0; t < timeSteps; t++) {
    const before = t * size;
    products.fill(0, 0, batch * width);
    addProduct(products, 0, states, before, hidden, 1, Whh, width, 1, batch, hidden, width);
    for (let row = 0; row < batch; row++) {
      const x = (t * batch + row) * width, p = row * width;
      const r = (t * batch + row) * 4 * hidden, n = r + 2 * hidden, q = n + hidden;
      for (let j = 0; j < 2 * hidden; j++) gates[r + j] = inputs[x + j] + products[p + j];
      sigmoidLoop(gates, gates, r, 2 * hidden);
      for (let j = 0; j < hidden; j++) {
        gates[q + j] = products[p + 2 * hidden + j] + bhn[j];
        gates[n + j] = inputs[x + 2 * hidden + j] + gates[r + j] * gates[q + j];
      }
      tanhLoop(gates, gates, n, hidden);
      const from = before + row * hidden, to = from + size, z = r + hidden;
      for (let j = 0; j < hidden; j++) {
        const candidate = gates[n + j];
        states[to + j] = candidate + gates[z + j] * (states[from + j] - candidate);
      }
    }
  }
}

/** Computes a GRU's steps backward. dCarry must be zero and becomes z_1 ⊙ dL/dh_1. */
export function gruStepsBack(
  dInputs: Numbers,
  dRecurrent: Numbers,
  dCarry: Numbers,
  dStates: Numbers,
  states: Numbers,
  gates: Numbers,
  Whh: Numbers,
  batch: number,
  hidden: number,
  timeSteps: number,
): void {
  const size = batch * hidden, width = 3 * hidden;
  for (let t = timeSteps; t >= 1; t--) {
    const now = t * size, step = (t - 1) * batch * width;
    for (let i = 0; i < size; i++) dCarry[i] += dStates[now + i];
    if (t < timeSteps) {
      const next = step + batch * width;
      addProduct(dCarry, 0, dRecurrent, next, width, 1, Whh, 1, width, batch, width, hidden);
    }
    for (let row = 0; row < batch; row++) {
      const gate = ((t - 1) * batch + row) * 4 * hidden, to = step + row * width;
      const at = row * hidden, before = now - size + at;
      for (let j = 0; j < hidden; j++) {
        const r = gates[gate + j], z = gates[gate + hidden + j];
        const n = gates[gate + 2 * hidden + j], q = gates[gate + 3 * hidden + j];
        const dh = dCarry[at + j];
        const dn = dh * (1 - z) * (1 - n * n);
        const dz = dh * (states[before + j] - n) * z * (1 - z);
        const dr = dn * q * r * (1 - r);
        dInputs[to + j] = dRecurrent[to + j] = dr;
        dInputs[to + hidden + j] = dRecurrent[to + hidden + j] = dz;
        dInputs[to + 2 * hidden + j] = dn;
        dRecurrent[to + 2 * hidden + j] = dn * r;
        dCarry[at + j] = dh * z;
      }
    }
  }
}
