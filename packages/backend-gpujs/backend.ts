/**
 * The tensor interface on kernels of gpu.js.
 *
 * @module
 */
import type {
  Activation,
  Backend,
  GruTrace,
  Indices,
  LstmTrace,
  MatmulOptions,
  Shape,
  Tensor,
  UpdateOptions,
} from "@unroll/core";
import { Device, type GpuIndices } from "./device.ts";
import { MAX_PARTS } from "./kernels.ts";
import { bestMode, type GpuJsMode, loadGpuJs, probeMode } from "./modes.ts";

/** Settings of {@linkcode createGpuJsBackend}. */
export interface GpuJsOptions {
  /**
   * The mode of gpu.js. Default: the first of webgpu, webgl2 and webasm that works here on real
   * hardware; webasm needs none. A mode that is set may also run on a software adapter.
   */
  mode?: GpuJsMode;
  /** The gpu.js module, for bundled programs. Default: gpu.js 2.24.1 from npm. */
  gpujs?: unknown;
}

/** A backend on gpu.js. */
export interface GpuJsBackend extends Backend {
  /** The mode of gpu.js. */
  readonly mode: GpuJsMode;
  /** The name of the hardware or software that it runs on. */
  readonly adapter: string;
  /** Disposes of the backend, and waits until its kernels are freed. */
  close(): Promise<void>;
}

// Above this, float32 skips whole numbers, and every index is a float32 on the device.
const MAX_INDEX = 2 ** 24;
const LARGEST = 3e38; // not every shading language has an infinity

/**
 * Creates a backend on gpu.js, in float32.
 *
 * @throws {Error} If the mode does not work here, or gpu.js cannot be loaded.
 *
 * @example
 * ```ts
 * import { createGpuJsBackend } from "@unroll/backend-gpujs";
 * import { assertEquals } from "@std/assert";
 *
 * const backend = await createGpuJsBackend({ mode: "webasm" });
 * assertEquals(backend.name, "gpujs:webasm");
 * await backend.close();
 * ```
 */
export async function createGpuJsBackend(options: GpuJsOptions = {}): Promise<GpuJsBackend> {
  const mode = options.mode ?? await bestMode();
  const report = await probeMode(mode);
  if (!report.works) throw new Error(`gpu.js ${mode} does not work here: ${report.adapter}`);
  const device = new Device(await loadGpuJs(options.gpujs), mode, report);
  await device.listen();
  return new GpuBackend(device, report.adapter);
}

class GpuBackend implements GpuJsBackend {
  readonly name: string;
  readonly dtype = "float32";
  readonly mode: GpuJsMode;
  readonly #device: Device;

  constructor(device: Device, readonly adapter: string) {
    this.#device = device;
    this.mode = device.mode;
    this.name = `gpujs:${device.mode}`;
  }

  get live(): number {
    return this.#device.live;
  }

  tensor(data: ArrayLike<number>, shape: Shape): Tensor {
    return this.#device.upload(new Float32Array(data), shape);
  }

  zeros(shape: Shape): Tensor {
    return this.#device.run("zeros", shape, [0]);
  }

  indices(data: ArrayLike<number>, bound: number): Indices {
    if (bound > MAX_INDEX) {
      throw new RangeError(
        `indices() on gpu.js need a bound of at most ${MAX_INDEX}, got ${bound}`,
      );
    }
    return this.#device.indices(new Int32Array(data), bound);
  }

