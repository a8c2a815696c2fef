/**
 * Where the tensors of the CPU backend live, and when they die.
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
} from "@unroll/core";
import type { Numbers } from "./loops.ts";

/** A tensor's buffer holds at least rows · columns numbers; what follows them means nothing. */
export class CpuTensor implements Tensor {
  /** What a backend has made of its numbers for products; it lives as long as they do. */
  packed?: { straight?: Numbers; transposed?: Numbers };

  constructor(readonly memory: Memory, readonly shape: Shape, public data: Numbers | null) {}
}

/** Row numbers; the buffer may be longer than `length`. */
export class CpuIndices implements Indices {
  constructor(
    readonly memory: Memory,
    readonly length: number,
    readonly bound: number,
    public data: Int32Array | null,
  ) {}
}

type Handle = CpuTensor | CpuIndices;

// Four gibibytes of float32. The system may promise more, and then end the process for using it.
const MAX_SIZE = 2 ** 30;

const ALIGNMENT = 64; // bytes of a line in a cache
const PAGE = 65536; // bytes, of WebAssembly
const MIB = 2 ** 20; // bytes

/** Where numbers are put. */
export interface Room {
  /** The memory of WebAssembly to put them into; without, each buffer is an array of its own. */
  arena?: WebAssembly.Memory;
  /** The first address of it that may be taken. Default: 0. */
  start?: number;
  /** How many bytes may be taken in all. Default: as many as there are. */
  limit?: number;
}

/** Buffers by size, used again once their tensor is disposed of, and the open scopes. */
export class Memory {
  live = 0;
  // A free list for each power of two, so that the pool stays small however many lengths come by.
  readonly #floats: Numbers[][] = Array.from({ length: 31 }, () => []);
  readonly #ints: Int32Array[][] = Array.from({ length: 31 }, () => []);
  readonly scopes: Scopes<Handle> = new Scopes((handle) => this.release(handle));

  readonly #arena?: WebAssembly.Memory;
  readonly #limit: number;
  #end: number; // bytes taken so far; of an arena, the first address that is free

  /** Memory for numbers of a type. */
  constructor(readonly dtype: DType, { arena, start = 0, limit = Infinity }: Room = {}) {
    this.#arena = arena;
    this.#limit = limit;
    this.#end = start;
  }

  /** A tensor whose values are whatever the buffer held before. */
  tensor(rows: number, columns: number): CpuTensor {
    return this.#made(new CpuTensor(this, [rows, columns], this.floatsOf(rows, columns)));
  }

  indices(length: number, bound: number): CpuIndices {
    const sizeClass = sizeClassOf(length);
    const data = this.#ints[sizeClass].pop() ?? new Int32Array(2 ** sizeClass);
    return this.#made(new CpuIndices(this, length, bound, data));
  }

  /** The buffer of a tensor that lives here; throws for any other. */
  floats(tensor: Tensor): Numbers {
    if (!(tensor instanceof CpuTensor) || tensor.memory !== this) {
      throw new TypeError("this tensor was made by another backend");
    }
    if (!tensor.data) throw new TypeError(`this tensor [${tensor.shape}] was disposed of`);
    return tensor.data;
  }

  /** The buffer of indices that live here; throws for any other. */
  ints(indices: Indices): Int32Array {
    if (!(indices instanceof CpuIndices) || indices.memory !== this) {
      throw new TypeError("these indices were made by another backend");
    }
    if (!indices.data) throw new TypeError(`these ${indices.length} indices were disposed of`);
    return indices.data;
  }

  /** A buffer of at least the size of a matrix, to be given back with {@linkcode giveBack}. */
  floatsOf(rows: number, columns: number): Numbers {
    if (rows * columns > MAX_SIZE) throw this.#tooLarge(rows, columns);
    const sizeClass = sizeClassOf(rows * columns);
    const free = this.#floats[sizeClass].pop();
    if (free) return free;
    try {
      return this.#allocate(2 ** sizeClass);
    } catch (cause) {
      throw this.#tooLarge(rows, columns, cause);
    }
  }

  /** Takes a buffer back. */
  giveBack(data: Numbers): void {
    this.#floats[sizeClassOf(data.length)].push(data);
  }

  /** A fresh handle for the tensor's buffer; the old handle dies. */
  move(tensor: Tensor): CpuTensor {
    const data = this.floats(tensor);
    this.#unpack(tensor as CpuTensor);
    (tensor as CpuTensor).data = null;
    this.live--;
    return this.#made(new CpuTensor(this, tensor.shape, data));
  }

  release(handle: Tensor | Indices): void {
    if (!(handle instanceof CpuTensor || handle instanceof CpuIndices) || handle.memory !== this) {
      throw new TypeError("this handle was made by another backend");
    }
    if (!handle.data) return;
    if (handle instanceof CpuTensor) {
      this.#unpack(handle);
      this.giveBack(handle.data!);
    } else this.#ints[sizeClassOf(handle.data.length)].push(handle.data);
    handle.data = null;
    this.live--;
  }

  #made<T extends Handle>(handle: T): T {
    this.live++;
    this.scopes.track(handle);
    return handle;
  }

  #unpack(tensor: CpuTensor): void {
    for (const data of Object.values(tensor.packed ?? {})) this.giveBack(data);
    tensor.packed = undefined;
  }

  #allocate(length: number): Numbers {
    const bytes = Math.max(ALIGNMENT, length * (this.dtype === "float64" ? 8 : 4));
    if (this.#end + bytes > this.#limit) throw new RangeError("the limit is reached");
    const data = this.#arena
      ? arrayIn(this.#arena, this.#end, length)
      : this.dtype === "float64"
      ? new Float64Array(length)
      : new Float32Array(length);
    this.#end += bytes;
    return data;
  }

  #tooLarge(rows: number, columns: number, cause?: unknown): DeviceError {
    const taken = Math.ceil(this.#end / MIB);
    const limit = this.#limit < Infinity ? ` of ${Math.floor(this.#limit / MIB)}` : "";
    return new DeviceError(
      `out of memory: a tensor [${rows}, ${columns}] has ${rows * columns} numbers, and ${taken}` +
        `${limit} MiB are taken; allow more memory, or choose a smaller hidden size or batch`,
      { cause },
    );
  }
}

/** Numbers at a place in a memory, which grows by a quarter at least where it has to. */
function arrayIn(memory: WebAssembly.Memory, start: number, length: number): Float32Array {
  const missing = start + 4 * length - memory.buffer.byteLength;
  if (missing > 0) {
    const pages = Math.ceil(missing / PAGE);
    const quarter = Math.ceil(memory.buffer.byteLength / PAGE / 4);
    try {
      memory.grow(Math.max(pages, quarter));
    } catch {
      memory.grow(pages);
    }
  }
  return new Float32Array(memory.buffer, start, length);
}

/** The exponent of the smallest power of two that is not below n. */
function sizeClassOf(n: number): number {
  return n <= 1 ? 0 : 32 - Math.clz32(n - 1);
}
