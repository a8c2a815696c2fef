/**
 * Small matrix products, whose operands are not packed.
 *
 * @module
 */
import {
  add,
  add4,
  advance,
  type Code,
  get,
  i32,
  load4,
  loadLane,
  loadSplat,
  max4,
  min4,
  multiply,
  multiply4,
  multiplyAdd4,
  set,
  shuffle4,
  splat4,
  store4,
  storeFirst,
  subtract,
  subtract4,
  type Type,
  type WasmFunction,
  wasmFunction,
  whileAtLeast,
  zero4,
} from "./assembler.ts";
import type { Scope } from "./functions.ts";

// Of all kernels: the addresses of out, a and b; m, k and n; then in bytes the row stride of out,
// the row and the column stride of a, and the row stride of b.
const PARAMETERS = new Array<Type>(10).fill("i32");

// Steps of a sum in each round of a loop, to save the overhead of rounds.
const UNROLLED = 4;

/**
 * out += a b, `rows` rows at a time: out(i, j) += Σ_p a(i, p) b(p, j), for b whose rows are
 * contiguous; a may have any strides. m must be a multiple of `rows`.
 *
 *     for i in rows of out, some at a time
 *       for j in columns, as many vectors at a time as fit in registers, then fewer
 *         sums = out(i.., j..)
 *         for p: sums += a(i.., p) b(p, j..)
 *         out(i.., j..) = sums
 *
 * With an activation, it is a step of a recurrence, out = activation(x + bias + a b); two more
 * parameters are the addresses of the rows x and bias.
 */
export function rowsProduct(
  name: string,
  rows: 1 | 2,
  fused: boolean,
  activation?: (z: Code, scope: Scope) => Code,
): WasmFunction {
  const parameters = activation ? [...PARAMETERS, "i32", "i32"] as const : PARAMETERS;
  return wasmFunction(name, parameters, (
    [out, a, b, m, k, n, outRow, aRow, aColumn, bRow, x, bias],
    { local, constant },
  ) => {
    const j = local("i32"), p = local("i32"), outAt = local("i32"), row = local("i32");
    const aAt = local("i32"), bAt = local("i32"), bHere = local("i32");
    const most = rows === 1 ? 8 : 4;
    const each = Array.from({ length: rows }, (_, r) => r);
    const sums = each.map(() => Array.from({ length: most }, () => local("v128")));
    const bs = Array.from({ length: most }, () => local("v128")), here = local("v128");
    const keptAt: number[] = [];

    /** A number of vectors of columns, or a single column if `vectors` is 0. */
    const columns = (vectors: number): Code => {
      const width = vectors === 0 ? 1 : 4 * vectors;
      const parts = Array.from({ length: Math.max(1, vectors) }, (_, v) => v);
      const load = vectors === 0 ? loadSplat : load4;
      const overSums = (body: (r: number, v: number) => Code) => [
        ...set(row, get(outAt)),
        ...each.flatMap((r) => [
          ...(r > 0 ? advance(row, get(outRow)) : []),
          ...parts.flatMap((v) => body(r, v)),
        ]),
      ];
      const step = [
        ...(rows === 1 ? [] : parts.flatMap((v) => set(bs[v], load(get(bHere), 16 * v)))),
        ...each.flatMap((r) => [
          ...set(here, loadSplat(r === 0 ? get(aAt) : add(get(aAt), get(aRow)))),
          ...parts.flatMap((v) => {
            const number = rows === 1 ? load(get(bHere), 16 * v) : get(bs[v]);
            return set(sums[r][v], multiplyAdd4(get(here), number, get(sums[r][v]), fused));
          }),
        ]),
        ...advance(aAt, get(aColumn)),
        ...advance(bHere, get(bRow)),
      ];
      const steps = (count: number) =>
        whileAtLeast(get(p), i32(count), [
          ...new Array<Code>(count).fill(step).flat(),
          ...advance(p, i32(-count)),
        ]);
      return whileAtLeast(get(j), i32(width), [
        ...overSums((r, v) => {
          const begin = activation
            // x and bias are offsets from out.
            ? add4(load(add(get(row), get(x)), 16 * v), load(add(get(row), get(bias)), 16 * v))
            : load(get(row), 16 * v);
          return set(sums[r][v], begin);
        }),

        ...set(p, get(k)),
        ...set(aAt, get(a)),
        ...set(bHere, get(bAt)),
        ...steps(UNROLLED),
        ...steps(1),
        ...overSums((r, v) => {
          const statements: Code[] = [];
          const keep = (value: Code) => {
            const kept = keptAt[statements.length] ??= local("v128");
            statements.push(set(kept, value));
            return get(kept);
          };
          const sum = get(sums[r][v]);
          const result = activation ? activation(sum, { keep, constant, fused }) : sum;
          const store = vectors === 0
            ? storeFirst(get(row), result)
            : store4(get(row), result, 16 * v);
          return [...statements.flat(), ...store];
        }),
        ...advance(outAt, i32(4 * width)),
        ...advance(bAt, i32(4 * width)),
        ...advance(j, i32(-width)),
      ]);
    };
    const offsets = activation
      ? [...set(x, subtract(get(x), get(out))), ...set(bias, subtract(get(bias), get(out)))]
      : [];
    const overRows = whileAtLeast(get(m), i32(rows), [
      ...set(j, get(n)),
      ...set(outAt, get(out)),
      ...set(bAt, get(b)),
      ...(rows === 1 ? columns(8) : []),
      ...columns(rows === 1 ? 2 : 4),
      ...columns(1),
      ...columns(0),
      ...each.flatMap(() => [...advance(out, get(outRow)), ...advance(a, get(aRow))]),
      ...advance(m, i32(-rows)),
    ]);
    return [...offsets, ...overRows];
  });
}

