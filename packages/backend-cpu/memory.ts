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
} from "@unroll/core/device";
import { Arena, Arrays, type Store } from "./arena.ts";
import type { Numbers } from "./loops.ts";

/** A tensor's buffer holds at least rows · columns numbers; what follows them means nothing. */
export class CpuTensor implements Tensor {
  /** What a backend has made of its numbers for products; it lives as long as they do. */
  packed?: { straight?: Numbers; transposed?: Numbers };
  place = 0; // among those alive

  constructor(readonly memory: Memory, readonly shape: Shape, public data: Numbers | null) {}
}

/** Row numbers; the buffer may be longer than `length`. */
export class CpuIndices implements Indices {
  place = 0; // among those alive

  constructor(
    readonly memory: Memory,
    readonly length: number,
    readonly bound: number,
    public data: Int32Array<ArrayBuffer> | null,
  ) {}
}

type Handle = CpuTensor | CpuIndices;

// Four gibibytes of float32. The system may promise more, and then end the process for using it.
const MAX_SIZE = 2 ** 30;

const MIB = 2 ** 20; // bytes

/** Where numbers are put. */
export interface MemoryOptions {
  /** The memory of WebAssembly to put them into; without, each buffer is an array of its own. */
  arena?: WebAssembly.Memory;
  /** The first address of it that may be taken. Default: 0. */
  start?: number;
  /** How many bytes may be taken in all. Default: as many as there are. */
  limit?: number;
}

/** What is alive, the buffers of it, and the open scopes. */
export class Memory {
  readonly scopes: Scopes<Handle> = new Scopes((handle) => this.release(handle));
  readonly #alive: Handle[] = [];
  #floats: Store;
  #ints = new Arrays((length) => new Int32Array(length), 4);
  readonly #limit: number;
  #scratch: { a?: Numbers; b?: Numbers } = {};
  #isScratchAsked = false;
  #isEnded = false;

  /** Memory for numbers of a type. */
  constructor(readonly dtype: DType, { arena, start = 0, limit = Infinity }: MemoryOptions = {}) {
    this.#limit = limit;
    const make = (length: number): Numbers =>
      dtype === "float64" ? new Float64Array(length) : new Float32Array(length);
    this.#floats = arena
      ? new Arena(arena, start, limit)
      : new Arrays(make, dtype === "float64" ? 8 : 4, limit);
  }

  /** How many handles are alive. */
  get live(): number {
    return this.#alive.length;
  }

  /** A tensor whose values are whatever the buffer held before. */
  tensor(rows: number, columns: number): CpuTensor {
    return this.#made(new CpuTensor(this, [rows, columns], this.floatsOf(rows, columns)));
  }

  indices(length: number, bound: number): CpuIndices {
    this.requireOpen();
    return this.#made(new CpuIndices(this, length, bound, this.#ints.take(length)));
  }

  /** The buffer of a tensor that lives here; throws for any other. */
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

  /** The buffer of indices that live here; throws for any other. */
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

  /** A buffer of at least the size of a matrix, to be given back with {@linkcode giveBack}. */
  floatsOf(rows: number, columns: number): Numbers {
    this.requireOpen();
    const count = rows * columns;
    if (count > MAX_SIZE) throw this.#tooLarge(rows, columns);
    try {
      return this.#floats.take(count);
    } catch {
      if (!this.#isScratchAsked) this.#freeScratch(); // no product is under way
      this.#floats.tidy(false);
    }
    try {
      return this.#floats.take(count);
    } catch (cause) {
      throw this.#tooLarge(rows, columns, cause);
    }
  }

  /** Takes a buffer back. */
  giveBack(data: Numbers): void {
    this.#floats.giveBack(data);
  }

  /** The address of scratch space of one of two kinds, which lasts until the next allocation. */
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

  /** A fresh handle for the tensor's buffer; the old handle dies. */
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

  /** Ends the life of everything. */
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

  /** Throws once everything has ended. */
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
      `out of memory: a tensor [${rows}, ${columns}] has ${rows * columns} numbers, and ${taken}` +
        `${limit} MiB are taken; allow more memory, or choose a smaller hidden size or batch`,
      { cause },
    );
  }
}
