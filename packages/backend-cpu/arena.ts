/**
 * Allocation of buffers: in regions of one memory that are merged with their neighbors when freed,
 * or as separate arrays.
 *
 * @module
 */
import type { Numbers } from "./loops.ts";

/** An allocator of buffers. */
export interface Store {
  /** The number of bytes in use. */
  readonly taken: number;
  /** Returns a buffer of at least `length` numbers; throws if it does not fit. */
  take(length: number): Numbers;
  /** Frees a buffer. */
  giveBack(data: Numbers): void;
  /**
   * Merges free space, after an allocation failed.
   *
   * @param isAllFree Whether no buffer is in use any more, so that later allocations do not depend
   *   on earlier ones.
   */
  tidy(isAllFree: boolean): void;
}

const BYTES = 4; // per number
const PAGE = 65536; // bytes, in WebAssembly
const LEAST = 16; // minimum numbers in a buffer: a cache line
// Buffers up to this size are cut from slabs, in sizes that are powers of two, and once freed wait
// for the next allocation of their size. Larger ones are merged at once, which takes a few hundred
// nanoseconds and is negligible for them.
const SMALL = 2 ** 14;
const SLAB = 2 ** 16; // numbers
const STEP = 2 ** 10; // numbers: the sizes of large buffers are multiples
const KEPT = 2 ** 24; // bytes of free arrays to keep, however few are in use

/** Regions of a WebAssembly memory, in float32. */
export class Arena implements Store {
  readonly #memory: WebAssembly.Memory;
  readonly #start: number;
  readonly #limit: number;
  // The free regions below the end, sorted by address; no two of them are adjacent.
  #starts: number[] = [];
  #sizes: number[] = [];
  #end: number;
  #small = classes();
  #slabs: { start: number; used: number }[] = [];
  taken = 0;

  /** Allocates from `start` to `limit`, in bytes. */
  constructor(memory: WebAssembly.Memory, start: number, limit: number) {
    this.#memory = memory;
    this.#start = this.#end = Math.ceil(start / (BYTES * LEAST)) * BYTES * LEAST;
    this.#limit = limit;
  }

