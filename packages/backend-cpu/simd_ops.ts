/**
 * The primitive ops on WebAssembly kernels. Ops that are not defined here use the plain loops.
 *
 * @module
 */
import type { Indices, MatmulOptions, Tensor, UpdateOptions } from "@unroll/core";
import type { CpuBackend } from "./backend.ts";
import { createJob, runJob, runPickedJob } from "./jobs.ts";
import type { Numbers } from "./loops.ts";
import type { CpuTensor, Memory } from "./memory.ts";
import { PlainBackend, sizeOf } from "./plain.ts";
import { type Place, type Recurrent, REUSED } from "./matrix_products.ts";
import type { KernelContext } from "./steps.ts";
import type { Kernels } from "./wasm/kernels.ts";

const BYTES = 4; // per number
const SOFTMAX_WORK = 32; // multiplications that take as long as one number of a softmax

/** Row numbers in the kernels' memory. */
interface Ids {
  space: Numbers;
  count: number;
}

/** The primitive ops on kernels, and helpers for the fused ops. */
export class SimdOps extends PlainBackend {
  override readonly kernels: CpuBackend["kernels"];
  override readonly threads: number;
  protected run: Kernels["run"];
  protected context: KernelContext;

  constructor(memory: Memory, context: KernelContext, name?: string) {
    super("float32", memory, name);
    const { kernels, threads } = context;
    this.kernels = kernels.fused ? "simd with fma" : "simd";
    this.threads = threads.count;
    this.run = kernels.run;
    this.context = context;
  }

  protected override end(): void {
    super.end();
    if (!this.context) return;
    this.context.threads.terminate();
    this.context.products.close?.();
    // The context holds the WebAssembly memory; it is not needed once all tensors are freed.
    this.context = undefined as never;
    this.run = {};
  }

  override matmul(a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
    const { transposeA = false, transposeB = false } = options;
    const m = a.shape[transposeA ? 1 : 0];
    const k = a.shape[transposeA ? 0 : 1];
    const n = b.shape[transposeB ? 0 : 1];
    const x = this.placeOf(a, transposeA), y = this.placeOf(b, transposeB);
    const out = this.memory.tensor(m, n);
    // For aᵀ, b is a gradient, which is used only once.
    const packed = transposeA ? undefined : this.packedOf(b, transposeB, m);
    this.context.products.add(out.data!.byteOffset, x, y, m, k, n, packed, true);
    return out;
  }

  override add(a: Tensor, b: Tensor, step = 0): Tensor {
    return this.each("add", [this.addressOf(a), this.addressOf(b) + BYTES * step * sizeOf(a)], a);
  }

  override subtract(a: Tensor, b: Tensor): Tensor {
    return this.each("subtract", [this.addressOf(a), this.addressOf(b)], a);
  }

  override multiply(a: Tensor, b: Tensor, step = 0): Tensor {
    return this.each(
      "multiply",
      [this.addressOf(a), this.addressOf(b) + BYTES * step * sizeOf(a)],
      a,
    );
  }

  override scale(a: Tensor, factor: number | Tensor): Tensor {
    const by = typeof factor === "number" ? factor : this.memory.floats(factor)[0];
    return this.each("scale", [this.addressOf(a)], a, [by]);
  }

  override divideByRoot(a: Tensor, b: Tensor, epsilon: number): Tensor {
    return this.each("divideByRoot", [this.addressOf(a), this.addressOf(b)], a, [epsilon]);
  }

  override tanh(a: Tensor): Tensor {
    return this.each("tanh", [this.addressOf(a)], a);
  }

  override tanhDerivative(h: Tensor): Tensor {
    return this.each("tanhDerivative", [this.addressOf(h)], h);
  }

  override sigmoid(a: Tensor): Tensor {
    return this.each("sigmoid", [this.addressOf(a)], a);
  }

  override sigmoidDerivative(s: Tensor): Tensor {
    return this.each("sigmoidDerivative", [this.addressOf(s)], s);
  }

  override relu(a: Tensor): Tensor {
    return this.each("relu", [this.addressOf(a)], a);
  }

  override reluDerivative(h: Tensor): Tensor {
    return this.each("reluDerivative", [this.addressOf(h)], h);
  }

  override addRow(a: Tensor, row: Tensor): Tensor {
    const [m, n] = a.shape;
    const x = this.addressOf(a), y = this.addressOf(row);
    const out = this.like(a);
    this.overRows("add", m, n, [[x, BYTES * n], [y, 0], [out.data!.byteOffset, BYTES * n]]);
    return out;
  }

  override sumRows(a: Tensor): Tensor {
    const [m, n] = a.shape;
    const x = this.addressOf(a);
    const out = this.zerosOf(1, n);
    const sum = out.data!.byteOffset;
    // On one thread: every row adds to the same sums, and cutting by columns is slower.
    this.run.add(m, n, x, BYTES * n, sum, 0, sum, 0);
    return out;
  }

  override softmax(a: Tensor): Tensor {
    const { out, facts } = this.softmaxOf(a);
    this.memory.release(facts);
    return out;
  }

