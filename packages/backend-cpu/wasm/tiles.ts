/**
 * Large matrix products: b is packed into panels of eight columns, and out is computed in tiles
 * that stay in registers during the sums.
 *
 * @module
 */
import {
  add,
  advance,
  type Code,
  copy1,
  get,
  i32,
  ifElse,
  load4,
  loadSplat,
  multiply,
  multiplyAdd4,
  set,
  shuffle4,
  store4,
  type WasmFunction,
  wasmFunction,
  whileAtLeast,
  zero4,
} from "./assembler.ts";

const BYTES = 4; // per number

/** The number of columns in a panel: two vectors. */
export const PANEL = 8;

/**
 * Returns the maximum number of rows in a tile. Their sums, a row of the panel and a number of a
 * must fit in sixteen registers; where a product and its sum take two instructions, one more is
 * needed.
 */
export function mostRows(fused: boolean): number {
  return fused ? 6 : 5;
}

/** Steps of a sum in each round of a loop, to save the overhead of rounds. */
const UNROLLED = 4;

/**
 * out += a b for tiles of `rows` rows: out(i, j) += Σ_p a(i, p) b(p, j).
 *
 *     for each panel of b
 *       for each tile of rows
 *         sums = the tile of out
 *         for p: sums += a(i.., p) panel(p, ..)
 *         the tile of out = sums
 *
 * Its parameters: the addresses of out, a and the panels; the number of tiles, of p, and of panels;
 * in bytes the row stride of out, the row stride of a, whose rows are contiguous, and the stride of
 * a tile's rows in a; and 1 to compute out = a b instead.
 */
export function tileKernel(name: string, rows: number, fused: boolean): WasmFunction {
  const parameters = new Array<"i32">(10).fill("i32");
  return wasmFunction(name, parameters, (
    [out, a, panel, tiles, k, panels, outRow, aRow, aTile, isFresh],
    { local },
  ) => {
    const tile = local("i32"), p = local("i32"), b = local("i32"), row = local("i32");
    const tileAt = local("i32"), outAt = local("i32");
    const each = Array.from({ length: rows }, (_, r) => r);
    const halves = [0, 1];
    const aRows = each.map(() => local("i32"));
    const sums = each.map(() => halves.map(() => local("v128")));
    const bs = halves.map(() => local("v128")), here = local("v128");

    const overTile = (body: (r: number, half: number) => Code) => [
      ...set(row, get(outAt)),
      ...each.flatMap((r) => [
        ...(r > 0 ? advance(row, get(outRow)) : []),
        ...halves.flatMap((half) => body(r, half)),
      ]),
    ];
    const step = (p: number): Code => [
      ...halves.flatMap((half) => set(bs[half], load4(get(b), BYTES * (PANEL * p + 4 * half)))),
      ...each.flatMap((r) => [
        ...set(here, loadSplat(get(aRows[r]), BYTES * p)),
        ...halves.flatMap((half) =>
          set(sums[r][half], multiplyAdd4(get(here), get(bs[half]), get(sums[r][half]), fused))
        ),
      ]),
    ];
    const steps = (count: number): Code =>
      whileAtLeast(get(p), i32(count), [
        ...Array.from({ length: count }, (_, i) => step(i)).flat(),
        ...aRows.flatMap((at) => advance(at, i32(BYTES * count))),
        ...advance(b, i32(BYTES * PANEL * count)),
        ...advance(p, i32(-count)),
      ]);
    return whileAtLeast(get(panels), i32(1), [
      ...set(tile, get(tiles)),
      ...set(tileAt, get(a)),
      ...set(outAt, get(out)),
      ...whileAtLeast(get(tile), i32(1), [
        ...ifElse(
          get(isFresh),
          sums.flat().flatMap((sum) => set(sum, zero4)),
          overTile((r, half) => set(sums[r][half], load4(get(row), 16 * half))),
        ),
        ...aRows.flatMap((at, r) =>
          set(at, r === 0 ? get(tileAt) : add(get(aRows[r - 1]), get(aRow)))
        ),
        ...set(b, get(panel)),
        ...set(p, get(k)),
        ...steps(UNROLLED),
        ...steps(1),
        ...overTile((r, half) => store4(get(row), get(sums[r][half]), 16 * half)),
        ...set(outAt, add(get(row), get(outRow))), // `row` is the tile's last one, just stored
        ...advance(tileAt, get(aTile)),
        ...advance(tile, i32(-1)),
      ]),
      ...advance(panel, multiply(get(k), i32(BYTES * PANEL))),
      ...advance(out, i32(BYTES * PANEL)),
      ...advance(panels, i32(-1)),
    ]);
  });
}

