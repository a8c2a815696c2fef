/**
 * The tensor interface on WebAssembly kernels: the fused ops, in addition to the primitive ones.
 *
 * @module
 */
import type {
  Activation,
  AdamOptions,
  AttentionSpans,
  CrfTrace,
  CrfWeights,
  GruTrace,
  Indices,
  LstmTrace,
  RnnWeights,
  SgdExample,
  Tensor,
} from "@unroll/core";
import { attend, attendBack, type Matrix } from "./attention.ts";
import type { CpuBackend } from "./backend.ts";
import { runCrf } from "./crf.ts";
import { runSgdSteps, scratchSize } from "./sgd_steps.ts";
import type { Numbers } from "./loops.ts";
import { Memory } from "./memory.ts";
import { sizeOf } from "./plain.ts";
import { SimdNorms } from "./simd_norms.ts";
import type { CreateProducts } from "./matrix_products.ts";
import { Products } from "./products.ts";
import {
  gruSteps,
  gruStepsBack,
  lstmSteps,
  lstmStepsBack,
  rnnSteps,
  rnnStepsBack,
} from "./steps.ts";
import { Threads } from "./threads.ts";
import { createKernels } from "./wasm/kernels.ts";

const BYTES = 4; // per number

/** Settings of {@linkcode createSimdBackend}. */
export interface SimdOptions {
  /** Whether to use fused multiply-add, if the machine supports it. */
  fused: boolean;
  /** The maximum number of threads. */
  threads: number;
  /** The maximum number of bytes for tensors. Default: as in {@linkcode createKernels}. */
  memory?: number;
  /** The number of multiplications from which a kernel's call is shared among threads. */
  minWorkToShare?: number;
  /** Another implementation of products, and the backend's name. Default: WebAssembly kernels. */
  products?: { name: string; create: CreateProducts };
}

/** Creates a backend on kernels; returns undefined if the machine has no SIMD. */
export function createSimdBackend(options: SimdOptions): CpuBackend | undefined {
  const kernels = createKernels(options.fused, options.memory);
  if (!kernels) return undefined;
  const { memory: arena, limit } = kernels;
  const threads = new Threads(kernels, options.threads, options.minWorkToShare);
  const memory = new Memory("float32", { arena, start: threads.end, limit });
  const { name, create } = options.products ?? {};
  const products = create?.(kernels, threads, memory) ?? new Products(kernels, threads, memory);
  return new SimdBackend(memory, { kernels, threads, products, space: memory }, name);
}

/** A backend on kernels. */
export class SimdBackend extends SimdNorms {
  crossEntropy(
    logits: Tensor,
    labels: Indices,
    rowWeights: Tensor,
  ): { losses: Tensor; dLogits: Tensor } {
    const [m, n] = logits.shape;
    const y = this.addressOf(logits),
      w = this.addressOf(rowWeights),
      right = this.memory.ints(labels);
    const dLogits = this.like(logits), losses = this.memory.tensor(m, 1);
    const facts = this.memory.tensor(m, 2), places = this.memory.tensor(m, 2);
    const { buffer, byteOffset } = places.data!;
    const offsets = new Int32Array(buffer, byteOffset, 2 * m);
    for (let i = 0; i < m; i++) {
      offsets[2 * i] = BYTES * Math.max(0, right[i]);
      places.data![2 * i + 1] = right[i] < 0 ? 0 : 1;
    }
    const at = [y, dLogits.data!.byteOffset, facts.data!.byteOffset];
    this.byRows("crossEntropy", logits, at, [w, byteOffset]);
    const x = this.memory.floats(logits), [loss, fact] = [losses.data!, facts.data!];
    for (let i = 0; i < m; i++) {
      const logSum = fact[2 * i] + Math.log(fact[2 * i + 1]);
      loss[i] = right[i] < 0 ? -0 : -Math.fround(x[i * n + right[i]] - logSum);
    }
    for (const tensor of [facts, places]) this.memory.release(tensor);
    return { losses, dLogits };
  }

