/**
 * The tensor interface as plain loops over typed arrays: the reference that kernels are tested
 * against.
 *
 * @module
 */
import type {
  Activation,
  DType,
  FloatArray,
  GruTrace,
  Indices,
  LstmTrace,
  MatmulOptions,
  Shape,
  Tensor,
  UpdateOptions,
} from "@unroll/core";
import type { CpuBackend } from "./backend.ts";
import { addProduct, type Numbers, reluLoop, sigmoidLoop, tanhLoop, updateLoop } from "./loops.ts";
import { gruSteps, gruStepsBack, lstmSteps, lstmStepsBack } from "./recurrences.ts";
import type { CpuTensor, Memory } from "./memory.ts";

/** A backend on plain loops. */
export class PlainBackend implements CpuBackend {
  readonly name: string;
  readonly kernels: CpuBackend["kernels"] = "plain";
  readonly threads: number = 1;

  constructor(readonly dtype: DType, protected readonly memory: Memory, name = "cpu") {
    this.name = name;
  }

  get live(): number {
    return this.memory.live;
  }

  tensor(data: ArrayLike<number>, [rows, columns]: Shape): Tensor {
    const out = this.memory.tensor(rows, columns);
    out.data!.set(data);
    return out;
  }

  zeros([rows, columns]: Shape): Tensor {
    return this.zerosOf(rows, columns);
  }

  indices(data: ArrayLike<number>, bound: number): Indices {
    const out = this.memory.indices(data.length, bound);
    out.data!.set(data);
    return out;
  }

  read(tensors: readonly Tensor[]): Promise<FloatArray[]> {
    this.memory.requireOpen();
    // Copied before the promise is returned: an update may overwrite the buffer right after the
    // call.
    const copies = tensors.map((t) => this.memory.floats(t).slice(0, sizeOf(t)) as FloatArray);
    return Promise.resolve(copies);
  }

  scope<Kept extends readonly (Tensor | Indices)[]>(fn: () => Kept): Kept {
    this.memory.requireOpen();
    return this.memory.scopes.run(fn);
  }

  dispose(...given: [handles: readonly (Tensor | Indices)[]] | []): void {
    if (given.length === 0) return this.end();
    for (const handle of given[0]) this.memory.release(handle);
  }

  [Symbol.dispose](): void {
    this.end();
  }

  /** Ends the backend and frees everything. */
  protected end(): void {
    this.memory.end();
  }

  matmul(a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
    const { transposeA = false, transposeB = false } = options;
    const m = a.shape[transposeA ? 1 : 0];
    const k = a.shape[transposeA ? 0 : 1];
    const n = b.shape[transposeB ? 0 : 1];
    const [aRow, aColumn] = transposeA ? [1, m] : [k, 1];
    const [bRow, bColumn] = transposeB ? [1, k] : [n, 1];
    const x = this.memory.floats(a), y = this.memory.floats(b);
    const out = this.zerosOf(m, n);
    addProduct(out.data!, 0, x, 0, aRow, aColumn, y, bRow, bColumn, m, k, n);
    return out;
  }

  add(a: Tensor, b: Tensor, step = 0): Tensor {
    const x = this.memory.floats(a), y = this.memory.floats(b);
    const out = this.like(a);
    const size = sizeOf(a), start = step * size;
    for (let i = 0; i < size; i++) out.data![i] = x[i] + y[start + i];
    return out;
  }

  subtract(a: Tensor, b: Tensor): Tensor {
    const x = this.memory.floats(a), y = this.memory.floats(b);
    const out = this.like(a);
    const size = sizeOf(a);
    for (let i = 0; i < size; i++) out.data![i] = x[i] - y[i];
    return out;
  }

  multiply(a: Tensor, b: Tensor, step = 0): Tensor {
    const x = this.memory.floats(a), y = this.memory.floats(b);
    const out = this.like(a);
    const size = sizeOf(a), start = step * size;
    for (let i = 0; i < size; i++) out.data![i] = x[i] * y[start + i];
    return out;
  }