  read(tensors: readonly Tensor[]): Promise<Float32Array<ArrayBuffer>[]> {
    this.#device.requireOpen();
    return Promise.all(tensors.map((tensor) => this.#device.read(tensor)));
  }

  scope<Kept extends readonly (Tensor | Indices)[]>(fn: () => Kept): Kept {
    this.#device.requireOpen();
    return this.#device.scopes.run(fn);
  }

  dispose(...given: [handles: readonly (Tensor | Indices)[]] | []): void {
    if (given.length === 0) return this[Symbol.dispose]();
    for (const handle of given[0]) this.#device.release(handle);
  }

  [Symbol.dispose](): void {
    this.#device.close().catch(() => {}); // close() reports the error to its caller
  }

  async close(): Promise<void> {
    await this.#device.close();
  }

  matmul(a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
    const { transposeA = false, transposeB = false } = options;
    const shape: Shape = [a.shape[transposeA ? 1 : 0], b.shape[transposeB ? 0 : 1]];
    const op = `matmul${transposeA ? "TA" : ""}${transposeB ? "TB" : ""}`;
    return this.#device.run(op, shape, [a, b], { k: a.shape[transposeA ? 0 : 1] });
  }

  add(a: Tensor, b: Tensor, step = 0): Tensor {
    return this.#device.run("add", a.shape, [a, b, step], { m: a.shape[0] });
  }

  subtract(a: Tensor, b: Tensor): Tensor {
    return this.#device.run("subtract", a.shape, [a, b]);
  }

  multiply(a: Tensor, b: Tensor, step = 0): Tensor {
    return this.#device.run("multiply", a.shape, [a, b, step], { m: a.shape[0] });
  }

  scale(a: Tensor, factor: number | Tensor): Tensor {
    if (typeof factor !== "number") return this.#device.run("scaleBy", a.shape, [a, factor]);
    return this.#device.run("scale", a.shape, [a, factor]);
  }

  multiplyColumn(a: Tensor, column: Tensor): Tensor {
    return this.#device.run("multiplyColumn", a.shape, [a, column]);
  }

  divideByRoot(a: Tensor, b: Tensor, epsilon: number): Tensor {
    return this.#device.run("divideByRoot", a.shape, [a, b, epsilon]);
  }

  sumSquares(a: Tensor): Tensor {
    const [m, n] = a.shape;
    const columns = this.#device.run("sumSquares", [1, n], [a], { m });
    const sum = this.#device.run("sumRow", [1, 1], [columns], { n });
    this.dispose([columns]);
    return sum;
  }

  clipFactor(s: Tensor, bound: number): Tensor {
    return this.#device.run("clipFactor", [1, 1], [s, bound]);
  }

  addRow(a: Tensor, row: Tensor): Tensor {
    return this.#device.run("addRow", a.shape, [a, row]);
  }

  sumRows(a: Tensor): Tensor {
    return this.#device.run("sumRows", [1, a.shape[1]], [a], { m: a.shape[0] });
  }

  tanh(a: Tensor): Tensor {
    return this.#device.run("tanh", a.shape, [a]);
  }

  tanhDerivative(h: Tensor): Tensor {
    return this.#device.run("tanhDerivative", h.shape, [h]);
  }

  sigmoid(a: Tensor): Tensor {
    return this.#device.run("sigmoid", a.shape, [a]);
  }

  sigmoidDerivative(s: Tensor): Tensor {
    return this.#device.run("sigmoidDerivative", s.shape, [s]);
  }

  relu(a: Tensor): Tensor {
    return this.#device.run("relu", a.shape, [a]);
  }

  reluDerivative(h: Tensor): Tensor {
    return this.#device.run("reluDerivative", h.shape, [h]);
  }

  softmax(a: Tensor): Tensor {
    return this.#device.run("softmax", a.shape, [a], { n: a.shape[1] });
  }

  logSoftmax(a: Tensor): Tensor {
    return this.#device.run("logSoftmax", a.shape, [a], { n: a.shape[1] });
  }

  gatherRows(table: Tensor, rows: Indices): Tensor {
    return this.#device.run("gatherRows", [rows.length, table.shape[1]], [table, this.#ids(rows)]);
  }

  scatterRows(a: Tensor, rows: Indices): Tensor {
    const shape: Shape = [rows.bound, a.shape[1]];
    return this.#device.run("scatterRows", shape, [a, ...this.#groups(rows)], { k: rows.length });
  }

  maxRows(a: Tensor, rows: Indices): Tensor {
    const shape: Shape = [rows.bound, a.shape[1]];
    return this.#device.run("maxRows", shape, [a, ...this.#groups(rows)], { k: rows.length });
  }

  maxRowsGradient(dMax: Tensor, max: Tensor, a: Tensor, rows: Indices): Tensor {
    const args = [dMax, max, a, this.#ids(rows), ...this.#groups(rows)];
    return this.#device.run("maxRowsGradient", a.shape, args, { k: rows.length });
  }

  pick(a: Tensor, columns: Indices): Tensor {
    return this.#device.run("pick", [a.shape[0], 1], [a, this.#ids(columns)]);
  }

  oneHot(columns: Indices): Tensor {
    return this.#device.run("oneHot", [columns.length, columns.bound], [this.#ids(columns)]);
  }

  sliceRows(a: Tensor, start: number, end: number): Tensor {
    return this.#device.run("sliceRows", [end - start, a.shape[1]], [a, start]);
  }

  concatRows(parts: readonly Tensor[]): Tensor {
    return this.#concat(parts, 0);
  }

  sliceColumns(a: Tensor, start: number, end: number): Tensor {
    return this.#device.run("sliceColumns", [a.shape[0], end - start], [a, start]);
  }

  concatColumns(parts: readonly Tensor[]): Tensor {
    return this.#concat(parts, 1);
  }

  update(state: Tensor, change: Tensor, options: UpdateOptions): Tensor {
    const { keep, add, rows, clip = Infinity } = options;
    const scalars = [keep, add, Math.min(clip, LARGEST)];
    const places = rows && this.#device.checkIndices(rows, "places", placeOfRows);
    const updated = places
      ? this.#device.run("updateRows", state.shape, [state, change, places, ...scalars])
      : this.#device.run("update", state.shape, [state, change, ...scalars]);
    this.dispose([state]);
    return updated;
  }

  rnnForward(inputs: Tensor, h0: Tensor, Whh: Tensor, activation: Activation): Tensor {
    const [m, k] = h0.shape;
    const states = [h0];
    for (let t = 0; t < inputs.shape[0] / m; t++) {
      const args = [inputs, states[t], Whh, t];
      states.push(this.#device.run(`${activation}Step`, h0.shape, args, { m, k }));
    }
    return this.#sequence(states, 1);
  }

  rnnBackward(
    dStates: Tensor,
    states: Tensor,
    Whh: Tensor,
    batch: number,
    activation: Activation,
  ): Tensor {
    const [rows, k] = states.shape;
    const shape: Shape = [batch, k], sizes = { m: batch, k };
    const timeSteps = rows / batch - 1;
    const dz: Tensor[] = [];
    const last = [dStates, states, timeSteps];
    dz[timeSteps - 1] = this.#device.run(`${activation}LastBack`, shape, last, sizes);
    for (let t = timeSteps - 1; t >= 1; t--) {
      const args = [dStates, states, dz[t], Whh, t];
      dz[t - 1] = this.#device.run(`${activation}StepBack`, shape, args, sizes);
    }
    return this.#sequence(dz);
  }

  lstmForward(inputs: Tensor, h0: Tensor, c0: Tensor, Whh: Tensor): LstmTrace {
    const [m, k] = h0.shape;
    const states = [h0], cells = [c0], gates: Tensor[] = [];
    for (let t = 0; t < inputs.shape[0] / m; t++) {
      const sizes = { m, k };
      const now = this.#device.run("lstmGates", [m, 4 * k], [inputs, states[t], Whh, t], sizes);
      const c = this.#device.run("lstmCell", [m, k], [now, cells[t]], { k });
      states.push(this.#device.run("lstmState", [m, k], [now, c], { k }));
      cells.push(c);
      gates.push(now);
    }
    return {
      states: this.#sequence(states, 1),
      cells: this.#sequence(cells, 1),
      gates: this.#sequence(gates),
    };
  }

  lstmBackward(
    dStates: Tensor,
    { cells, gates }: LstmTrace,
    Whh: Tensor,
    batch: number,
    dCells?: Tensor,
  ): { dInputs: Tensor; dc0: Tensor } {
    const k = Whh.shape[0], shape: Shape = [batch, k], sizes = { m: batch, k };
    const timeSteps = gates.shape[0] / batch;
    const dz: Tensor[] = [];
    let dc0 = this.zeros(shape);
    for (let t = timeSteps; t >= 1; t--) {
      const dh = this.#backFromNext(dStates, dz[t], Whh, batch, t);
      if (dCells) {
        const before = dc0;
        dc0 = this.add(before, dCells, t);
        this.dispose([before]);
      }
      const dc = this.#device.run("lstmCellBack", shape, [dh, dc0, gates, cells, t], sizes);
      const args = [dh, dc, gates, cells, t];
      dz[t - 1] = this.#device.run("lstmGatesBack", [batch, 4 * k], args, sizes);
      this.dispose([dc0]);
      dc0 = this.#device.run("throughGate", shape, [dc, gates, t], sizes);
      this.dispose([dh, dc]);
    }
    return { dInputs: this.#sequence(dz), dc0 };
  }

  gruForward(inputs: Tensor, h0: Tensor, Whh: Tensor, bhn: Tensor): GruTrace {
    const [m, k] = h0.shape;
    const states = [h0], gates: Tensor[] = [];
    for (let t = 0; t < inputs.shape[0] / m; t++) {
      const products = this.#device.run("gruProducts", [m, 3 * k], [states[t], Whh, bhn], { k });
      const now = this.#device.run("gruGates", [m, 4 * k], [inputs, products, t], { m, k });
      states.push(this.#device.run("gruState", [m, k], [now, states[t]], { k }));
      gates.push(now);
      this.dispose([products]);
    }
    return { states: this.#sequence(states, 1), gates: this.#sequence(gates) };
  }

  gruBackward(
    dStates: Tensor,
    { states, gates }: GruTrace,
    Whh: Tensor,
    batch: number,
  ): { dInputs: Tensor; dRecurrent: Tensor; dCarry: Tensor } {
    const k = Whh.shape[0], shape: Shape = [batch, k], sizes = { m: batch, k };
    const timeSteps = gates.shape[0] / batch;
    const dInputs: Tensor[] = [], dRecurrent: Tensor[] = [];
    let dCarry = this.zeros(shape);
    for (let t = timeSteps; t >= 1; t--) {
      const direct = this.#backFromNext(dStates, dRecurrent[t], Whh, batch, t);
      const dh = this.add(direct, dCarry);
      const args = [dh, gates, states, t];
      dInputs[t - 1] = this.#device.run("gruInputsBack", [batch, 3 * k], args, sizes);
      dRecurrent[t - 1] = this.#device.run("gruProductsBack", [batch, 3 * k], args, sizes);
      this.dispose([direct, dCarry]);
      dCarry = this.#device.run("throughGate", shape, [dh, gates, t], sizes);
      this.dispose([dh]);
    }
    return { dInputs: this.#sequence(dInputs), dRecurrent: this.#sequence(dRecurrent), dCarry };
  }

  /** Returns dStates_t + dzNext Whhᵀ; at the last step there is no dzNext. */
  #backFromNext(dStates: Tensor, dzNext: Tensor | undefined, Whh: Tensor, m: number, t: number) {
    if (!dzNext) return this.sliceRows(dStates, t * m, (t + 1) * m);
    const [k, width] = Whh.shape;
    return this.#device.run("backFromNext", [m, k], [dStates, dzNext, Whh, t], { m, width });
  }

  /** Concatenates the steps and frees them, except the first `others`, which the caller keeps. */
  #sequence(steps: readonly Tensor[], others = 0): Tensor {
    const all = this.concatRows(steps);
    this.dispose(steps.slice(others));
    return all;
  }

  #ids(indices: Indices): Tensor {
    return this.#device.checkIndices(indices, "ids", ({ numbers }) => new Float32Array(numbers));
  }

  /** For scatterRows and maxRows: the start of each row's indices, and their positions in order. */
  #groups(rows: Indices): Tensor[] {
    return [
      this.#device.checkIndices(rows, "start", startOfRows),
      this.#device.checkIndices(rows, "order", orderOfRows),
    ];
  }

  /** Concatenates the parts along an axis, at most {@linkcode MAX_PARTS} at a time. */
  #concat(parts: readonly Tensor[], axis: 0 | 1): Tensor {
    if (parts.length === 1) return this.#device.run("copy", parts[0].shape, [parts[0]]);
    let level = [...parts];
    while (level.length > 1) {
      const next: Tensor[] = [];
      for (let i = 0; i < level.length; i += MAX_PARTS) {
        const some = level.slice(i, i + MAX_PARTS);
        next.push(some.length === 1 ? some[0] : this.#concatSome(some, axis));
      }
      level.forEach((tensor) =>
        parts.includes(tensor) || next.includes(tensor) || this.dispose([tensor])
      );
      level = next;
    }
    return level[0];
  }

  #concatSome(parts: Tensor[], axis: 0 | 1): Tensor {
    const sizes = parts.map((part) => part.shape[axis]);
    const total = sizes.reduce((sum, count) => sum + count, 0);
    const shape: Shape = axis === 0 ? [total, parts[0].shape[1]] : [parts[0].shape[0], total];
    const constants = Object.fromEntries(sizes.slice(0, -1).map((count, i) => [`m${i}`, count]));
    const op = axis === 0 ? "concatRows" : "concatColumns";
    return this.#device.run(`${op}${parts.length}`, shape, parts, constants);
  }
}

/** For each row of the table, the number of indices of earlier rows; finally, the total number. */
function startOfRows({ numbers, bound }: GpuIndices): Float32Array {
  const start = new Float32Array(bound + 1);
  for (const id of numbers) if (id >= 0) start[id + 1]++;
  for (let row = 0; row < bound; row++) start[row + 1] += start[row];
  return start;
}

/** Returns the positions of all indices except -1, grouped by the row that they refer to. */
function orderOfRows(indices: GpuIndices): Float32Array {
  const next = startOfRows(indices);
  const order = new Float32Array(indices.length);
  for (const [place, id] of indices.numbers.entries()) if (id >= 0) order[next[id]++] = place;
  return order;
}

/** Returns for each row of the table the position of the index that refers to it, or -1. */
function placeOfRows({ numbers, bound }: GpuIndices): Float32Array {
  const places = new Float32Array(bound).fill(-1);
  for (const [place, id] of numbers.entries()) if (id >= 0) places[id] = place;
  return places;
}
