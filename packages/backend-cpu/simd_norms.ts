/**
 * Layer normalization on kernels, and the recurrence built on it.
 *
 * @module
 */
import type { Normalized, NormLstmTrace, NormLstmWeights, Tensor } from "@unroll/core";
import { createJob, runJob } from "./jobs.ts";
import type { CpuTensor } from "./memory.ts";
import { normLstmSteps, normLstmStepsBack } from "./norm_steps.ts";
import { SimdOps } from "./simd_ops.ts";

const BYTES = 4; // per number

/** The ops of layer normalization, in addition to the primitive ones. */
export class SimdNorms extends SimdOps {
  normalize(x: Tensor): Normalized {
    const [m, n] = x.shape, row = BYTES * n, from = this.addressOf(x);
    const values = this.like(x), scales = this.memory.tensor(m, 1);
    const [to, by] = [values, scales].map(({ data }) => data!.byteOffset);
    this.#overWholeRows("normalize", m, n, [[from, row], [to, row], [by, BYTES]]);
    return { values, scales };
  }

  normalizeBackward(dValues: Tensor, { values, scales }: Normalized): Tensor {
    const [m, n] = values.shape, row = BYTES * n;
    const [d, x, r] = [dValues, values, scales].map((tensor) => this.addressOf(tensor));
    const gain = this.memory.tensor(1, n), out = this.like(values);
    gain.data!.fill(1, 0, n);
    const [one, to] = [gain, out].map(({ data }) => data!.byteOffset);
    const matrices = [[d, row], [one, 0], [x, row], [r, BYTES], [to, row]] as const;
    this.#overWholeRows("normalizeBack", m, n, matrices);
    this.memory.release(gain);
    return out;
  }

  normLstmForward(
    inputs: Tensor,
    h0: Tensor,
    c0: Tensor,
    weights: NormLstmWeights,
    active?: readonly number[],
  ): NormLstmTrace {
    const [batch, hidden] = h0.shape, [rows] = inputs.shape;
    const W = this.weightsOf(weights.Whh, false, batch);
    const [x, gh, gc, bc] = [inputs, weights.gh, weights.gc, weights.bc]
      .map((tensor) => this.addressOf(tensor));
    const states = this.sequence(h0, rows), cells = this.sequence(c0, rows);
    const gates = this.memory.tensor(rows, 6 * hidden);
    const products = this.memory.tensor(rows, 4 * hidden), scales = this.memory.tensor(rows, 2);
    const scratch = this.memory.tensor(batch, 4 * hidden);
    this.clearPadding([states, cells, gates, products, scales], batch, active);
    const at = {
      inputs: x,
      gh,
      gc,
      bc,
      ...placesOf({ states, cells, gates, products, scales, scratch }),
    };
    normLstmSteps(this.context, at, W, batch, rows, active);
    this.memory.release(scratch);
    return { states, cells, gates, products, scales };
  }

  normLstmBackward(
    dStates: Tensor,
    { cells, gates, products, scales }: NormLstmTrace,
    weights: NormLstmWeights,
    batch: number,
    dCells?: Tensor,
    active?: readonly number[],
  ): { dInputs: Tensor; dProducts: Tensor; dShown: Tensor; dc0: Tensor } {
    const hidden = weights.Whh.shape[0], [rows] = gates.shape;
    const W = this.weightsOf(weights.Whh, true, batch);
    const read = { cells, gates, products, scales, gh: weights.gh, gc: weights.gc, dStates };
    const [c, g, p, r, gh, gc, d] = Object.values(read).map((tensor) => this.addressOf(tensor));
    const direct = dCells && this.addressOf(dCells);
    const dInputs = this.memory.tensor(rows, 4 * hidden), dProducts = this.like(dInputs);
    const dShown = this.memory.tensor(rows, hidden), dc = this.zerosOf(batch, hidden);
    const dh = this.like(dc), dShownBack = this.like(dc);
    this.clearPadding([dInputs, dProducts, dShown], batch, active);
    const at = {
      ...{ cells: c, gates: g, products: p, scales: r, gh, gc, dStates: d, dCells: direct },
      ...placesOf({ dInputs, dProducts, dShown, dc, dh, dShownBack }),
    };
    normLstmStepsBack(this.context, at, W, batch, rows, active);
    for (const tensor of [dh, dShownBack]) this.memory.release(tensor);
    return { dInputs, dProducts, dShown, dc0: dc };
  }

  /** Runs a kernel that needs whole rows, with some rows on each thread. */
  #overWholeRows(
    name: string,
    rows: number,
    columns: number,
    matrices: readonly (readonly [at: number, apart: number])[],
  ): void {
    const { kernels, threads } = this.context;
    runJob(threads, createJob(kernels, name, rows, columns, matrices), true);
  }
}

/** Returns the addresses of fresh tensors. */
function placesOf<Name extends string>(
  tensors: Record<Name, CpuTensor>,
): Record<Name, number> {
  const places = Object.entries<CpuTensor>(tensors)
    .map(([name, { data }]) => [name, data!.byteOffset]);
  return Object.fromEntries(places) as Record<Name, number>;
}
