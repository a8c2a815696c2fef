/**
 * Matrix products by kernels: chooses the kernels, cuts the work, and shares it among threads.
 *
 * @module
 */
import type { Call, Range } from "./scripts.ts";
import type { Space } from "./space.ts";
import type { Threads } from "./threads.ts";
import type { Kernels } from "./wasm/kernels.ts";
import { mostRows, PANEL } from "./wasm/tiles.ts";
import { runTranspose } from "./jobs.ts";
import type { MatrixProducts, Place, Recurrent } from "./matrix_products.ts";
import { smallCalls, tilesOf } from "./product_calls.ts";

const BYTES = 4; // per number
const PANEL_ROW = BYTES * PANEL; // bytes
// A panel of b and a tile's rows of a take 28 KiB together, which fits in an L1 cache of 32 KiB.
const K_BLOCK = 512;
const M_BLOCK = 240; // rows of a whose part of a block stays in an L2 cache of 512 KiB
const SMALL_WORK = 2; // multiplications in tiles that take as long as one without packing
const TRANSPOSED_GRAIN = 32; // columns: eight vectors, the number of sums kept per row
const MIN_ROWS_TO_PACK = 16; // rows of a; packing a number takes as long as some ten products

/** Products by the WebAssembly kernels. */
export class Products implements MatrixProducts {
  readonly #kernels: Kernels;
  readonly #threads: Threads;
  readonly #space: Space;
  readonly #most: number;

  /** Creates products by the given kernels, on the given threads. */
  constructor(kernels: Kernels, threads: Threads, space: Space) {
    this.#kernels = kernels;
    this.#threads = threads;
    this.#space = space;
    this.#most = mostRows(kernels.fused);
  }

  packedColumns(n: number): number {
    return n - n % PANEL;
  }

  byUnits(): boolean {
    return false; // weights are packed only once, so a thread with fewer rows takes less time
  }

  pack(to: number, b: Place, k: number, n: number): void {
    const width = this.packedColumns(n);
    for (let p = 0; p < k; p += K_BLOCK) {
      this.#pack(to + BYTES * width * p, b.at + b.row * p, b, Math.min(K_BLOCK, k - p), width);
    }
  }

