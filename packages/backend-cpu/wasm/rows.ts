/**
 * Kernels that compute each number of a matrix from those at the same place of others.
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

/** How a kernel uses a matrix; `-` where it does not. */
export type Use = "in" | "out" | "both" | "-";

/** From what is read, and the scalars, to what is written. */
export type Formula = (read: Code[], scalars: Code[], scope: Scope) => Code[];

/** A further pass over a row, while it is near: what it does with each matrix, and how. */
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
 * Its parameters are the counts of rows and columns, then for each matrix its address and how many
 * bytes a row is from the next, then the scalars. A matrix whose rows are 0 apart is one row, read
 * or written again and again.
 *
 * Where some of the first matrices are picked from, one more parameter is the address of a whole
 * number for each row: which row of theirs it is, or -1 to leave it out.
 *
 * @param fused Whether a product and its sum may be rounded once.
 * @param uses What the kernel does with each matrix.
 * @param scalars How many numbers there are besides.
 * @param formula From what is read, and the scalars, to what is written.
 * @param picked How many of the first matrices are picked from.
 * @param then A second pass over each row. Two short formulas are faster than a long one, whose
 *   numbers do not all fit into registers.
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

/** {@linkcode rowsKernel} for one kind of machine. */
export function rowsKernelOf(fused: boolean): AfterFirst<typeof rowsKernel> {
  return (...rest) => rowsKernel(fused, ...rest);
}
