/**
 * The memory of the CPU backend: its tensors, their buffers and their lifetimes.
 *
 * @module
 */
import {
  DeviceError,
  type DType,
  type Indices,
  Scopes,
  type Shape,
  type Tensor,
} from "@unroll/core/device";
import { Arena, Arrays, type Store } from "./arena.ts";
import type { Numbers } from "./loops.ts";

/** A tensor; its buffer has at least rows · columns numbers, and what follows them is undefined. */
export class CpuTensor implements Tensor {
  /** Copies packed for products, as long as its numbers do not change. */
  packed?: { straight?: Numbers; transposed?: Numbers };
  place = 0; // index among the live handles

  constructor(readonly memory: Memory, readonly shape: Shape, public data: Numbers | null) {}
}

/** Indices; their buffer may be longer than `length`. */
export class CpuIndices implements Indices {
  place = 0; // index among the live handles

  constructor(
    readonly memory: Memory,
    readonly length: number,
    readonly bound: number,
    public data: Int32Array<ArrayBuffer> | null,
  ) {}
}

type Handle = CpuTensor | CpuIndices;

// 4 GiB of float32. The system may promise more, and then kill the process for using it.
const MAX_SIZE = 2 ** 30;

const MIB = 2 ** 20; // bytes

/** Where to allocate numbers. */
export interface MemoryOptions {
  /** The WebAssembly memory to allocate from. Default: none, each buffer is a separate array. */
  arena?: WebAssembly.Memory;
  /** The first address of it that may be used. Default: 0. */
  start?: number;
  /** The maximum number of bytes in total. Default: no limit. */
  limit?: number;
}

/** The live handles, their buffers, and the open scopes. */
export class Memory {
  readonly scopes: Scopes<Handle> = new Scopes((handle) => this.release(handle));
  readonly #alive: Handle[] = [];
  #floats: Store;
  #ints = new Arrays((length) => new Int32Array(length), 4);
  readonly #limit: number;
  #scratch: { a?: Numbers; b?: Numbers } = {};
  #isScratchAsked = false;
  #isEnded = false;

  /** Creates memory for numbers of the given type. */
  constructor(readonly dtype: DType, { arena, start = 0, limit = Infinity }: MemoryOptions = {}) {
    this.#limit = limit;
    const make = (length: number): Numbers =>
      dtype === "float64" ? new Float64Array(length) : new Float32Array(length);
    this.#floats = arena
      ? new Arena(arena, start, limit)
      : new Arrays(make, dtype === "float64" ? 8 : 4, limit);
  }

  /** The number of live handles. */
  get live(): number {
    return this.#alive.length;
  }

  /** Creates a tensor whose values are undefined. */
  tensor(rows: number, columns: number): CpuTensor {
    return this.#made(new CpuTensor(this, [rows, columns], this.floatsOf(rows, columns)));
  }

  indices(length: number, bound: number): CpuIndices {
    this.requireOpen();
    return this.#made(new CpuIndices(this, length, bound, this.#ints.take(length)));
  }

  /** Returns the buffer of a live tensor of this memory; throws for any other. */
  floats(tensor: Tensor): Numbers {
    if (!(tensor instanceof CpuTensor) || tensor.memory !== this) {
      throw new TypeError("this tensor was made by another backend");
    }
    if (!tensor.data) {
      this.requireOpen();
      throw new TypeError(`this tensor [${tensor.shape}] was disposed of`);
    }
    return tensor.data;
  }

  /** Returns the buffer of live indices of this memory; throws for any others. */
  ints(indices: Indices): Int32Array {
    if (!(indices instanceof CpuIndices) || indices.memory !== this) {
      throw new TypeError("these indices were made by another backend");
    }
    if (!indices.data) {
      this.requireOpen();
      throw new TypeError(`these ${indices.length} indices were disposed of`);
    }
    return indices.data;
  }