  override logSoftmax(a: Tensor): Tensor {
    const [m, n] = a.shape;
    const { out, facts } = this.softmaxOf(a);
    const x = this.memory.floats(a);
    for (let i = 0; i < m; i++) {
      const logSum = facts.data![2 * i] + Math.log(facts.data![2 * i + 1]);
      for (let j = i * n; j < (i + 1) * n; j++) out.data![j] = x[j] - logSum;
    }
    this.memory.release(facts);
    return out;
  }

  override gatherRows(table: Tensor, rows: Indices): Tensor {
    const n = table.shape[1], row = BYTES * n;
    const x = this.addressOf(table);
    const out = this.memory.tensor(rows.length, n), to = out.data!.byteOffset;
    const given = this.memory.ints(rows);
    for (let i = 0; i < rows.length; i++) if (given[i] < 0) this.run.fill(1, n, to + row * i, 0, 0);
    this.pickRows("copyPicked", this.idsOf(rows), n, [[x, row], [to, row]], 1);
    return out;
  }

  override scatterRows(a: Tensor, rows: Indices): Tensor {
    const n = a.shape[1], row = BYTES * n;
    const x = this.addressOf(a);
    const out = this.zerosOf(rows.bound, n);
    const ids = this.idsOf(rows);
    // On one thread, because a row may be picked more than once.
    const to = out.data!.byteOffset;
    this.run.addPicked(ids.count, n, to, row, x, row, ids.space.byteOffset);
    this.memory.giveBack(ids.space);
    return out;
  }

  override maxRows(a: Tensor, rows: Indices): Tensor {
    const n = a.shape[1], row = BYTES * n;
    const x = this.addressOf(a);
    const out = this.zerosOf(rows.bound, n), to = out.data!.byteOffset;
    const isMet = new Uint8Array(rows.bound), given = this.memory.ints(rows);
    for (let i = 0; i < rows.length; i++) {
      const id = given[i];
      if (id < 0 || isMet[id] === 1) continue;
      isMet[id] = 1;
      this.run.copy(1, n, x + row * i, 0, to + row * id, 0);
    }
    const { count, space } = this.idsOf(rows);
    // On one thread, because a row may be picked more than once.
    this.run.maxPicked(count, n, to, row, x, row, space.byteOffset);
    this.memory.giveBack(space);
    return out;
  }

  override maxRowsGradient(dMax: Tensor, max: Tensor, a: Tensor, rows: Indices): Tensor {
    const n = a.shape[1], row = BYTES * n;
    const [d, most, x] = [dMax, max, a].map((each) => this.addressOf(each));
    const left = this.memory.tensor(dMax.shape[0], n), out = this.zerosOf(a.shape[0], n);
    const to = out.data!.byteOffset, at = left.data!.byteOffset;
    this.run.copy(1, sizeOf(dMax), d, 0, at, 0);
    const { count, space } = this.idsOf(rows);
    this.run.maxPickedBack(count, n, at, row, most, row, x, row, to, row, space.byteOffset);
    this.memory.giveBack(space);
    this.memory.release(left);
    return out;
  }

  override sliceRows(a: Tensor, start: number, end: number): Tensor {
    const n = a.shape[1];
    const out = this.memory.tensor(end - start, n);
    const from = this.addressOf(a) + BYTES * n * start;
    this.overRows("copy", 1, (end - start) * n, [[from, 0], [out.data!.byteOffset, 0]]);
    return out;
  }

  override concatRows(parts: readonly Tensor[]): Tensor {
    const n = parts[0].shape[1];
    const out = this.memory.tensor(parts.reduce((rows, part) => rows + part.shape[0], 0), n);
    let to = out.data!.byteOffset;
    for (const part of parts) {
      this.overRows("copy", 1, sizeOf(part), [[this.addressOf(part), 0], [to, 0]]);
      to += BYTES * sizeOf(part);
    }
    return out;
  }

  override sliceColumns(a: Tensor, start: number, end: number): Tensor {
    const [m, n] = a.shape;
    const out = this.memory.tensor(m, end - start);
    const from = this.addressOf(a) + BYTES * start, row = BYTES * (end - start);
    this.overRows("copy", m, end - start, [[from, BYTES * n], [out.data!.byteOffset, row]]);
    return out;
  }

  override concatColumns(parts: readonly Tensor[]): Tensor {
    const m = parts[0].shape[0];
    const width = parts.reduce((columns, part) => columns + part.shape[1], 0);
    const out = this.memory.tensor(m, width);
    let to = out.data!.byteOffset;
    for (const part of parts) {
      const n = part.shape[1];
      this.overRows("copy", m, n, [[this.addressOf(part), BYTES * n], [to, BYTES * width]]);
      to += BYTES * n;
    }
    return out;
  }