/** A slope uses each value only once, so it need not be stored. */
const once = (value: Code) => value;

/** Maximum number of products in an unrolled sum of {@linkcode sgdUpdate}. */
export const UNROLLED_UPDATES = 8;

/**
 * An SGD update by a gradient that is a short, unrolled sum of products:
 *
 *     out(i, j) += factor · clip(Σ_p a(i, p) b(p, j)),  p from 0 to below k
 *
 * The parameters factor and clip follow those of the other kernels.
 */
export function sgdUpdate(name: string, k: number, fused: boolean): WasmFunction {
  const parameters = [...PARAMETERS, "f32", "f32"] as const;
  return wasmFunction(name, parameters, (
    [out, a, b, m, _, n, outRow, aRow, aColumn, bRow, factor, clip],
    { local, constant },
  ) => {
    const j = local("i32"), aAt = local("i32"), outAt = [local("i32"), local("i32")];
    const factor4 = local("v128"), most4 = local("v128"), least4 = local("v128");
    const each = Array.from({ length: k }, (_, p) => p);
    const rows = each.map(() => local("i32")); // rows of b
    const numbers = [0, 1].map(() => each.map(() => local("v128"))); // for two rows of a
    const number = each.map(() => local("v128"));

    const columns = (width: number, height: number): Code => {
      const vectors = Array.from({ length: Math.max(1, width / 4) }, (_, v) => 16 * v);
      const load = width === 1 ? loadSplat : load4;
      const followed = (r: number, offset: number) => {
        const sum = each.slice(1).reduce(
          (sum, p) => multiplyAdd4(get(numbers[r][p]), get(number[p]), sum, fused),
          multiply4(get(numbers[r][0]), get(number[0])),
        );
        const clipped = min4(max4(sum, get(least4)), get(most4));
        const result = multiplyAdd4(clipped, get(factor4), load(get(outAt[r]), offset), fused);
        return width === 1
          ? storeFirst(get(outAt[r]), result)
          : store4(get(outAt[r]), result, offset);
      };
      return whileAtLeast(get(j), i32(width), [
        ...vectors.flatMap((offset) => [
          ...each.flatMap((p) => set(number[p], load(get(rows[p]), offset))),
          ...followed(0, offset),
          ...(height === 2 ? followed(1, offset) : []),
        ]),
        ...[...outAt.slice(0, height), ...rows].flatMap((at) => advance(at, i32(4 * width))),
        ...advance(j, i32(-width)),
      ]);
    };
    const rowsBy = (height: 1 | 2): Code =>
      whileAtLeast(get(m), i32(height), [
        ...Array.from({ length: height }, (_, r) => [
          ...set(aAt, get(a)),
          ...each.flatMap((p) => [
            ...set(numbers[r][p], loadSplat(get(aAt))),
            ...advance(aAt, get(aColumn)),
          ]),
          ...set(outAt[r], get(out)),
          ...advance(out, get(outRow)),
          ...advance(a, get(aRow)),
        ]).flat(),
        ...each.flatMap((p) => set(rows[p], p === 0 ? get(b) : add(get(rows[p - 1]), get(bRow)))),
        ...set(j, get(n)),
        ...columns(16, height),
        ...columns(4, height),
        ...columns(1, height),
        ...advance(m, i32(-height)),
      ]);
    return [
      ...set(factor4, splat4(get(factor))),
      ...set(most4, splat4(get(clip))),
      ...set(least4, subtract4(constant(0), get(most4))),
      ...rowsBy(2),
      ...rowsBy(1),
    ];
  });
}