  crf(
    logits: Tensor,
    { startTransitions, endTransitions, transitions }: CrfWeights,
    targets: Int32Array,
    batch: number,
    weight: number,
  ): CrfTrace {
    const [rows, labels] = logits.shape;
    const losses = this.zeros([rows, 1]);
    const [marginals, dLogits] = [this.zeros(logits.shape), this.zeros(logits.shape)];
    const [start, end] = [this.zeros([1, labels]), this.zeros([1, labels])];
    const pairs = this.zeros([labels, labels]);
    const numbers = (tensor: Tensor) => this.memory.floats(tensor);
    runCrf(
      numbers(logits),
      {
        start: numbers(startTransitions),
        end: numbers(endTransitions),
        transitions: numbers(transitions),
      },
      targets,
      [rows, labels, batch],
      weight,
      {
        losses: numbers(losses),
        marginals: numbers(marginals),
        dLogits: numbers(dLogits),
        start: numbers(start),
        end: numbers(end),
        transitions: numbers(pairs),
      },
    );
    return {
      losses,
      marginals,
      dLogits,
      startTransitions: start,
      endTransitions: end,
      transitions: pairs,
    };
  }

  override rnnForward(
    inputs: Tensor,
    h0: Tensor,
    Whh: Tensor,
    activation: Activation,
    active?: readonly number[],
  ): Tensor {
    const [batch] = h0.shape;
    const W = this.weightsOf(Whh, false, batch), x = this.addressOf(inputs);
    const states = this.sequence(h0, inputs.shape[0]);
    const [h, rows] = [states.data!.byteOffset, inputs.shape[0]];
    const isFresh = isZero(states.data!, sizeOf(h0));
    rnnSteps(this.context, h, x, W, batch, rows, activation, isFresh, active);
    return states;
  }

  override rnnBackward(
    dStates: Tensor,
    states: Tensor,
    Whh: Tensor,
    batch: number,
    activation: Activation,
    active?: readonly number[],
  ): Tensor {
    const [rows, hidden] = states.shape;
    const W = this.weightsOf(Whh, true, batch),
      d = this.addressOf(dStates),
      h = this.addressOf(states);
    const dInputs = this.memory.tensor(rows - batch, hidden);
    const dz = dInputs.data!.byteOffset;
    rnnStepsBack(this.context, dz, d, h, W, batch, rows - batch, activation, active);
    return dInputs;
  }

  override lstmForward(
    inputs: Tensor,
    h0: Tensor,
    c0: Tensor,
    Whh: Tensor,
    active?: readonly number[],
  ): LstmTrace {
    const [batch] = h0.shape;
    const W = this.weightsOf(Whh, false, batch);
    const states = this.sequence(h0, inputs.shape[0]);
    const cells = this.sequence(c0, inputs.shape[0]);
    const gates = this.memory.move(inputs);
    const [h, c, g] = [states, cells, gates].map(({ data }) => data!.byteOffset);
    this.clearPadding([states, cells, gates], batch, active);
    lstmSteps(this.context, h, c, g, W, batch, inputs.shape[0], active);
    return { states, cells, gates };
  }

  override lstmBackward(
    dStates: Tensor,
    { cells, gates }: LstmTrace,
    Whh: Tensor,
    batch: number,
    dCells?: Tensor,
    active?: readonly number[],
  ): { dInputs: Tensor; dc0: Tensor } {
    const W = this.weightsOf(Whh, true, batch);
    const d = this.addressOf(dStates), c = this.addressOf(cells), g = this.addressOf(gates);
    const dInputs = this.like(gates);
    const dc0 = this.zerosOf(batch, Whh.shape[0]), dh = this.like(dc0);
    const [dz, dc, scratch] = [dInputs, dc0, dh].map(({ data }) => data!.byteOffset);
    const direct = dCells && this.addressOf(dCells);
    const rows = gates.shape[0];
    this.clearPadding([dInputs], batch, active);
    lstmStepsBack(this.context, dz, scratch, dc, d, c, g, W, batch, rows, direct, active);
    this.memory.release(dh);
    return { dInputs, dc0 };
  }

  override gruForward(
    inputs: Tensor,
    h0: Tensor,
    Whh: Tensor,
    bhn: Tensor,
    active?: readonly number[],
  ): GruTrace {
    const [batch, hidden] = h0.shape;
    const W = this.weightsOf(Whh, false, batch),
      x = this.addressOf(inputs),
      b = this.addressOf(bhn);
    const states = this.sequence(h0, inputs.shape[0]);
    const gates = this.memory.tensor(inputs.shape[0], 4 * hidden);
    const products = this.memory.tensor(batch, 3 * hidden);
    const [h, g, scratch] = [states, gates, products].map(({ data }) => data!.byteOffset);
    this.clearPadding([states, gates], batch, active);
    gruSteps(this.context, h, g, scratch, x, W, b, batch, inputs.shape[0], active);
    this.memory.release(products);
    return { states, gates };
  }

