/**
 * The tensor interface on kernels in WebAssembly. Ops that are not here are the plain loops.
 *
 * @module
 */
import type {
  Activation,
  AdamOptions,
  GruTrace,
  Indices,
  LstmTrace,
  MatmulOptions,
  RnnWeights,
  SgdExample,
  Tensor,
  UpdateOptions,
} from "@unroll/core";
import type { CpuBackend } from "./backend.ts";
import { runSgdSteps, scratchSize } from "./sgd_steps.ts";
import { createJob, runJob } from "./jobs.ts";
import type { Numbers } from "./loops.ts";
import { type CpuTensor, Memory } from "./memory.ts";
import { PlainBackend, sizeOf } from "./plain.ts";
import { type CreateProducts, type Place, Products } from "./products.ts";
import {
  gruSteps,
  gruStepsBack,
  type KernelContext,
  lstmSteps,
  lstmStepsBack,
  rnnSteps,
  rnnStepsBack,
} from "./steps.ts";
import { Threads } from "./threads.ts";
import { createKernels, type Kernels } from "./wasm/kernels.ts";

const BYTES = 4; // of a number
const SOFTMAX_WORK = 32; // multiplications that take as long as a number of a softmax
const SUM_GRAIN = 32; // columns of a piece: two threads should not write to one line of a cache
const REUSED = 4; // rows of a from which on packing b pays, as weights are used again

/** Settings of {@linkcode createSimdBackend}. */
export interface SimdOptions {
  /** Whether a product and a sum may be rounded once. */
  fused: boolean;
  /** How many threads there may be. */
  threads: number;
  /** How many bytes tensors may take. */
  memory?: number;
  /** From how many multiplications on a kernel's call is shared among threads. */
  minWorkToShare?: number;
  /** What makes products, given a name, if not kernels in WebAssembly. */
  products?: { name: string; create: CreateProducts };
}

/** A backend of kernels; none where the machine has no SIMD. */
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

/** A backend of kernels. */
export class SimdBackend extends PlainBackend {
  override readonly kernels: CpuBackend["kernels"];
  override readonly threads: number;
  #run: Kernels["run"];
  #context: KernelContext;

  constructor(memory: Memory, context: KernelContext, name?: string) {
    super("float32", memory, name);
    const { kernels, threads } = context;
    this.kernels = kernels.fused ? "simd with fma" : "simd";
    this.threads = threads.count;
    this.#run = kernels.run;
    this.#context = context;
  }

