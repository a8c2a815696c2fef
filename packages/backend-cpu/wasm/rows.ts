/**
 * Elementwise kernels: each element of a matrix is computed from those at the same position in
 * others.
 *
 * @module
 */
import {
  add,
  advance,
  type Code,
  get,
  i32,
  ifElse,
  load32,
  load4,
  loadSplat,
  multiply,
  set,
  splat4,
  store4,
  storeFirst,
  type WasmFunction,
  wasmFunction,
  whileAtLeast,
} from "./assembler.ts";
import type { Scope } from "./functions.ts";

/** How a kernel uses a matrix; `-` if it does not. */
export type Use = "in" | "out" | "both" | "-";

/** Returns the values to write, given the values read and the scalars. */
export type Formula = (read: Code[], scalars: Code[], scope: Scope) => Code[];

/** A second pass over a row while it is in the cache: how it uses each matrix, and its formula. */
export interface Pass {
  uses: readonly Use[];
  formula: Formula;
}

/**
 * A kernel over rows of matrices:
 *
 *     for row in rows
 *       for j in columns, four at a time, then one at a time
 *         out(row, j), … = formula(in(row, j), …)
 *
 * Its parameters are the counts of rows and columns, then each matrix's address and row stride in
 * bytes, then the scalars. A matrix with a row stride of 0 is a single row that is read or written
 * again and again.
 *
 * If rows are picked from some of the first matrices, one more parameter is the address of a whole
 * number per row: the row of theirs to use, or -1 to skip it.
 *
 * @param fused Whether a product and its sum may be rounded once.
 * @param uses How the kernel uses each matrix.
 * @param scalars The number of scalars.
 * @param formula Returns the values to write, given the values read and the scalars.
 * @param picked The number of matrices, the first ones, that rows are picked from. Default: 0.
 * @param then A second pass over each row. Two short formulas are faster than a long one, whose
 *   values do not all fit in registers.
 */
export function rowsKernel(
  fused: boolean,
  name: string,
  uses: readonly Use[],
  scalars: number,
  formula: Formula,
  picked = 0,
  then?: Pass,
): WasmFunction {
  const parameters = [
    ...["i32", "i32"] as const,
    ...uses.flatMap(() => ["i32", "i32"] as const),
    ...new Array<"f32">(scalars).fill("f32"),
    ...(picked > 0 ? ["i32" as const] : []),
  ];
  return wasmFunction(name, parameters, ([rows, columns, ...rest], { local, constant }) => {
    const matrices = uses.map((_, i) => {
      const first = rest[2 * i];
      return { first, at: i < picked ? local("i32") : first, apart: rest[2 * i + 1] };
    });
    const afterMatrices = rest.slice(2 * uses.length), ids = afterMatrices[scalars];
    const fours = afterMatrices.slice(0, scalars).map((scalar) => ({
      scalar,
      four: local("v128"),
    }));
    const j = local("i32"), left = local("i32");

    const columnsBy = (width: 1 | 4, { uses, formula }: Pass): Code => {
      const statements: Code[] = [];
      const keep = (value: Code) => {
        const kept = local("v128");
        statements.push(set(kept, value));
        return get(kept);
      };
      const here = (at: number) => add(get(at), get(j));
      const load = width === 4 ? load4 : loadSplat;
      const those = (...wanted: Use[]) => matrices.filter((_, i) => wanted.includes(uses[i]));
      const read = those("in", "both").map(({ at }) => keep(load(here(at))));
      const spread = fours.map(({ four }) => get(four));
      const written = formula(read, spread, { keep, constant, fused });
      const store = width === 4 ? store4 : storeFirst;
      const stores = those("out", "both").map(({ at }, i) => store(here(at), written[i]));
      return whileAtLeast(get(left), i32(width), [
        ...statements.flat(),
        ...stores.flat(),
        ...advance(j, i32(4 * width)),
        ...advance(left, i32(-width)),
      ]);
    };

    const passes = [{ uses, formula }, ...(then ? [then] : [])];
    const row = passes.flatMap((pass) => [
      ...set(j, i32(0)),
      ...set(left, get(columns)),
      ...columnsBy(4, pass),
      ...columnsBy(1, pass),
    ]);
    const id = () => load32(get(ids));
    const pick = () => [
      ...matrices.slice(0, picked).flatMap(({ first, at, apart }) =>
        set(at, add(get(first), multiply(get(apart), id())))
      ),
      ...row,
    ];
    return [
      ...fours.flatMap(({ scalar, four }) => set(four, splat4(get(scalar)))),
      ...whileAtLeast(get(rows), i32(1), [
        ...(picked > 0 ? ifElse(add(id(), i32(1)), pick(), []) : row),
        ...matrices.slice(picked).flatMap(({ at, apart }) => advance(at, get(apart))),
        ...(picked > 0 ? advance(ids, i32(4)) : []),
        ...advance(rows, i32(-1)),
      ]),
    ];
  });
}

type AfterFirst<Fn> = Fn extends (first: boolean, ...rest: infer Rest) => infer Result
  ? (...rest: Rest) => Result
  : never;

/** Returns {@linkcode rowsKernel} for machines with or without fused multiply-add. */
export function rowsKernelOf(fused: boolean): AfterFirst<typeof rowsKernel> {
  return (...rest) => rowsKernel(fused, ...rest);
}
