/**
 * The tensor interface by kernels of gpu.js.
 *
 * @module
 */
import type { Backend, Indices, MatmulOptions, SgdOptions, Shape, Tensor } from "@unroll/core";
import { Device, type GpuIndices } from "./device.ts";
import { MAX_PARTS } from "./kernels.ts";
import { bestMode, type GpuJsMode, loadGpuJs, probeMode } from "./modes.ts";

/** Settings of {@linkcode createGpuJsBackend}. */
export interface GpuJsOptions {
  /**
   * What gpu.js computes with. Default: the first of webgpu, webgl2 and webasm that works here with
   * real hardware; webasm needs none. A mode asked for may have a software adapter.
   */
  mode?: GpuJsMode;
  /** The module gpu.js, where a bundler has brought it. Default: npm's gpu.js 2.24.1. */
  gpujs?: unknown;
}

/** A backend of gpu.js. */
export interface GpuJsBackend extends Backend {
  /** What gpu.js computes with. */
  readonly mode: GpuJsMode;
  /** The name of the hardware or software that computes. */
  readonly adapter: string;
  /** Gives all kernels back. Nothing may be used afterwards. */
  close(): Promise<void>;
}

// Above this float32 skips whole numbers, and every index is a float32 on the device.
const MAX_INDEX = 2 ** 24;

/**
 * A backend on gpu.js, in float32.
 *
 * @throws {Error} Where the mode does not work here, or gpu.js cannot be loaded.
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
        `indices() on gpu.js are exact below ${MAX_INDEX}, got a bound of ${bound}`,
      );
    }
    return this.#device.indices(new Int32Array(data), bound);
  }

  read(tensors: readonly Tensor[]): Promise<Float32Array<ArrayBuffer>[]> {
    return Promise.all(tensors.map((tensor) => this.#device.read(tensor)));
  }

  scope<Kept extends readonly (Tensor | Indices)[]>(fn: () => Kept): Kept {
    return this.#device.scopes.run(fn);
  }

  dispose(handles: readonly (Tensor | Indices)[]): void {
    for (const handle of handles) this.#device.release(handle);
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

  scale(a: Tensor, factor: number): Tensor {
    return this.#device.run("scale", a.shape, [a, factor]);
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
    const start = this.#device.checkIndices(rows, "start", startOfRows);
    const order = this.#device.checkIndices(rows, "order", orderOfRows);
    const shape: Shape = [rows.bound, a.shape[1]];
    return this.#device.run("scatterRows", shape, [a, start, order], { k: rows.length });
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
    if (parts.length === 1) return this.#device.run("copy", parts[0].shape, [parts[0]]);
    let level = [...parts];
    while (level.length > 1) {
      const next: Tensor[] = [];
      for (let i = 0; i < level.length; i += MAX_PARTS) {
        const some = level.slice(i, i + MAX_PARTS);
        next.push(some.length === 1 ? some[0] : this.#concat(some));
      }
      level.forEach((tensor) =>
        parts.includes(tensor) || next.includes(tensor) || this.dispose([tensor])
      );
      level = next;
    }
    return level[0];
  }

  sgd(parameter: Tensor, gradient: Tensor, { learningRate, clip }: SgdOptions): Tensor {
    const bound = Math.min(clip, 3e38); // infinity is no number of every shading language
    const args = [parameter, gradient, learningRate, bound];
    const updated = this.#device.run("sgd", parameter.shape, args);
    this.dispose([parameter]);
    return updated;
  }

  rnnForward(inputs: Tensor, h0: Tensor, Whh: Tensor): Tensor {
    const [batch, hidden] = h0.shape;
    const states = [h0];
    for (let t = 0; t < inputs.shape[0] / batch; t++) {
      const args = [inputs, states[t], Whh, t];
      states.push(this.#device.run("rnnStep", h0.shape, args, { m: batch, k: hidden }));
    }
    const all = this.concatRows(states);
    this.dispose(states.slice(1));
    return all;
  }

  rnnBackward(dStates: Tensor, states: Tensor, Whh: Tensor, batch: number): Tensor {
    const [rows, hidden] = states.shape;
    const shape: Shape = [batch, hidden], sizes = { m: batch, k: hidden };
    const timeSteps = rows / batch - 1;
    const dz: Tensor[] = [];
    dz[timeSteps - 1] = this.#device.run("rnnLastBack", shape, [dStates, states, timeSteps], sizes);
    for (let t = timeSteps - 1; t >= 1; t--) {
      const args = [dStates, states, dz[t], Whh, t];
      dz[t - 1] = this.#device.run("rnnStepBack", shape, args, sizes);
    }
    const all = this.concatRows(dz);
    this.dispose(dz);
    return all;
  }

  #ids(indices: Indices): Tensor {
    return this.#device.checkIndices(indices, "ids", ({ numbers }) => new Float32Array(numbers));
  }

  #concat(parts: Tensor[]): Tensor {
    const rows = parts.map((part) => part.shape[0]);
    const total = rows.reduce((sum, count) => sum + count, 0);
    const constants = Object.fromEntries(rows.slice(0, -1).map((count, i) => [`m${i}`, count]));
    return this.#device.run(`concat${parts.length}`, [total, parts[0].shape[1]], parts, constants);
  }
}

/** For each row of the table, how many indices name a row before it; then how many there are. */
function startOfRows({ numbers, bound }: GpuIndices): Float32Array {
  const start = new Float32Array(bound + 1);
  for (const id of numbers) if (id >= 0) start[id + 1]++;
  for (let row = 0; row < bound; row++) start[row + 1] += start[row];
  return start;
}

/** The places of all indices but -1, those that name the same row together. */
function orderOfRows(indices: GpuIndices): Float32Array {
  const next = startOfRows(indices);
  const order = new Float32Array(indices.length);
  for (const [place, id] of indices.numbers.entries()) if (id >= 0) order[next[id]++] = place;
  return order;
}