  add(
    out: number,
    a: Place,
    b: Place,
    m: number,
    k: number,
    n: number,
    packed?: number,
    isFresh = false,
  ): void {
    const width = this.packedColumns(n);
    const isLarge = m >= (packed === undefined ? MIN_ROWS_TO_PACK : 2) && width > 0;
    if (isFresh && !(isLarge && width === n)) {
      this.#kernels.run.fill(1, m * n, out, 0, 0);
      isFresh = false;
    }
    if (!isLarge) return this.#small(out, a, b, m, k, n, 0);
    if (width < n) this.#small(out, a, b, m, k, n, width);
    for (let p = 0; p < k; p += K_BLOCK) {
      const depth = Math.min(K_BLOCK, k - p);
      let panels: number;
      if (packed === undefined) {
        panels = this.#space.scratch("b", depth * width);
        this.#pack(panels, b.at + b.row * p, b, depth, width);
      } else panels = packed + BYTES * width * p;
      for (let i = 0; i < m; i += M_BLOCK) {
        const rows = Math.min(M_BLOCK, m - i);
        const from = a.at + a.row * i + a.column * p;
        this.#tiles(
          out + BYTES * n * i,
          from,
          a,
          panels,
          rows,
          depth,
          width,
          BYTES * n,
          isFresh && p === 0,
        );
      }
    }
  }

  steps(
    out: readonly [at: number, growth: number],
    a: readonly [at: number, growth: number],
    W: Recurrent,
    rows: number,
    _columns: Range, // all of them, see byUnits()
    isFresh = false,
  ): Call[] {
    const { k, n, packed } = W;
    const { number } = this.#kernels;
    const calls: Call[] = [];
    const add = (name: string, parameters: number[]) => {
      const growth = parameters.map((_, i) => i === 0 ? out[1] : i === 1 ? a[1] : 0);
      calls.push({ kernel: number[name], parameters, growth });
    };
    const width = packed === undefined ? 0 : this.packedColumns(n);
    const from = { at: a[0], row: BYTES * k, column: BYTES };
    if (isFresh && width < n) {
      const parameters = [1, rows * n, out[0], 0, 0];
      calls.push({ kernel: number.fill, parameters, growth: [0, 0, out[1], 0, 0] });
    }
    if (width < n) smallCalls(out[0], from, W, rows, k, n, width).forEach((call) => add(...call));
    const tiles = tilesOf(rows, this.#most);
    for (let p = 0; width > 0 && p < k; p += K_BLOCK) {
      const depth = Math.min(K_BLOCK, k - p),
        panels = packed! + BYTES * width * p;
      let first = 0;
      for (const { height, count } of tiles) {
        add(`tile${height}`, [
          out[0] + BYTES * n * first,
          from.at + from.row * first + BYTES * p,
          panels,
          count,
          depth,
          width / PANEL,
          BYTES * n,
          from.row,
          from.row * height,
          Number(isFresh && width === n && p === 0),
        ]);
        first += height * count;
      }
    }
    return calls;
  }

  /** Adds to some rows of out, in tiles of nearly equal height. */
  #tiles(
    out: number,
    from: number,
    a: Place,
    panels: number,
    rows: number,
    depth: number,
    width: number,
    outRow: number,
    isFresh: boolean,
  ): void {
    const { number } = this.#kernels;
    let aRow = a.row;
    if (a.column !== BYTES) { // a is transposed: the numbers of a row are far apart
      aRow = BYTES * depth;
      const at = this.#space.scratch("a", rows * depth);
      runTranspose(this.#threads, this.#kernels, at, from, depth, rows, aRow, a.column);
      from = at;
    }
    for (const { height, count } of tilesOf(rows, this.#most)) {
      const work = count * height * depth * width;
      const { parameters, steps } = this.#threads;
      const kernel = number[`tile${height}`];
      parameters[0] = out;
      parameters[1] = from;
      parameters[2] = panels;
      parameters[3] = count;
      parameters[4] = depth;
      parameters[5] = width / PANEL;
      parameters[6] = outRow;
      parameters[7] = aRow;
      parameters[8] = aRow * height;
      parameters[9] = Number(isFresh);
      steps.fill(0, 0, 10);
      steps[0] = PANEL_ROW; // a piece has some of the panels
      steps[2] = PANEL_ROW * depth;
      this.#threads.call(kernel, 10, 5, 1, work);
      out += outRow * count * height;
      from += aRow * count * height;
    }
  }

  #pack(to: number, from: number, b: Place, depth: number, width: number): void {
    const { parameters, steps } = this.#threads;
    const kernel = this.#kernels.number[b.column === BYTES ? "packStraight" : "pack"];
    parameters.set([to, from, depth, width / PANEL, b.row, b.column]);
    steps.fill(0, 0, 6);
    steps[0] = PANEL_ROW * depth;
    steps[1] = b.column * PANEL;
    this.#threads.call(kernel, 6, 3, 1, MIN_ROWS_TO_PACK * depth * width);
  }

  /** Few columns, a transposed: computes (a b)ᵀ = bᵀ aᵀ, where the rows of aᵀ are contiguous. */
  #transposedA(
    out: number,
    a: Place,
    b: Place,
    m: number,
    k: number,
    n: number,
    column: number,
  ): void {
    const { run, number } = this.#kernels;
    const width = n - column, outAt = out + BYTES * column, row = BYTES * m;
    const at = this.#space.scratch("a", width * m);
    run.transpose(at, outAt, m, width, row, BYTES * n);
    const { parameters, steps } = this.#threads;
    for (let j = 0; j < width; j++) {
      const from = b.at + BYTES * (column + j);
      parameters.set([at + row * j, from, a.at, 1, k, m, row, 0, b.row, a.column]);
      steps.fill(0, 0, 10);
      [steps[0], steps[2]] = [BYTES, BYTES]; // a piece has some of aᵀ's columns
      this.#threads.call(number.product1, 10, 5, TRANSPOSED_GRAIN, SMALL_WORK * m * k);
    }
    run.transpose(outAt, at, width, m, BYTES * n, row);
  }

  /** Computes the product without packing, from a column on; for few rows or few columns. */
  #small(
    out: number,
    a: Place,
    b: Place,
    m: number,
    k: number,
    n: number,
    column: number,
  ): void {
    const { run } = this.#kernels;
    if (a.column !== BYTES && b.column === BYTES && n - column < PANEL && m >= PANEL) {
      return this.#transposedA(out, a, b, m, k, n, column);
    }
    if (a.column === BYTES || b.column === BYTES) {
      for (const [name, parameters] of smallCalls(out, a, b, m, k, n, column)) {
        const [, , , rows, , width, outRow, aRow] = parameters;
        this.#threads.parameters.set(parameters);
        this.#threads.steps.fill(0, 0, parameters.length);
        this.#threads.steps.set([outRow, aRow]); // a piece has some of the rows
        const grain = name === "product2" ? 2 : 1, work = SMALL_WORK * rows * k * width;
        this.#threads.call(this.#kernels.number[name], parameters.length, 3, grain, work);
      }
      return;
    }
    // Both transposed: the rows of a are gathered, one at a time; then b's columns are contiguous.
    const outRow = BYTES * n, outAt = out + BYTES * column, bAt = b.at + b.column * column;
    const at = this.#space.scratch("a", k);
    for (let i = 0; i < m; i++) {
      run.transpose(at, a.at + a.row * i, k, 1, BYTES * k, a.column);
      const to = outAt + outRow * i;
      run.dot(to, at, bAt, 1, k, n - column, outRow, BYTES * k, BYTES, b.column);
    }
  }
}
