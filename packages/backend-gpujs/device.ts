/**
 * A device of gpu.js: its tensors, their lifetimes, and running kernels on them.
 *
 * @module
 */
import { DeviceError, type Indices, Scopes, type Shape, type Tensor } from "@unroll/core/device";
import { KERNELS } from "./kernels.ts";
import type { GpuJs, GpuJsDevice, GpuJsInput, GpuJsMode, Kernel, ModeReport } from "./modes.ts";

/** A result of gpu.js: a texture, a buffer, or rows of numbers. */
interface GpuJsResult {
  toArray(): Float32Array[] | Promise<Float32Array[]>;
  delete(): void;
}

/** A tensor; its value is what the mode's kernels return and accept. */
export class GpuTensor implements Tensor {
  /** The number of kernels and reads in flight that use it; it may be freed only at zero. */
  pending = 0;
  isAlive = true;
  constructor(readonly device: Device, readonly shape: Shape, readonly value: unknown) {}
}

/** Indices: their numbers on the host, and as tensors for the kernels that use them. */
export class GpuIndices implements Indices {
  isAlive = true;
  readonly tensors = new Map<string, GpuTensor>();
  constructor(readonly device: Device, readonly numbers: Int32Array, readonly bound: number) {}
  get length(): number {
    return this.numbers.length;
  }
}

// Each kernel has its own WebAssembly memory, for which a browser reserves gigabytes of address
// space: Chromium can hold about a hundred, Deno thousands.
const MAX_WEBASM_KERNELS = 1024;

/** A device: compiled kernels, and the tensors that they work on. */
export class Device {
  readonly #alive = new Set<GpuTensor | GpuIndices>();
  #isClosed = false;
  readonly scopes: Scopes<GpuTensor | GpuIndices> = new Scopes((handle) => this.release(handle));
  readonly #gpu: GpuJsDevice;
  readonly #kernels = new Map<string, Kernel>();
  #capacity = MAX_WEBASM_KERNELS;
  #failure: string | undefined;
  #closing: Promise<void> | undefined;

  constructor(
    readonly gpujs: GpuJs,
    readonly mode: GpuJsMode,
    readonly limits: Pick<ModeReport, "maxNumbers" | "maxSide">,
  ) {
    this.#gpu = new gpujs.GPU({ mode });
  }

  /** The number of live handles. */
  get live(): number {
    return this.#alive.size;
  }