  scale(a: Tensor, factor: number | Tensor): Tensor {
    const x = this.memory.floats(a);
    const by = typeof factor === "number" ? factor : this.memory.floats(factor)[0];
    const out = this.like(a);
    const size = sizeOf(a);
    for (let i = 0; i < size; i++) out.data![i] = x[i] * by;
    return out;
  }

  addRow(a: Tensor, row: Tensor): Tensor {
    const [m, n] = a.shape;
    const x = this.memory.floats(a), y = this.memory.floats(row);
    const out = this.like(a);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) out.data![i * n + j] = x[i * n + j] + y[j];
    }
    return out;
  }

  sumRows(a: Tensor): Tensor {
    const [m, n] = a.shape;
    const x = this.memory.floats(a);
    const out = this.zerosOf(1, n);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) out.data![j] += x[i * n + j];
    }
    return out;
  }

  multiplyColumn(a: Tensor, column: Tensor): Tensor {
    const [m, n] = a.shape;
    const x = this.memory.floats(a), y = this.memory.floats(column);
    const out = this.like(a);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) out.data![i * n + j] = x[i * n + j] * y[i];
    }
    return out;
  }

  divideByRoot(a: Tensor, b: Tensor, epsilon: number): Tensor {
    const x = this.memory.floats(a), y = this.memory.floats(b);
    const out = this.like(a);
    const size = sizeOf(a);
    for (let i = 0; i < size; i++) out.data![i] = x[i] / (Math.sqrt(y[i]) + epsilon);
    return out;
  }

  sumSquares(a: Tensor): Tensor {
    const x = this.memory.floats(a);
    const out = this.memory.tensor(1, 1);
    const size = sizeOf(a);
    let sum = 0;
    for (let i = 0; i < size; i++) sum += x[i] * x[i];
    out.data![0] = sum;
    return out;
  }

  clipFactor(s: Tensor, bound: number): Tensor {
    const x = this.memory.floats(s);
    const out = this.memory.tensor(1, 1);
    out.data![0] = Math.min(1, bound / (Math.sqrt(x[0]) + 1e-6));
    return out;
  }

  tanh(a: Tensor): Tensor {
    const x = this.memory.floats(a);
    const out = this.like(a);
    tanhLoop(out.data!, x, 0, sizeOf(a));
    return out;
  }

  tanhDerivative(h: Tensor): Tensor {
    const x = this.memory.floats(h);
    const out = this.like(h);
    const size = sizeOf(h);
    for (let i = 0; i < size; i++) out.data![i] = 1 - x[i] * x[i];
    return out;
  }

  sigmoid(a: Tensor): Tensor {
    const x = this.memory.floats(a);
    const out = this.like(a);
    sigmoidLoop(out.data!, x, 0, sizeOf(a));
    return out;
  }

  sigmoidDerivative(s: Tensor): Tensor {
    const x = this.memory.floats(s);
    const out = this.like(s);
    const size = sizeOf(s);
    for (let i = 0; i < size; i++) out.data![i] = x[i] * (1 - x[i]);
    return out;
  }

  relu(a: Tensor): Tensor {
    const x = this.memory.floats(a);
    const out = this.like(a);
    reluLoop(out.data!, x, 0, sizeOf(a));
    return out;
  }

  reluDerivative(h: Tensor): Tensor {
    const x = this.memory.floats(h);
    const out = this.like(h);
    const size = sizeOf(h);
    for (let i = 0; i < size; i++) out.data![i] = x[i] > 0 ? 1 : 0;
    return out;
  }

  softmax(a: Tensor): Tensor {
    const [m, n] = a.shape;
    const x = this.memory.floats(a);
    const out = this.like(a);
    for (let start = 0; start < m * n; start += n) {
      const largest = largestOf(x, start, n);
      const sum = sumOfExp(x, start, n, largest);
      for (let j = start; j < start + n; j++) out.data![j] = Math.exp(x[j] - largest) / sum;
    }
    return out;
  }

  logSoftmax(a: Tensor): Tensor {
    const [m, n] = a.shape;
    const x = this.memory.floats(a);
    const out = this.like(a);
    for (let start = 0; start < m * n; start += n) {
      const largest = largestOf(x, start, n);
      const logSum = Math.log(sumOfExp(x, start, n, largest));
      for (let j = start; j < start + n; j++) out.data![j] = x[j] - largest - logSum;
    }
    return out;
  }

  gatherRows(table: Tensor, rows: Indices): Tensor {
    const n = table.shape[1];
    const x = this.memory.floats(table), ids = this.memory.ints(rows);
    const out = this.memory.tensor(rows.length, n);
    for (let i = 0; i < rows.length; i++) {
      const from = ids[i] * n;
      for (let j = 0; j < n; j++) out.data![i * n + j] = from < 0 ? 0 : x[from + j];
    }
    return out;
  }

  scatterRows(a: Tensor, rows: Indices): Tensor {
    const n = a.shape[1];
    const x = this.memory.floats(a), ids = this.memory.ints(rows);
    const out = this.zerosOf(rows.bound, n);
    for (let i = 0; i < rows.length; i++) {
      if (ids[i] < 0) continue;
      const to = ids[i] * n;
      for (let j = 0; j < n; j++) out.data![to + j] += x[i * n + j];
    }
    return out;
  }

  maxRows(a: Tensor, rows: Indices): Tensor {
    const n = a.shape[1];
    const x = this.memory.floats(a), ids = this.memory.ints(rows);
    const out = this.zerosOf(rows.bound, n), y = out.data!;
    const isMet = new Uint8Array(rows.bound);
    for (let i = 0; i < rows.length; i++) {
      const group = ids[i];
      if (group < 0) continue;
      const to = group * n, from = i * n;
      const isFirst = isMet[group] === 0;
      isMet[group] = 1;
      for (let j = 0; j < n; j++) {
        const value = x[from + j];
        if (isFirst || value > y[to + j]) y[to + j] = value;
      }
    }
    return out;
  }

  maxRowsGradient(dMax: Tensor, max: Tensor, a: Tensor, rows: Indices): Tensor {
    const n = a.shape[1];
    const d = this.memory.floats(dMax), m = this.memory.floats(max);
    const x = this.memory.floats(a), ids = this.memory.ints(rows);
    const out = this.zerosOf(a.shape[0], n), y = out.data!;
    const isGiven = new Uint8Array(rows.bound * n);
    for (let i = 0; i < rows.length; i++) {
      if (ids[i] < 0) continue;
      for (let j = 0, from = ids[i] * n; j < n; j++, from++) {
        if (isGiven[from] || x[i * n + j] !== m[from]) continue;
        isGiven[from] = 1;
        y[i * n + j] = d[from];
      }
    }
    return out;
  }

  pick(a: Tensor, columns: Indices): Tensor {
    const [m, n] = a.shape;
    const x = this.memory.floats(a), ids = this.memory.ints(columns);
    const out = this.memory.tensor(m, 1);
    for (let i = 0; i < m; i++) out.data![i] = ids[i] < 0 ? 0 : x[i * n + ids[i]];
    return out;
  }

  oneHot(columns: Indices): Tensor {
    const ids = this.memory.ints(columns);
    const out = this.zerosOf(columns.length, columns.bound);
    for (let i = 0; i < columns.length; i++) {
      if (ids[i] >= 0) out.data![i * columns.bound + ids[i]] = 1;
    }
    return out;
  }

  sliceRows(a: Tensor, start: number, end: number): Tensor {
    const n = a.shape[1];
    const x = this.memory.floats(a);
    const out = this.memory.tensor(end - start, n);
    for (let i = 0; i < (end - start) * n; i++) out.data![i] = x[start * n + i];
    return out;
  }

  concatRows(parts: readonly Tensor[]): Tensor {
    const n = parts[0].shape[1];
    const out = this.memory.tensor(parts.reduce((rows, part) => rows + part.shape[0], 0), n);
    let at = 0;
    for (const part of parts) {
      const x = this.memory.floats(part);
      const size = part.shape[0] * n;
      for (let i = 0; i < size; i++) out.data![at + i] = x[i];
      at += size;
    }
    return out;
  }

  sliceColumns(a: Tensor, start: number, end: number): Tensor {
    const [m, n] = a.shape;
    const x = this.memory.floats(a);
    const width = end - start;
    const out = this.memory.tensor(m, width);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < width; j++) out.data![i * width + j] = x[i * n + start + j];
    }
    return out;
  }

  concatColumns(parts: readonly Tensor[]): Tensor {
    const m = parts[0].shape[0];
    const width = parts.reduce((columns, part) => columns + part.shape[1], 0);
    const out = this.memory.tensor(m, width);
    let at = 0;
    for (const part of parts) {
      const n = part.shape[1];
      const x = this.memory.floats(part);
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) out.data![i * width + at + j] = x[i * n + j];
      }
      at += n;
    }
    return out;
  }

  update(state: Tensor, change: Tensor, options: UpdateOptions): Tensor {
    const { keep, add, rows, clip = Infinity } = options;
    const x = this.memory.floats(change);
    const ids = rows && this.memory.ints(rows);
    const out = this.memory.move(state);
    const data = out.data!, n = state.shape[1];
    if (!ids) updateLoop(data, 0, x, 0, sizeOf(state), keep, add, clip);
    else {
      for (let i = 0; i < rows!.length; i++) {
        if (ids[i] >= 0) updateLoop(data, ids[i] * n, x, i * n, n, keep, add, clip);
      }
    }
    return out;
  }

  rnnForward(inputs: Tensor, h0: Tensor, Whh: Tensor, activation: Activation): Tensor {
    const [batch, hidden] = h0.shape;
    const w = this.memory.floats(Whh);
    const states = this.sequence(h0, inputs.shape[0]);
    const h = states.data!;
    const size = batch * hidden;
    h.set(this.memory.floats(inputs).subarray(0, sizeOf(inputs)), size);
    const loop = activation === "tanh" ? tanhLoop : reluLoop;
    const isFresh = h.subarray(0, size).every((value: number) => value === 0);
    for (let now = size; now < states.shape[0] * hidden; now += size) {
      const before = now - size;
      if (before > 0 || !isFresh) { // h_0 is usually zero, so its product is skipped
        addProduct(h, now, h, before, hidden, 1, w, hidden, 1, batch, hidden, hidden);
      }
      loop(h, h, now, size);
    }
    return states;
  }

  rnnBackward(
    dStates: Tensor,
    states: Tensor,
    Whh: Tensor,
    batch: number,
    activation: Activation,
  ): Tensor {
    const [rows, hidden] = states.shape;
    const dh = this.memory.floats(dStates), h = this.memory.floats(states);
    const w = this.memory.floats(Whh);
    const dInputs = this.memory.tensor(rows - batch, hidden);
    const dz = dInputs.data!;
    const size = batch * hidden, end = rows * hidden - size;
    for (let i = 0; i < end; i++) dz[i] = dh[size + i];
    for (let now = end - size; now >= 0; now -= size) {
      const next = now + size;
      if (next < end) addProduct(dz, now, dz, next, hidden, 1, w, 1, hidden, batch, hidden, hidden);
      if (activation === "tanh") {
        for (let i = now; i < next; i++) dz[i] *= 1 - h[size + i] * h[size + i];
      } else for (let i = now; i < next; i++) if (!(h[size + i] > 0)) dz[i] = 0;
    }
    return dInputs;
  }

  lstmForward(inputs: Tensor, h0: Tensor, c0: Tensor, Whh: Tensor): LstmTrace {
    const [batch, hidden] = h0.shape;
    const w = this.memory.floats(Whh);
    const states = this.sequence(h0, inputs.shape[0]);
    const cells = this.sequence(c0, inputs.shape[0]);
    const gates = this.copyOf(inputs);
    lstmSteps(states.data!, cells.data!, gates.data!, w, batch, hidden, inputs.shape[0] / batch);
    return { states, cells, gates };
  }

  lstmBackward(
    dStates: Tensor,
    { cells, gates }: LstmTrace,
    Whh: Tensor,
    batch: number,
    dCells?: Tensor,
  ): { dInputs: Tensor; dc0: Tensor } {
    const hidden = Whh.shape[0];
    const timeSteps = gates.shape[0] / batch;
    const c = this.memory.floats(cells), g = this.memory.floats(gates);
    const w = this.memory.floats(Whh), d = this.memory.floats(dStates);
    const dInputs = this.like(gates);
    const dh = this.memory.tensor(batch, hidden), dc0 = this.zerosOf(batch, hidden);
    const direct = dCells && this.memory.floats(dCells);
    lstmStepsBack(
      dInputs.data!,
      dh.data!,
      dc0.data!,
      d,
      c,
      g,
      w,
      batch,
      hidden,
      timeSteps,
      direct,
    );
    this.memory.release(dh);
    return { dInputs, dc0 };
  }

  gruForward(inputs: Tensor, h0: Tensor, Whh: Tensor, bhn: Tensor): GruTrace {
    const [batch, hidden] = h0.shape;
    const x = this.memory.floats(inputs), w = this.memory.floats(Whh);
    const bias = this.memory.floats(bhn);
    const states = this.sequence(h0, inputs.shape[0]);
    const gates = this.memory.tensor(inputs.shape[0], 4 * hidden);
    const products = this.memory.tensor(batch, 3 * hidden);
    const timeSteps = inputs.shape[0] / batch;
    const buffers = [states, gates, products].map(({ data }) => data!);
    gruSteps(buffers[0], buffers[1], buffers[2], x, w, bias, batch, hidden, timeSteps);
    this.memory.release(products);
    return { states, gates };
  }

  gruBackward(
    dStates: Tensor,
    { states, gates }: GruTrace,
    Whh: Tensor,
    batch: number,
  ): { dInputs: Tensor; dRecurrent: Tensor; dCarry: Tensor } {
    const hidden = Whh.shape[0];
    const timeSteps = gates.shape[0] / batch;
    const h = this.memory.floats(states), g = this.memory.floats(gates);
    const w = this.memory.floats(Whh), d = this.memory.floats(dStates);
    const dInputs = this.memory.tensor(gates.shape[0], 3 * hidden);
    const dRecurrent = this.memory.tensor(gates.shape[0], 3 * hidden);
    const dCarry = this.zerosOf(batch, hidden);
    const out = [dInputs, dRecurrent, dCarry].map(({ data }) => data!);
    gruStepsBack(out[0], out[1], out[2], d, h, g, w, batch, hidden, timeSteps);
    return { dInputs, dRecurrent, dCarry };
  }

  /** Creates a tensor that starts with the rows of `first`, with space for `rows` more. */
  protected sequence(first: Tensor, rows: number): CpuTensor {
    const x = this.memory.floats(first);
    const out = this.memory.tensor(first.shape[0] + rows, first.shape[1]);
    for (let i = 0; i < sizeOf(first); i++) out.data![i] = x[i];
    return out;
  }

  protected copyOf(a: Tensor): CpuTensor {
    const x = this.memory.floats(a);
    const out = this.like(a);
    out.data!.set(x.subarray(0, sizeOf(a)));
    return out;
  }

  protected zerosOf(rows: number, columns: number): CpuTensor {
    const out = this.memory.tensor(rows, columns);
    out.data!.fill(0, 0, rows * columns);
    return out;
  }

  protected like(a: Tensor): CpuTensor {
    return this.memory.tensor(a.shape[0], a.shape[1]);
  }
}

/** Returns the number of elements in a tensor. */
export function sizeOf(a: Tensor): number {
  return a.shape[0] * a.shape[1];
}

function largestOf(x: Numbers, start: number, n: number): number {
  let largest = x[start];
  for (let j = start + 1; j < start + n; j++) if (x[j] > largest) largest = x[j];
  return largest;
}

function sumOfExp(x: Numbers, start: number, n: number, largest: number): number {
  let sum = 0;
  for (let j = start; j < start + n; j++) sum += Math.exp(x[j] - largest);
  return sum;
}