  override gruBackward(
    dStates: Tensor,
    { states, gates }: GruTrace,
    Whh: Tensor,
    batch: number,
    active?: readonly number[],
  ): { dInputs: Tensor; dRecurrent: Tensor; dCarry: Tensor } {
    const hidden = Whh.shape[0];
    const W = this.weightsOf(Whh, true, batch);
    const d = this.addressOf(dStates), h = this.addressOf(states), g = this.addressOf(gates);
    const dInputs = this.memory.tensor(gates.shape[0], 3 * hidden), dRecurrent = this.like(dInputs);
    const dCarry = this.zerosOf(batch, hidden);
    const [dx, dp, carry] = [dInputs, dRecurrent, dCarry].map(({ data }) => data!.byteOffset);
    this.clearPadding([dInputs, dRecurrent], batch, active);
    gruStepsBack(this.context, dx, dp, carry, d, h, g, W, batch, gates.shape[0], active);
    return { dInputs, dRecurrent, dCarry };
  }

  attention(
    queries: Tensor,
    memory: Tensor,
    spans: AttentionSpans,
  ): { contexts: Tensor; weights: Tensor } {
    const contexts = this.zerosOf(queries.shape[0], queries.shape[1]);
    const weights = this.zerosOf(queries.shape[0], spans.sourceSteps);
    const [q, h, c, a] = [queries, memory, contexts, weights].map((each) => this.#matrix(each));
    attend(this.context, q, h, c, a, spans);
    return { contexts, weights };
  }

  attentionBackward(
    dContexts: Tensor,
    queries: Tensor,
    memory: Tensor,
    weights: Tensor,
    spans: AttentionSpans,
  ): { dQueries: Tensor; dMemory: Tensor } {
    const dQueries = this.zerosOf(queries.shape[0], queries.shape[1]);
    const dMemory = this.zerosOf(memory.shape[0], memory.shape[1]);
    const all = [dContexts, queries, memory, weights, dQueries, dMemory];
    const [dc, q, h, a, dq, dh] = all.map((each) => this.#matrix(each));
    attendBack(this.context, dc, q, h, a, dq, dh, spans);
    return { dQueries, dMemory };
  }

  adam(
    W: Tensor,
    m: Tensor,
    v: Tensor,
    gradient: Tensor,
    { keep, stepSize, beta1, beta2, epsilon, rows }: AdamOptions,
  ): [W: Tensor, m: Tensor, v: Tensor] {
    const g = this.addressOf(gradient);
    const ids = rows && this.idsOf(rows); // before any tensor is consumed
    const n = W.shape[1], row = BYTES * n;
    const after = [W, m, v].map((state) => this.memory.move(state));
    const scalars = [keep, stepSize, beta1, 1 - beta1, beta2, 1 - beta2, epsilon] as const;
    const all = [...after.map(({ data }) => data!.byteOffset), g];
    if (ids) {
      this.pickRows("adamPicked", ids, n, all.map((at) => [at, row] as const), 3, scalars);
    } else this.overRows("adam", 1, sizeOf(W), all.map((at) => [at, 0] as const), scalars);
    return [after[0], after[1], after[2]];
  }

  rnnSgdSteps(
    weights: RnnWeights,
    examples: readonly SgdExample[],
    clip: number,
    activation: Activation,
  ): { weights: RnnWeights; logits: Tensor } {
    const [hidden, labels] = weights.Why.shape;
    const longest = examples.reduce((most, { words }) => Math.max(most, words.length), 1);
    const logits = this.memory.tensor(examples.length, labels);
    const sizes = { hidden, labels, longest };
    const scratch = this.memory.tensor(1, scratchSize(sizes));

    const after = mapRnnWeights(weights, (W) => this.memory.move(W));
    const places = mapRnnWeights(after, (W) => this.addressOf(W));
    const rest = { logits: this.addressOf(logits), scratch: this.addressOf(scratch), ...sizes };
    runSgdSteps(this.context.kernels, { ...places, ...rest }, examples, clip, activation);
    this.memory.release(scratch);
    return { weights: after, logits };
  }

  #matrix(tensor: Tensor): Matrix {
    return { data: this.memory.floats(tensor), columns: tensor.shape[1] };
  }
}

function isZero(numbers: Numbers, count: number): boolean {
  for (let i = 0; i < count; i++) if (numbers[i] !== 0) return false;
  return true;
}

function mapRnnWeights<T, U>(
  { Wxh, Whh, bh, Why, bY }: Record<keyof RnnWeights, T>,
  fn: (W: T) => U,
): Record<keyof RnnWeights, U> {
  return { Wxh: fn(Wxh), Whh: fn(Whh), bh: fn(bh), Why: fn(Why), bY: fn(bY) };
}