  protected override end(): void {
    super.end();
    if (!this.#context) return;
    this.#context.threads.terminate();
    this.#context.products.close?.();
    // What is left of it holds the memory of WebAssembly; without tensors nothing asks for it.
    this.#context = undefined as never;
    this.#run = {};
  }

  override matmul(a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
    const { transposeA = false, transposeB = false } = options;
    const m = a.shape[transposeA ? 1 : 0];
    const k = a.shape[transposeA ? 0 : 1];
    const n = b.shape[transposeB ? 0 : 1];
    const x = this.#place(a, transposeA), y = this.#place(b, transposeB);
    const out = this.memory.tensor(m, n);
    // Beside aᵀ stands a gradient, which is used once.
    const packed = transposeA ? undefined : this.#packed(b, transposeB, m);
    this.#context.products.add(out.data!.byteOffset, x, y, m, k, n, packed, true);
    return out;
  }

  override add(a: Tensor, b: Tensor, step = 0): Tensor {
    return this.#each("add", [this.#at(a), this.#at(b) + BYTES * step * sizeOf(a)], a);
  }

  override subtract(a: Tensor, b: Tensor): Tensor {
    return this.#each("subtract", [this.#at(a), this.#at(b)], a);
  }

  override multiply(a: Tensor, b: Tensor, step = 0): Tensor {
    return this.#each("multiply", [this.#at(a), this.#at(b) + BYTES * step * sizeOf(a)], a);
  }

  override scale(a: Tensor, factor: number | Tensor): Tensor {
    const by = typeof factor === "number" ? factor : this.memory.floats(factor)[0];
    return this.#each("scale", [this.#at(a)], a, [by]);
  }

  override divideByRoot(a: Tensor, b: Tensor, epsilon: number): Tensor {
    return this.#each("divideByRoot", [this.#at(a), this.#at(b)], a, [epsilon]);
  }

  override tanh(a: Tensor): Tensor {
    return this.#each("tanh", [this.#at(a)], a);
  }

  override tanhDerivative(h: Tensor): Tensor {
    return this.#each("tanhDerivative", [this.#at(h)], h);
  }

  override sigmoid(a: Tensor): Tensor {
    return this.#each("sigmoid", [this.#at(a)], a);
  }

  override sigmoidDerivative(s: Tensor): Tensor {
    return this.#each("sigmoidDerivative", [this.#at(s)], s);
  }

  override relu(a: Tensor): Tensor {
    return this.#each("relu", [this.#at(a)], a);
  }

  override reluDerivative(h: Tensor): Tensor {
    return this.#each("reluDerivative", [this.#at(h)], h);
  }

  override addRow(a: Tensor, row: Tensor): Tensor {
    const [m, n] = a.shape;
    const x = this.#at(a), y = this.#at(row);
    const out = this.like(a);
    this.#rows("add", m, n, [[x, BYTES * n], [y, 0], [out.data!.byteOffset, BYTES * n]]);
    return out;
  }

  override sumRows(a: Tensor): Tensor {
    const [m, n] = a.shape;
    const x = this.#at(a);
    const out = this.zerosOf(1, n);
    const sum = out.data!.byteOffset;
    // Every row adds to the same sums, so a piece is some of the columns.
    const { kernels, threads } = this.#context;
    threads.parameters.set([m, n, x, BYTES * n, sum, 0, sum, 0]);
    threads.steps.set([0, 0, BYTES, 0, BYTES, 0, BYTES, 0]);
    threads.call(kernels.number.add, 8, 1, SUM_GRAIN, m * n, 1);
    return out;
  }

  override softmax(a: Tensor): Tensor {
    const { out, facts } = this.#softmax(a);
    this.memory.release(facts);
    return out;
  }

  override logSoftmax(a: Tensor): Tensor {
    const [m, n] = a.shape;
    const { out, facts } = this.#softmax(a);
    const x = this.memory.floats(a);
    for (let i = 0; i < m; i++) {
      const logSum = facts.data![2 * i] + Math.log(facts.data![2 * i + 1]);
      for (let j = i * n; j < (i + 1) * n; j++) out.data![j] = x[j] - logSum;
    }
    this.memory.release(facts);
    return out;
  }

  crossEntropy(
    logits: Tensor,
    labels: Indices,
    rowWeights: Tensor,
  ): { losses: Tensor; dLogits: Tensor } {
    const [m, n] = logits.shape;
    const y = this.#at(logits), w = this.#at(rowWeights), right = this.memory.ints(labels);
    const dLogits = this.like(logits), losses = this.memory.tensor(m, 1);
    const facts = this.memory.tensor(m, 2), places = this.memory.tensor(m, 2);
    const { buffer, byteOffset } = places.data!;
    const offsets = new Int32Array(buffer, byteOffset, 2 * m);
    for (let i = 0; i < m; i++) {
      offsets[2 * i] = BYTES * Math.max(0, right[i]);
      places.data![2 * i + 1] = right[i] < 0 ? 0 : 1;
    }
    const at = [y, dLogits.data!.byteOffset, facts.data!.byteOffset];
    this.#byRows("crossEntropy", logits, at, [w, byteOffset]);
    const x = this.memory.floats(logits), [loss, fact] = [losses.data!, facts.data!];
    for (let i = 0; i < m; i++) {
      const logSum = fact[2 * i] + Math.log(fact[2 * i + 1]);
      loss[i] = right[i] < 0 ? -0 : -Math.fround(x[i * n + right[i]] - logSum);
    }
    for (const tensor of [facts, places]) this.memory.release(tensor);
    return { losses, dLogits };
  }

  override gatherRows(table: Tensor, rows: Indices): Tensor {
    const row = BYTES * table.shape[1];
    const x = this.#at(table), ids = this.memory.ints(rows);
    const out = this.memory.tensor(rows.length, table.shape[1]);
    const to = out.data!.byteOffset;
    const { copy, fill } = this.#run;
    for (let i = 0; i < rows.length; i++) {
      if (ids[i] < 0) fill(1, table.shape[1], to + row * i, 0, 0);
      else copy(1, table.shape[1], x + row * ids[i], 0, to + row * i, 0);
    }
    return out;
  }

  override scatterRows(a: Tensor, rows: Indices): Tensor {
    const n = a.shape[1], row = BYTES * n;
    const x = this.#at(a), ids = this.memory.ints(rows);
    const out = this.zerosOf(rows.bound, n);
    for (let i = 0; i < rows.length; i++) {
      if (ids[i] < 0) continue;
      const to = out.data!.byteOffset + row * ids[i];
      this.#run.add(1, n, to, 0, x + row * i, 0, to, 0);
    }
    return out;
  }

  override sliceRows(a: Tensor, start: number, end: number): Tensor {
    const n = a.shape[1];
    const out = this.memory.tensor(end - start, n);
    const from = this.#at(a) + BYTES * n * start;
    this.#rows("copy", 1, (end - start) * n, [[from, 0], [out.data!.byteOffset, 0]]);
    return out;
  }

  override concatRows(parts: readonly Tensor[]): Tensor {
    const n = parts[0].shape[1];
    const out = this.memory.tensor(parts.reduce((rows, part) => rows + part.shape[0], 0), n);
    let to = out.data!.byteOffset;
    for (const part of parts) {
      this.#rows("copy", 1, sizeOf(part), [[this.#at(part), 0], [to, 0]]);
      to += BYTES * sizeOf(part);
    }
    return out;
  }

  override sliceColumns(a: Tensor, start: number, end: number): Tensor {
    const [m, n] = a.shape;
    const out = this.memory.tensor(m, end - start);
    const from = this.#at(a) + BYTES * start, row = BYTES * (end - start);
    this.#rows("copy", m, end - start, [[from, BYTES * n], [out.data!.byteOffset, row]]);
    return out;
  }

  override concatColumns(parts: readonly Tensor[]): Tensor {
    const m = parts[0].shape[0];
    const width = parts.reduce((columns, part) => columns + part.shape[1], 0);
    const out = this.memory.tensor(m, width);
    let to = out.data!.byteOffset;
    for (const part of parts) {
      const n = part.shape[1];
      this.#rows("copy", m, n, [[this.#at(part), BYTES * n], [to, BYTES * width]]);
      to += BYTES * n;
    }
    return out;
  }

  override update(state: Tensor, change: Tensor, options: UpdateOptions): Tensor {
    const { keep, add, rows, clip = Infinity } = options;
    const x = this.#at(change);
    const ids = rows && this.memory.ints(rows);
    const out = this.memory.move(state);
    const at = out.data!.byteOffset, n = state.shape[1];
    if (!ids) {
      this.#rows("update", 1, sizeOf(state), [[at, 0], [x, 0]], [keep, add, clip]);
      return out;
    }
    for (let i = 0; i < rows!.length; i++) {
      if (ids[i] < 0) continue;
      this.#run.update(1, n, at + BYTES * n * ids[i], 0, x + BYTES * n * i, 0, keep, add, clip);
    }
    return out;
  }

  override rnnForward(inputs: Tensor, h0: Tensor, Whh: Tensor, activation: Activation): Tensor {
    const [batch] = h0.shape;
    const W = this.#weights(Whh, false, batch), x = this.#at(inputs);
    const states = this.sequence(h0, inputs.shape[0]);
    const [h, rows] = [states.data!.byteOffset, inputs.shape[0]];
    rnnSteps(this.#context, h, x, W, batch, rows, activation, isZero(states.data!, sizeOf(h0)));

    return states;
  }

  override rnnBackward(
    dStates: Tensor,
    states: Tensor,
    Whh: Tensor,
    batch: number,
    activation: Activation,
  ): Tensor {
    const [rows, hidden] = states.shape;
    const W = this.#weights(Whh, true, batch), d = this.#at(dStates), h = this.#at(states);
    const dInputs = this.memory.tensor(rows - batch, hidden);
    const dz = dInputs.data!.byteOffset;
    rnnStepsBack(this.#context, dz, d, h, W, batch, rows - batch, activation);
    return dInputs;
  }

  override lstmForward(inputs: Tensor, h0: Tensor, c0: Tensor, Whh: Tensor): LstmTrace {
    const [batch] = h0.shape;
    const W = this.#weights(Whh, false, batch), x = this.#at(inputs);
    const states = this.sequence(h0, inputs.shape[0]);
    const cells = this.sequence(c0, inputs.shape[0]);
    const gates = this.like(inputs);
    const [h, c, g] = [states, cells, gates].map(({ data }) => data!.byteOffset);
    lstmSteps(this.#context, h, c, g, x, W, batch, inputs.shape[0]);
    return { states, cells, gates };
  }

  override lstmBackward(
    dStates: Tensor,
    { cells, gates }: LstmTrace,
    Whh: Tensor,
    batch: number,
    dCells?: Tensor,
  ): { dInputs: Tensor; dc0: Tensor } {
    const W = this.#weights(Whh, true, batch);
    const d = this.#at(dStates), c = this.#at(cells), g = this.#at(gates);
    const dInputs = this.like(gates);
    const dc0 = this.zerosOf(batch, Whh.shape[0]), dh = this.like(dc0);
    const [dz, dc, scratch] = [dInputs, dc0, dh].map(({ data }) => data!.byteOffset);
    const direct = dCells && this.#at(dCells);
    lstmStepsBack(this.#context, dz, scratch, dc, d, c, g, W, batch, gates.shape[0], direct);
    this.memory.release(dh);
    return { dInputs, dc0 };
  }

  override gruForward(inputs: Tensor, h0: Tensor, Whh: Tensor, bhn: Tensor): GruTrace {
    const [batch, hidden] = h0.shape;
    const W = this.#weights(Whh, false, batch), x = this.#at(inputs), b = this.#at(bhn);
    const states = this.sequence(h0, inputs.shape[0]);
    const gates = this.memory.tensor(inputs.shape[0], 4 * hidden);
    const products = this.memory.tensor(batch, 3 * hidden);
    const [h, g, scratch] = [states, gates, products].map(({ data }) => data!.byteOffset);
    gruSteps(this.#context, h, g, scratch, x, W, b, batch, inputs.shape[0]);
    this.memory.release(products);
    return { states, gates };
  }

  override gruBackward(
    dStates: Tensor,
    { states, gates }: GruTrace,
    Whh: Tensor,
    batch: number,
  ): { dInputs: Tensor; dRecurrent: Tensor; dCarry: Tensor } {
    const hidden = Whh.shape[0];
    const W = this.#weights(Whh, true, batch);
    const d = this.#at(dStates), h = this.#at(states), g = this.#at(gates);
    const dInputs = this.memory.tensor(gates.shape[0], 3 * hidden), dRecurrent = this.like(dInputs);
    const dCarry = this.zerosOf(batch, hidden);
    const [dx, dp, carry] = [dInputs, dRecurrent, dCarry].map(({ data }) => data!.byteOffset);
    gruStepsBack(this.#context, dx, dp, carry, d, h, g, W, batch, gates.shape[0]);
    return { dInputs, dRecurrent, dCarry };
  }

  adam(
    W: Tensor,
    m: Tensor,
    v: Tensor,
    gradient: Tensor,
    { keep, stepSize, beta1, beta2, epsilon, rows }: AdamOptions,
  ): [W: Tensor, m: Tensor, v: Tensor] {
    const g = this.#at(gradient), ids = rows && this.memory.ints(rows);
    const n = W.shape[1], row = BYTES * n;
    const after = [W, m, v].map((state) => this.memory.move(state));
    const [atW, atM, atV] = after.map(({ data }) => data!.byteOffset);
    const scalars = [keep, stepSize, beta1, 1 - beta1, beta2, 1 - beta2, epsilon] as const;
    if (!ids) {
      const matrices = [atW, atM, atV, g].map((at) => [at, 0] as const);
      this.#rows("adam", 1, sizeOf(W), matrices, scalars);
    } else {
      for (let i = 0; i < rows.length; i++) {
        if (ids[i] < 0) continue;
        const to = row * ids[i];
        this.#run.adam(1, n, atW + to, 0, atM + to, 0, atV + to, 0, g + row * i, 0, ...scalars);
      }
    }
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
    const places = mapRnnWeights(after, (W) => this.#at(W));
    const rest = { logits: this.#at(logits), scratch: this.#at(scratch), ...sizes };
    runSgdSteps(this.#context.kernels, { ...places, ...rest }, examples, clip, activation);
    this.memory.release(scratch);
    return { weights: after, logits };
  }

  /** The address of a tensor. */
  #at(tensor: Tensor): number {
    return this.memory.floats(tensor).byteOffset;
  }

  /** Where a matrix or its transpose is. */
  #place(tensor: Tensor, transposed: boolean): Place {
    const at = this.#at(tensor), row = BYTES * tensor.shape[1];
    return transposed ? { at, row: BYTES, column: row } : { at, row, column: BYTES };
  }

  /** Weights for products with so many rows at a time. */
  #weights(W: Tensor, transposed: boolean, rows: number): Parameters<typeof rnnSteps>[3] {
    const [k, n] = transposed ? [W.shape[1], W.shape[0]] : W.shape;
    return { ...this.#place(W, transposed), k, n, packed: this.#packed(W, transposed, rows) };
  }

  /** Where a matrix is packed, which lasts until it is updated; nowhere if that does not pay. */
  #packed(tensor: Tensor, transposed: boolean, rows: number): number | undefined {
    const place = this.#place(tensor, transposed);
    const [k, n] = transposed ? [tensor.shape[1], tensor.shape[0]] : tensor.shape;
    const width = this.#context.products.packedColumns(n);
    if (rows < REUSED || width === 0) return undefined;
    const packed = (tensor as CpuTensor).packed ??= {};
    const orientation = transposed ? "transposed" : "straight";
    if (!packed[orientation]) {
      packed[orientation] = this.memory.floatsOf(k, width);
      this.#context.products.pack(packed[orientation].byteOffset, place, k, n);
    }
    return packed[orientation].byteOffset;
  }

  #softmax(a: Tensor): { out: CpuTensor; facts: CpuTensor } {
    const x = this.#at(a);
    const out = this.like(a), facts = this.memory.tensor(a.shape[0], 2);
    this.#byRows("softmax", a, [x, out.data!.byteOffset, facts.data!.byteOffset], []);
    return { out, facts };
  }

  /** A kernel of softmax on some rows a thread. */
  #byRows(
    name: string,
    { shape: [m, n] }: Tensor,
    [x, out, facts]: number[],
    rest: number[],
  ): void {
    const { kernels, threads } = this.#context;
    threads.parameters.set([x, out, facts, m, n, ...rest]);
    threads.steps.set([BYTES * n, BYTES * n, 2 * BYTES, 0, 0, BYTES, 2 * BYTES]);
    threads.call(kernels.number[name], 5 + rest.length, 3, 1, SOFTMAX_WORK * m * n);
  }

  /** A kernel over all numbers of tensors of one shape; the last matrix is its result. */
  #each(name: string, read: number[], like: Tensor, scalars: number[] = []): Tensor {
    const out = this.like(like);
    const matrices = [...read, out.data!.byteOffset].map((at) => [at, 0] as const);
    this.#rows(name, 1, sizeOf(like), matrices, scalars);
    return out;
  }

  #rows(
    name: string,
    rows: number,
    columns: number,
    matrices: readonly (readonly [at: number, apart: number])[],
    scalars: readonly number[] = [],
  ): void {
    const { kernels, threads } = this.#context;
    runJob(threads, createJob(kernels, name, rows, columns, matrices, scalars));
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