  take(length: number): Numbers {
    if (length > SMALL) {
      const size = Math.ceil(length / STEP) * STEP;
      const start = this.#place(BYTES * size); // which may replace the memory's buffer
      const data = new Float32Array(this.#memory.buffer, start, size);
      this.taken += BYTES * size;
      return data;
    }
    const sizeClass = sizeClassOf(length);
    const data = this.#small[sizeClass].pop() ?? this.#cut(2 ** sizeClass);
    this.taken += BYTES * data.length;
    return data;
  }

  giveBack(data: Numbers): void {
    this.taken -= BYTES * data.length;
    if (data.length > SMALL) this.#free(data.byteOffset, BYTES * data.length);
    else this.#small[sizeClassOf(data.length)].push(data as Float32Array);
  }

  tidy(isAllFree: boolean): void {
    if (isAllFree) {
      for (const free of this.#small) free.length = 0;
      this.#slabs.length = this.#starts.length = this.#sizes.length = 0;
      this.#end = this.#start;
      this.taken = 0;
      return;
    }
    // Frees slabs whose buffers are all free; the newest slab is still being cut.
    const bytes = new Map(this.#slabs.map(({ start }) => [start, 0]));
    const starts = [...bytes.keys()].sort((a, b) => a - b);
    const slabOf = ({ byteOffset }: Float32Array) => starts[countUpTo(starts, byteOffset) - 1];
    for (const free of this.#small) {
      for (const data of free) {
        const slab = slabOf(data);
        bytes.set(slab, bytes.get(slab)! + data.length * BYTES);
      }
    }
    const whole = new Set(
      this.#slabs.filter(({ start, used }) => bytes.get(start) === used).map(({ start }) => start),
    );
    this.#small = this.#small.map((free) => free.filter((data) => !whole.has(slabOf(data))));
    this.#slabs = this.#slabs.filter(({ start }) => !whole.has(start));
    for (const start of whole) this.#free(start, BYTES * SLAB);
  }

  /** Cuts a new small buffer from a slab. */
  #cut(length: number): Float32Array {
    const bytes = BYTES * length;
    let slab = this.#slabs.at(-1);
    if (!slab || slab.used + bytes > BYTES * SLAB) {
      // The rest of the previous slab becomes free buffers of the largest sizes that fit.
      while (slab && slab.used < BYTES * SLAB) {
        const rest = 2 ** Math.floor(Math.log2((BYTES * SLAB - slab.used) / BYTES));
        this.#small[sizeClassOf(rest)].push(
          new Float32Array(this.#memory.buffer, slab.start + slab.used, rest),
        );
        slab.used += BYTES * rest;
      }
      slab = { start: this.#place(BYTES * SLAB), used: 0 };
      this.#slabs.push(slab);
    }
    const data = new Float32Array(this.#memory.buffer, slab.start + slab.used, length);
    slab.used += bytes;
    return data;
  }

  /** Returns the address of the first free region of the given size, in bytes. */
  #place(bytes: number): number {
    const starts = this.#starts, sizes = this.#sizes;
    for (let i = 0; i < starts.length; i++) {
      if (sizes[i] < bytes) continue;
      const start = starts[i];
      if (sizes[i] === bytes) {
        starts.splice(i, 1);
        sizes.splice(i, 1);
      } else {
        starts[i] += bytes;
        sizes[i] -= bytes;
      }
      return start;
    }
    if (this.#end + bytes > this.#limit) throw new RangeError("the limit is reached");
    grow(this.#memory, this.#end + bytes);
    const start = this.#end;
    this.#end += bytes;
    return start;
  }

  /** Frees a region and merges it with adjacent free ones. */
  #free(start: number, bytes: number): void {
    const starts = this.#starts, sizes = this.#sizes;
    let i = countUpTo(starts, start);
    if (i > 0 && starts[i - 1] + sizes[i - 1] === start) {
      i--;
      sizes[i] += bytes;
    } else {
      starts.splice(i, 0, start);
      sizes.splice(i, 0, bytes);
    }
    const end = starts[i] + sizes[i];
    if (end === this.#end) { // the last region: move the end back
      this.#end = starts[i];
      starts.pop();
      sizes.pop();
    } else if (starts[i + 1] === end) {
      sizes[i] += sizes[i + 1];
      starts.splice(i + 1, 1);
      sizes.splice(i + 1, 1);
    }
  }
}

/**
 * Separate arrays. Freed arrays are kept for reuse at the same size, as long as the total stays
 * within the peak that was in use at once (plus 16 MiB), and within the limit.
 */
export class Arrays<T extends Numbers | Int32Array> {
  readonly #make: (length: number) => T;
  readonly #bytes: number;
  readonly #limit: number;
  readonly #free = new Map<number, T[]>();
  #kept = 0;
  #most = 0;
  taken = 0;

  /**
   * Allocates arrays by calling `make`.
   *
   * @param bytes The number of bytes per number.
   * @param limit The maximum number of bytes in total, including arrays kept for reuse.
   */
  constructor(make: (length: number) => T, bytes: number, limit = Infinity) {
    this.#make = make;
    this.#bytes = bytes;
    this.#limit = limit;
  }

  take(length: number): T {
    const rounded = roundedUp(length);
    const kept = this.#free.get(rounded)?.pop();
    if (kept) {
      this.#kept -= kept.byteLength;
      this.#taken(kept.byteLength);
      return kept;
    }
    const bytes = rounded * this.#bytes;
    if (this.taken + bytes > this.#limit) throw new RangeError("the limit is reached");
    if (this.taken + this.#kept + bytes > this.#limit) this.tidy();
    const data = this.#make(rounded);
    this.#taken(bytes);
    return data;
  }

  giveBack(data: T): void {
    this.taken -= data.byteLength;
    if (this.taken + this.#kept + data.byteLength > this.#most + KEPT) this.tidy();
    this.#kept += data.byteLength;
    const free = this.#free.get(data.length);
    if (free) free.push(data);
    else this.#free.set(data.length, [data]);
  }

  tidy(isAllFree = false): void {
    if (isAllFree) return; // kept arrays do not affect where later ones are allocated
    this.#free.clear();
    this.#kept = 0;
  }

  #taken(bytes: number): void {
    this.taken += bytes;
    if (this.taken > this.#most) this.#most = this.taken;
  }
}

/** Rounds small lengths up to a power of two, and large ones by at most an eighth. */
function roundedUp(length: number): number {
  const power = sizeClassOf(length);
  if (length <= SMALL) return 2 ** power;
  const step = 2 ** (power - 4);
  return Math.ceil(length / step) * step;
}

/** Returns the exponent of the smallest power of two that holds n numbers and a cache line. */
function sizeClassOf(n: number): number {
  return n <= LEAST ? 4 : 32 - Math.clz32(n - 1);
}

/** Creates an empty list of free buffers for each power of two up to {@linkcode SMALL}. */
function classes(): Float32Array[][] {
  return Array.from({ length: 15 }, () => []);
}

/** Returns how many of the sorted numbers are at most `most`. */
function countUpTo(numbers: readonly number[], most: number): number {
  let first = 0, end = numbers.length;
  while (first < end) {
    const middle = (first + end) >> 1;
    if (numbers[middle] <= most) first = middle + 1;
    else end = middle;
  }
  return first;
}

/** Grows a memory to reach `end`, by at least a quarter of its size if possible. */
function grow(memory: WebAssembly.Memory, end: number): void {
  const missing = end - memory.buffer.byteLength;
  if (missing <= 0) return;
  const pages = Math.ceil(missing / PAGE);
  const quarter = Math.ceil(memory.buffer.byteLength / PAGE / 4);
  try {
    memory.grow(Math.max(pages, quarter));
  } catch {
    memory.grow(pages);
  }
}