  /** Returns a buffer of at least a matrix's size, to be freed with {@linkcode giveBack}. */
  floatsOf(rows: number, columns: number): Numbers {
    this.requireOpen();
    const count = rows * columns;
    if (count > MAX_SIZE) throw this.#tooLarge(rows, columns);
    try {
      return this.#floats.take(count);
    } catch {
      if (!this.#isScratchAsked) this.#freeScratch(); // no product is in progress
      this.#floats.tidy(false);
    }
    try {
      return this.#floats.take(count);
    } catch (cause) {
      throw this.#tooLarge(rows, columns, cause);
    }
  }

  /** Frees a buffer. */
  giveBack(data: Numbers): void {
    this.#floats.giveBack(data);
  }

  /** Returns the address of scratch space of one of two kinds, valid until the next allocation. */
  scratch(kind: "a" | "b", count: number): number {
    let data = this.#scratch[kind];
    if (!data || data.length < count) {
      if (data) this.giveBack(data);
      this.#scratch[kind] = undefined;
      this.#isScratchAsked = true;
      try {
        data = this.#scratch[kind] = this.floatsOf(1, count);
      } finally {
        this.#isScratchAsked = false;
      }
    }
    return data.byteOffset;
  }

  /** Returns a new handle for the tensor's buffer; the old handle is dead afterwards. */
  move(tensor: Tensor): CpuTensor {
    const data = this.floats(tensor);
    const old = tensor as CpuTensor;
    this.#unpack(old);
    old.data = null;
    const moved = new CpuTensor(this, tensor.shape, data);
    moved.place = old.place;
    this.#alive[old.place] = moved;
    this.scopes.track(moved);
    return moved;
  }

  release(handle: Tensor | Indices): void {
    if (!(handle instanceof CpuTensor || handle instanceof CpuIndices) || handle.memory !== this) {
      throw new TypeError("this handle was made by another backend");
    }
    if (!handle.data) return;
    if (handle instanceof CpuTensor) {
      this.#unpack(handle);
      this.giveBack(handle.data!);
    } else this.#ints.giveBack(handle.data!);
    handle.data = null;
    const last = this.#alive.pop()!;
    if (last !== handle) {
      this.#alive[handle.place] = last;
      last.place = handle.place;
    }
    if (this.#alive.length === 0) {
      this.#freeScratch();
      this.#floats.tidy(true);
    }
  }

  /** Frees all handles, and refuses further use. */
  end(): void {
    this.#isEnded = true;
    for (const handle of this.#alive) {
      handle.data = null;
      if (handle instanceof CpuTensor) handle.packed = undefined;
    }
    this.#alive.length = 0;
    this.#scratch = {};
    this.#ints = new Arrays((length) => new Int32Array(length), 4);
    this.#floats = new Arrays((length): Numbers => new Float32Array(length), 4);
  }

  /** Throws a `TypeError` after `end()`. */
  requireOpen(): void {
    if (this.#isEnded) throw new TypeError("this backend was disposed of");
  }

  #made<T extends Handle>(handle: T): T {
    handle.place = this.#alive.length;
    this.#alive.push(handle);
    this.scopes.track(handle);
    return handle;
  }

  #freeScratch(): void {
    for (const data of Object.values(this.#scratch)) if (data) this.giveBack(data);
    this.#scratch = {};
  }

  #unpack(tensor: CpuTensor): void {
    for (const data of Object.values(tensor.packed ?? {})) this.giveBack(data);
    tensor.packed = undefined;
  }

  #tooLarge(rows: number, columns: number, cause?: unknown): DeviceError {
    const taken = Math.ceil(this.#floats.taken / MIB);
    const limit = this.#limit < Infinity ? ` of ${Math.floor(this.#limit / MIB)}` : "";
    return new DeviceError(
      `out of memory: a tensor [${rows}, ${columns}] needs ${rows * columns} numbers, and ` +
        `${taken}${limit} MiB are in use; allow more memory, or choose a smaller hidden size or ` +
        "batch",
      { cause },
    );
  }
}