  override update(state: Tensor, change: Tensor, options: UpdateOptions): Tensor {
    const { keep, add, rows, clip = Infinity } = options;
    const x = this.addressOf(change);
    const ids = rows && this.idsOf(rows); // before any tensor is consumed
    const out = this.memory.move(state);
    const at = out.data!.byteOffset, n = state.shape[1], row = BYTES * n;
    const scalars = [keep, add, clip];
    if (ids) this.pickRows("updatePicked", ids, n, [[at, row], [x, row]], 1, scalars);
    else this.overRows("update", 1, sizeOf(state), [[at, 0], [x, 0]], scalars);
    return out;
  }

  /** Returns the address of a tensor. */
  protected addressOf(tensor: Tensor): number {
    return this.memory.floats(tensor).byteOffset;
  }

  /** Returns the address and strides of a matrix or its transpose. */
  protected placeOf(tensor: Tensor, transposed: boolean): Place {
    const at = this.addressOf(tensor), row = BYTES * tensor.shape[1];
    return transposed ? { at, row: BYTES, column: row } : { at, row, column: BYTES };
  }

  /** Returns weights for products with the given number of rows at a time. */
  protected weightsOf(
    W: Tensor,
    transposed: boolean,
    rows: number,
  ): Recurrent {
    const [k, n] = transposed ? [W.shape[1], W.shape[0]] : W.shape;
    return { ...this.placeOf(W, transposed), k, n, packed: this.packedOf(W, transposed, rows) };
  }

  /** Returns the address of a packed copy, valid until an update; undefined if it would not pay. */
  protected packedOf(tensor: Tensor, transposed: boolean, rows: number): number | undefined {
    const place = this.placeOf(tensor, transposed);
    const [k, n] = transposed ? [tensor.shape[1], tensor.shape[0]] : tensor.shape;
    const width = this.context.products.packedColumns(n);
    if (rows < REUSED || width === 0) return undefined;
    const packed = (tensor as CpuTensor).packed ??= {};
    const orientation = transposed ? "transposed" : "straight";
    if (!packed[orientation]) {
      packed[orientation] = this.memory.floatsOf(k, width);
      this.context.products.pack(packed[orientation].byteOffset, place, k, n);
    }
    return packed[orientation].byteOffset;
  }

  protected softmaxOf(a: Tensor): { out: CpuTensor; facts: CpuTensor } {
    const x = this.addressOf(a);
    const out = this.like(a), facts = this.memory.tensor(a.shape[0], 2);
    this.byRows("softmax", a, [x, out.data!.byteOffset, facts.data!.byteOffset], []);
    return { out, facts };
  }

  /** Runs a softmax kernel, with some rows on each thread. */
  protected byRows(
    name: string,
    { shape: [m, n] }: Tensor,
    [x, out, facts]: number[],
    rest: number[],
  ): void {
    const { kernels, threads } = this.context;
    threads.parameters.set([x, out, facts, m, n, ...rest]);
    threads.steps.set([BYTES * n, BYTES * n, 2 * BYTES, 0, 0, BYTES, 2 * BYTES]);
    threads.call(kernels.number[name], 5 + rest.length, 3, 1, SOFTMAX_WORK * m * n);
  }

  /** Runs a kernel over all elements of tensors of one shape; the last matrix is the result. */
  protected each(name: string, read: number[], like: Tensor, scalars: number[] = []): Tensor {
    const out = this.like(like);
    const matrices = [...read, out.data!.byteOffset].map((at) => [at, 0] as const);
    this.overRows(name, 1, sizeOf(like), matrices, scalars);
    return out;
  }

  /** Copies row numbers to the kernels' memory. */
  protected idsOf(rows: Indices): Ids {
    const ids = this.memory.ints(rows), count = rows.length;
    const space = this.memory.floatsOf(1, count);
    new Int32Array(space.buffer, space.byteOffset, count).set(ids.subarray(0, count));
    return { space, count };
  }

  /** Runs a kernel on rows that are picked from some of the first matrices. */
  protected pickRows(
    name: string,
    ids: Ids,
    columns: number,
    matrices: readonly (readonly [at: number, apart: number])[],
    picked: number,
    scalars: readonly number[] = [],
  ): void {
    const { kernels, threads } = this.context;
    runPickedJob(threads, kernels, {
      ...{ name, ids: ids.space.byteOffset, rows: ids.count },
      ...{ columns, matrices, picked, scalars },
    });
    this.memory.giveBack(ids.space);
  }

  /** Zeroes the inactive rows of each of the last steps. */
  protected clearPadding(
    tensors: readonly CpuTensor[],
    batch: number,
    active: readonly number[] = [],
  ): void {
    for (const { shape: [rows, n], data } of tensors) {
      const first = rows - batch * active.length; // the first row of step 1
      for (const [t, count] of active.entries()) {
        if (count === batch) continue;
        const at = data!.byteOffset + BYTES * n * (first + t * batch + count);
        this.run.fill(1, (batch - count) * n, at, 0, 0);
      }
    }
  }

  protected overRows(
    name: string,
    rows: number,
    columns: number,
    matrices: readonly (readonly [at: number, apart: number])[],
    scalars: readonly number[] = [],
  ): void {
    const { kernels, threads } = this.context;
    runJob(threads, createJob(kernels, name, rows, columns, matrices, scalars));
  }
}