/**
 * Packs a matrix into panels of `columns` columns: all rows of a panel, one after another.
 *
 * Its parameters: the addresses of the panels and the matrix, the number of rows and of panels, and
 * in bytes the row and the column stride of the matrix.
 *
 * @param isStraight Whether the numbers of a row are contiguous; then `columns` must be a multiple
 *   of four.
 */
export function packKernel(name: string, columns: number, isStraight: boolean): WasmFunction {
  const parameters = new Array<"i32">(6).fill("i32");
  return wasmFunction(name, parameters, (
    [to, from, rows, panels, rowApart, columnApart],
    { local },
  ) => {
    const row = local("i32"), at = local("i32"), number = local("i32");
    const copyRow = isStraight
      ? Array.from(
        { length: columns / 4 },
        (_, i) => store4(get(to), load4(get(at), 16 * i), 16 * i),
      ).flat()
      : [
        ...set(number, get(at)),
        ...Array.from({ length: columns }, (_, c) => [
          ...copy1(add(get(to), i32(BYTES * c)), get(number)),
          ...(c + 1 < columns ? advance(number, get(columnApart)) : []),
        ]).flat(),
      ];
    return whileAtLeast(get(panels), i32(1), [
      ...set(row, get(rows)),
      ...set(at, get(from)),
      ...whileAtLeast(get(row), i32(1), [
        ...copyRow,
        ...advance(to, i32(BYTES * columns)),
        ...advance(at, get(rowApart)),
        ...advance(row, i32(-1)),
      ]),
      ...advance(from, multiply(get(columnApart), i32(columns))),
      ...advance(panels, i32(-1)),
    ]);
  });
}

/**
 * Transposes a matrix. Its parameters: the addresses of the transpose and the matrix, the number of
 * rows and columns of the matrix, and in bytes the row stride of the transpose and of the matrix.
 */
export function transposeKernel(name: string): WasmFunction {
  const parameters = new Array<"i32">(6).fill("i32");
  return wasmFunction(name, parameters, (
    [to, from, rows, columns, toRow, fromRow],
    { local },
  ) => {
    const left = local("i32"), at = local("i32"), outAt = local("i32");
    const four = [0, 1, 2, 3];
    const froms = four.map(() => local("i32")), tos = four.map(() => local("i32"));
    const v = four.map(() => local("v128")), w = four.map(() => local("v128"));
    const addresses = (locals: number[], first: number, apart: number) =>
      locals.flatMap((each, i) =>
        set(each, i === 0 ? get(first) : add(get(locals[i - 1]), get(apart)))
      );
    const shuffle = (into: number, a: number, b: number, places: number[]) =>
      set(into, shuffle4(get(a), get(b), places));
    /** A square of four rows and columns: interleaves pairs of rows, then pairs of pairs. */
    const square = [
      ...addresses(froms, at, fromRow),
      ...addresses(tos, outAt, toRow),
      ...four.flatMap((i) => set(v[i], load4(get(froms[i])))),
      ...shuffle(w[0], v[0], v[1], [0, 4, 1, 5]),
      ...shuffle(w[1], v[0], v[1], [2, 6, 3, 7]),
      ...shuffle(w[2], v[2], v[3], [0, 4, 1, 5]),
      ...shuffle(w[3], v[2], v[3], [2, 6, 3, 7]),
      ...shuffle(v[0], w[0], w[2], [0, 1, 4, 5]),
      ...shuffle(v[1], w[0], w[2], [2, 3, 6, 7]),
      ...shuffle(v[2], w[1], w[3], [0, 1, 4, 5]),
      ...shuffle(v[3], w[1], w[3], [2, 3, 6, 7]),
      ...four.flatMap((i) => store4(get(tos[i]), get(v[i]))),
    ];
    const column = (height: number) => [
      ...addresses(froms, at, fromRow),
      ...four.slice(0, height).flatMap((i) =>
        copy1(add(get(outAt), i32(BYTES * i)), get(froms[i]))
      ),
    ];
    const columnsBy = (width: number, body: Code) =>
      whileAtLeast(get(left), i32(width), [
        ...body,
        ...advance(at, i32(BYTES * width)),
        ...advance(outAt, multiply(get(toRow), i32(width))),
        ...advance(left, i32(-width)),
      ]);
    const rowsBy = (height: number, body: Code) =>
      whileAtLeast(get(rows), i32(height), [
        ...set(left, get(columns)),
        ...set(at, get(from)),
        ...set(outAt, get(to)),
        ...body,
        ...advance(from, multiply(get(fromRow), i32(height))),
        ...advance(to, i32(BYTES * height)),
        ...advance(rows, i32(-height)),
      ]);
    return [
      ...rowsBy(4, [...columnsBy(4, square), ...columnsBy(1, column(4))]),
      ...rowsBy(1, columnsBy(1, column(1))),
    ];
  });
}