  /** Throws once the device is closed. */
  requireOpen(): void {
    if (this.#isClosed) throw new TypeError("this backend was disposed of");
  }

  /** Listens for errors that WebGPU would otherwise only write to the console. */
  async listen(): Promise<void> {
    if (this.mode !== "webgpu" || !this.gpujs.WebGPUContext) return;
    const { device } = await this.gpujs.WebGPUContext.acquire();
    device.addEventListener("uncapturederror", ({ error }) => this.#failure ??= error.message);
    device.lost.then(({ message }) => this.#failure ??= `the GPU device was lost: ${message}`);
  }

  /** Creates a tensor from numbers; the caller must not change them afterwards. */
  upload(numbers: Float32Array, [rows, columns]: Shape): GpuTensor {
    this.requireOpen();
    this.#requireFits("tensor", [rows, columns]);
    return this.#made(this.#uploaded(numbers, [rows, columns]));
  }

  indices(numbers: Int32Array, bound: number): GpuIndices {
    this.requireOpen();
    const indices = new GpuIndices(this, numbers, bound);
    this.#alive.add(indices);
    this.scopes.track(indices);
    return indices;
  }

  /** Runs a kernel on tensors and scalars, and returns its result. */
  run(
    op: string,
    shape: Shape,
    args: readonly (Tensor | number)[],
    constants: Record<string, number> = {},
  ): GpuTensor {
    this.requireOpen();
    this.#requireFits(op, shape);
    const given = args.map((arg) => typeof arg === "number" ? arg : this.check(arg).value);
    const shapes = args.map((arg) => typeof arg === "number" ? "" : show(arg.shape)).filter(Boolean)
      .join(" and ");
    const result = this.#made(this.#run(op, shape, given, constants, shapes));
    if (this.mode === "webgpu") {
      for (const arg of args) {
        if (typeof arg !== "number") this.#use(arg as GpuTensor, result.value);
      }
    }
    return result;
  }

  /** Returns the tensor as one of this device, or throws if it is not, or is no longer alive. */
  check(tensor: Tensor): GpuTensor {
    if (!(tensor instanceof GpuTensor) || tensor.device !== this) {
      throw new TypeError("this tensor was made by another backend");
    }
    if (!tensor.isAlive) this.requireOpen();
    if (!tensor.isAlive) throw new TypeError(`this tensor [${tensor.shape}] was disposed of`);
    return tensor;
  }

  /** Returns a tensor computed from indices by `make`, cached for each use. */
  checkIndices(
    indices: Indices,
    use: string,
    make: (indices: GpuIndices) => Float32Array,
  ): GpuTensor {
    if (!(indices instanceof GpuIndices) || indices.device !== this) {
      throw new TypeError("these indices were made by another backend");
    }
    if (!indices.isAlive) this.requireOpen();
    if (!indices.isAlive) throw new TypeError(`these ${indices.length} indices were disposed of`);
    const made = indices.tensors.get(use);
    if (made) return made;
    const numbers = make(indices);
    this.#requireFits("indices", [1, numbers.length]);
    const tensor = this.#uploaded(numbers, [1, numbers.length]); // freed with its indices
    indices.tensors.set(use, tensor);
    return tensor;
  }

  async read(tensor: Tensor): Promise<Float32Array<ArrayBuffer>> {
    const { value, shape: [rows, columns] } = this.check(tensor);
    if (this.mode === "webasm") return (value as GpuJsInput).value.slice();
    const out = new Float32Array(rows * columns);
    const copy = async () => {
      const array = await (await value as GpuJsResult).toArray();
      for (let i = 0; i < rows; i++) out.set(array[i], i * columns);
    };
    const copying = copy();
    this.#use(tensor as GpuTensor, copying);
    await copying.catch((cause) => this.#fail(`read() of ${show(tensor.shape)}`, cause));
    if (this.#failure !== undefined) this.#fail(`read() of ${show(tensor.shape)}`, this.#failure);
    return out;
  }

  release(handle: Tensor | Indices): void {
    const isOurs = handle instanceof GpuTensor || handle instanceof GpuIndices;
    if (!isOurs || handle.device !== this) {
      throw new TypeError("this handle was made by another backend");
    }
    if (!handle.isAlive) return;
    handle.isAlive = false;
    this.#alive.delete(handle);
    if (handle instanceof GpuTensor) return this.#free(handle);
    for (const tensor of handle.tensors.values()) {
      tensor.isAlive = false;
      this.#free(tensor);
    }
  }

  /** Frees all live handles and the kernels. */
  async close(): Promise<void> {
    if (this.#isClosed) return await this.#closing;
    this.#isClosed = true;
    for (const handle of [...this.#alive]) this.release(handle);
    this.#closing = Promise.resolve(this.#gpu.destroy());
    await this.#closing;
  }

  #uploaded(numbers: Float32Array, [rows, columns]: Shape): GpuTensor {
    const input = new this.gpujs.Input(numbers, [columns, rows]);
    if (this.mode === "webasm") return new GpuTensor(this, [rows, columns], input);
    return this.#run("upload", [rows, columns], [input], {}, "numbers");
  }

  #run(
    op: string,
    shape: Shape,
    given: readonly unknown[],
    constants: Record<string, number>,
    shapes: string,
  ): GpuTensor {
    const fail = (cause: unknown) => this.#fail(`${op}() of ${shapes} to ${show(shape)}`, cause);
    const call = (ready: readonly unknown[]) =>
      this.#kernel(op, shape, constants, shapes)(...ready);
    if (this.mode === "webgpu") {
      const value = Promise.all(given).then(call).catch(fail);
      value.catch(() => {}); // reading it, or a result computed from it, reports the error
      return new GpuTensor(this, shape, value);
    }
    try {
      const result = this.#withMemory(() => call(given));
      if (this.mode === "webgl2") return new GpuTensor(this, shape, result);
      // The rows are views of one flat array.
      const flat = new Float32Array((result as Float32Array<ArrayBuffer>[])[0].buffer);
      const input = new this.gpujs.Input(flat, [shape[1], shape[0]]);
      return new GpuTensor(this, shape, input);
    } catch (error) {
      return fail(error);
    }
  }

  /** Runs `fn`; if WebAssembly runs out of memory, frees half of the kernels and tries again. */
  #withMemory(fn: () => unknown): unknown {
    try {
      return fn();
    } catch (error) {
      const half = Math.floor(this.#kernels.size / 2);
      if (this.mode !== "webasm" || half === 0 || !/allocate memory/.test(String(error))) {
        throw error;
      }
      this.#forget(half);
      this.#capacity = this.#kernels.size;
      return fn();
    }
  }

  /** Frees the least recently used kernels. */
  #forget(count: number): void {
    for (const [key, kernel] of [...this.#kernels].slice(0, count)) {
      this.#kernels.delete(key);
      kernel.destroy();
    }
  }

  #kernel(
    op: string,
    shape: Shape,
    constants: Record<string, number>,
    shapes: string,
  ): Kernel {
    // WebGPU accepts matrices of any size; the other modes compile the sizes into the kernel.
    const sizes = this.mode === "webgpu" ? "" : shapes;
    const key = `${op} ${shape} ${Object.values(constants)} ${sizes}`;
    const known = this.#kernels.get(key);
    if (known && this.mode !== "webasm") return known;
    if (known) {
      this.#kernels.delete(key); // moves it to the end: the first one is the least recently used
      this.#kernels.set(key, known);
      return known;
    }
    if (this.mode === "webasm" && this.#kernels.size >= this.#capacity) this.#forget(1);
    const { args, body } = KERNELS[op];
    // WebGL2 accepts a matrix either from the host or as a texture; only uploads read the host's.
    const matrix = this.mode === "webgl2" && op !== "upload" ? "ArrayTexture(1)" : "Input";
    const types = { i: "Integer", f: "Float" };
    const kernel = this.#gpu.createKernel(
      `function (${args.map((arg) => arg.split(":")[0]).join(", ")}) { ${body} }`,
      {
        output: [shape[1], shape[0]],
        constants,
        constantTypes: Object.fromEntries(Object.keys(constants).map((c) => [c, "Integer"])),
        argumentTypes: args.map((arg) => types[arg.split(":")[1] as "i" | "f"] ?? matrix),
        pipeline: true,
        immutable: true,
        precision: "single",
      },
    );
    this.#kernels.set(key, kernel);
    return kernel;
  }

  #fail(what: string, cause: unknown): never {
    if (cause instanceof DeviceError) throw cause; // from an earlier op
    const reason = this.#failure ?? (cause instanceof Error ? cause.message : cause);
    throw new DeviceError(`${what} failed in gpu.js ${this.mode}: ${reason}`, { cause });
  }

  #made(tensor: GpuTensor): GpuTensor {
    this.#alive.add(tensor);
    this.scopes.track(tensor);
    return tensor;
  }

  #use(tensor: GpuTensor, until: unknown): void {
    tensor.pending++;
    const done = () => {
      tensor.pending--;
      if (!tensor.isAlive) this.#free(tensor);
    };
    Promise.resolve(until).then(done, done);
  }

  #free(tensor: GpuTensor): void {
    if (tensor.pending > 0 || this.mode === "webasm") return;
    const free = (value: unknown) => (value as GpuJsResult).delete();
    if (this.mode === "webgpu") (tensor.value as Promise<unknown>).then(free, () => {});
    else free(tensor.value);
  }

  #requireFits(op: string, shape: Shape): void {
    const { maxNumbers, maxSide } = this.limits;
    if (shape[0] * shape[1] <= maxNumbers && Math.max(...shape) <= maxSide) return;
    throw new DeviceError(
      `${op}() to ${show(shape)}: gpu.js ${this.mode} holds at most ${maxNumbers} numbers in a ` +
        `tensor here, and ${maxSide} rows or columns; choose a smaller hidden size or batch`,
    );
  }
}

function show(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}