/**
 * out += a bᵀ: out(i, j) += Σ_p a(i, p) b(j, p), for a and b whose rows are contiguous. Eight rows
 * of b at a time, then four, then one; four products at a time, then one.
 *
 * With a slope, it is a step back through a recurrence, out = slope(h) ⊙ a bᵀ; one more parameter
 * is the address of h, which has the shape of out.
 */
export function dotProduct(
  name: string,
  fused: boolean,
  slope?: (h: Code, product: Code, scope: Scope) => Code,
): WasmFunction {
  const parameters = slope ? [...PARAMETERS, "i32"] as const : PARAMETERS;
  return wasmFunction(name, parameters, (
    [out, a, b, m, k, n, outRow, aRow, _, bRow, h],
    { local, constant },
  ) => {
    const j = local("i32"), p = local("i32"), outAt = local("i32"), aAt = local("i32");
    const bAt = local("i32"), rowAt = Array.from({ length: 8 }, () => local("i32"));
    const sums = rowAt.map(() => local("v128")), totals = [local("v128"), local("v128")];
    const here = local("v128");

    // (a, b, c, d) are four vectors of partial sums; these additions leave each one's sum in a
    // lane.
    const pair = (x: Code, y: Code) =>
      add4(shuffle4(x, y, [0, 4, 1, 5]), shuffle4(x, y, [2, 6, 3, 7]));
    const reduced = (four: Code[]) => {
      const [ab, cd] = [pair(four[0], four[1]), pair(four[2], four[3])];
      return add4(shuffle4(ab, cd, [0, 1, 4, 5]), shuffle4(ab, cd, [2, 3, 6, 7]));
    };

    const rowsOfB = (rows: 1 | 4 | 8): Code => {
      const all = Array.from({ length: rows }, (_, r) => r);
      const fours = rows === 8 ? [0, 4] : [0];
      const column = (first: number) =>
        all.slice(first + 1, first + 4).reduce(
          (value, r) => loadLane(get(rowAt[r]), value, r - first),
          loadSplat(get(rowAt[first])),
        );
      const steps = (count: number) =>
        whileAtLeast(get(p), i32(4 * count), [
          ...Array.from({ length: count }, (_, step) => [
            ...set(here, load4(get(aAt), 16 * step)),
            ...all.flatMap((r) => {
              const product = load4(get(rowAt[r]), 16 * step);
              return set(sums[r], multiplyAdd4(get(here), product, get(sums[r]), fused));
            }),
          ]).flat(),
          ...[aAt, ...all.map((r) => rowAt[r])].flatMap((at) => advance(at, i32(16 * count))),
          ...advance(p, i32(-4 * count)),
        ]);
      return whileAtLeast(get(j), i32(rows), [
        ...all.flatMap((r) => [
          ...set(rowAt[r], r === 0 ? get(bAt) : add(get(rowAt[r - 1]), get(bRow))),
          ...set(sums[r], zero4),
        ]),
        ...advance(bAt, multiply(get(bRow), i32(rows))),
        ...set(p, get(k)),
        ...set(aAt, get(a)),
        ...steps(UNROLLED),
        ...steps(1),
        ...fours.flatMap((first) => {
          const four = [0, 1, 2, 3].map((r) => get(sums[rows === 1 ? 0 : first + r]));
          return set(totals[first / 4], reduced(four));
        }),
        ...whileAtLeast(get(p), i32(1), [
          ...set(here, loadSplat(get(aAt))),
          ...fours.flatMap((first) => {
            const total = totals[first / 4];
            return set(total, multiplyAdd4(get(here), column(first), get(total), fused));
          }),
          ...all.flatMap((r) => advance(rowAt[r], i32(4))),
          ...advance(aAt, i32(4)),
          ...advance(p, i32(-1)),
        ]),
        ...fours.flatMap((first) => {
          const load = rows === 1 ? loadSplat : load4;
          const total = get(totals[first / 4]), offset = 4 * first;
          const result = slope
            // h is an offset from out.
            ? slope(load(add(get(outAt), get(h)), offset), total, { keep: once, constant, fused })
            : add4(load(get(outAt), offset), total);
          return rows === 1 ? storeFirst(get(outAt), result) : store4(get(outAt), result, offset);
        }),
        ...advance(outAt, i32(4 * rows)),
        ...advance(j, i32(-rows)),
      ]);
    };
    const overRows = whileAtLeast(get(m), i32(1), [
      ...set(bAt, get(b)),
      ...set(j, get(n)),
      ...set(outAt, get(out)),
      ...rowsOfB(8),
      ...rowsOfB(4),
      ...rowsOfB(1),
      ...advance(out, get(outRow)),
      ...advance(a, get(aRow)),
      ...advance(m, i32(-1)),
    ]);
    return [...(slope ? set(h, subtract(get(h), get(out))) : []), ...overRows];
  });
}
