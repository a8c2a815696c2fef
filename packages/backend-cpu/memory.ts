/**
 * Where the tensors of the CPU backend live, and when they die.
 *
 * @module
 */
import {
  type DType,
  type FloatArray,
  type Indices,
  Scopes,
  type Shape,
  type Tensor,
} from "@unroll/core";

/** A tensor's buffer holds at least rows · columns numbers; what follows them means nothing. */
export class CpuTensor implements Tensor {
  constructor(readonly memory: Memory, readonly shape: Shape, public data: FloatArray | null) {}
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

/** Buffers by size, used again once their tensor is disposed of, and the open scopes. */
export class Memory {
  live = 0;
  // A free list for each power of two, so that the pool stays small however many lengths come by.
  readonly #floats: FloatArray[][] = Array.from({ length: 31 }, () => []);
  readonly #ints: Int32Array[][] = Array.from({ length: 31 }, () => []);
  readonly scopes: Scopes<Handle> = new Scopes((handle) => this.release(handle));

  constructor(readonly dtype: DType) {}

  /** A tensor whose values are whatever the buffer held before. */
  tensor(rows: number, columns: number): CpuTensor {
    if (rows * columns > MAX_SIZE) throw tooLarge(rows, columns);
    const sizeClass = sizeClassOf(rows * columns);
    const data = this.#floats[sizeClass].pop() ?? this.#allocate(rows, columns, 2 ** sizeClass);
    return this.#made(new CpuTensor(this, [rows, columns], data));
  }

  indices(length: number, bound: number): CpuIndices {
    const sizeClass = sizeClassOf(length);
    const data = this.#ints[sizeClass].pop() ?? new Int32Array(2 ** sizeClass);
    return this.#made(new CpuIndices(this, length, bound, data));
  }

  /** The buffer of a tensor that lives here; throws for any other. */
  floats(tensor: Tensor): FloatArray {
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

  /** A fresh handle for the tensor's buffer; the old handle dies. */
  move(tensor: Tensor): CpuTensor {
    const data = this.floats(tensor);
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
      this.#floats[sizeClassOf(handle.data.length)].push(handle.data);
    } else this.#ints[sizeClassOf(handle.data.length)].push(handle.data);
    handle.data = null;
    this.live--;
  }

  #made<T extends Handle>(handle: T): T {
    this.live++;
    this.scopes.track(handle);
    return handle;
  }

  #allocate(rows: number, columns: number, length: number): FloatArray {
    try {
      return this.dtype === "float64" ? new Float64Array(length) : new Float32Array(length);
    } catch (cause) {
      throw tooLarge(rows, columns, cause);
    }
  }
}

function tooLarge(rows: number, columns: number, cause?: unknown): RangeError {
  return new RangeError(
    `out of memory: a tensor [${rows}, ${columns}] has ${rows * columns} numbers; ` +
      "choose a smaller hidden size or batch",
    { cause },
  );
}

/** The exponent of the smallest power of two that is not below n. */
function sizeClassOf(n: number): number {
  return n <= 1 ? 0 : 32 - Math.clz32(n - 1);
}
