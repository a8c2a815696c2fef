/**
 * Layer normalization of rows, forward and backward, as kernels with the parameters of
 * `rowsKernel`: the counts of rows and columns, then each matrix's address and row stride.
 *
 * @module
 */
import {
  add,
  add4,
  advance,
  type Code,
  divide4,
  get,
  i32,
  loadSplat,
  multiply4,
  multiplyAdd4,
  root4,
  set,
  storeFirst,
  subtract4,
  type WasmFunction,
  wasmFunction,
  whileAtLeast,
  zero4,
} from "./assembler.ts";
import { load, spread, store, type Width } from "./lanes.ts";

const EPSILON = 1e-5; // as in core

/** Loops over a row: four numbers at a time, then `between`, then one at a time. */
function overRow(
  j: number,
  left: number,
  columns: number,
  body: (width: Width) => Code,
  between: Code = [],
): Code {
  const by = (width: Width) =>
    whileAtLeast(get(left), i32(width), [
      ...body(width),
      ...advance(j, i32(4 * width)),
      ...advance(left, i32(-width)),
    ]);
  return [...set(j, i32(0)), ...set(left, get(columns)), ...by(4), ...between, ...by(1)];
}

/** x̂ = (x - mean(x)) r with r = 1 / √(var(x) + ε): reads x, writes x̂, and r for each row. */
function normalizeKernel(): WasmFunction {
  return wasmFunction("normalize", new Array<"i32">(8).fill("i32"), (
    [rows, columns, x, xApart, out, outApart, scale, scaleApart],
    { local, constant },
  ) => {
    const j = local("i32"), left = local("i32");
    const count = local("v128"), sum = local("v128"), mean = local("v128"), r = local("v128");
    const here = (at: number) => add(get(at), get(j));
    const whole = (body: (width: Width) => Code, between?: Code) =>
      overRow(j, left, columns, body, between);
    return whileAtLeast(get(rows), i32(1), [
      ...set(count, zero4),
      ...set(sum, zero4),
      ...whole((width) => [
        ...set(count, add4(get(count), constant(1))),
        ...set(sum, add4(get(sum), load(width, here(x)))),
      ], [...spread(count, add4), ...spread(sum, add4)]),
      ...set(mean, divide4(get(sum), get(count))),
      ...set(sum, zero4),
      ...whole((width) => [
        ...set(r, subtract4(load(width, here(x)), get(mean))),
        ...store(width, here(out), get(r)),
        ...set(sum, add4(get(sum), multiply4(get(r), get(r)))),
      ], spread(sum, add4)),
      ...set(
        r,
        divide4(constant(1), root4(add4(divide4(get(sum), get(count)), constant(EPSILON)))),
      ),
      ...storeFirst(get(scale), get(r)),
      ...whole((width) => store(width, here(out), multiply4(load(width, here(out)), get(r)))),
      ...advance(x, get(xApart)),
      ...advance(out, get(outApart)),
      ...advance(scale, get(scaleApart)),
      ...advance(rows, i32(-1)),
    ]);
  });
}

/**
 * dx = r (d - mean(d) - x̂ mean(d ⊙ x̂)) with d = dy ⊙ gain. Reads dy, gain, x̂ and r, writes dx.
 * A gain with a row stride of 0 is a single row.
 */
function normalizeBackKernel(fused: boolean): WasmFunction {
  return wasmFunction("normalizeBack", new Array<"i32">(12).fill("i32"), (
    [rows, columns, d, dApart, gain, gainApart, x, xApart, scale, scaleApart, out, outApart],
    { local, constant },
  ) => {
    const j = local("i32"), left = local("i32");
    const [count, sum, along, r] = [0, 0, 0, 0].map(() => local("v128"));
    const here = (at: number) => add(get(at), get(j));
    const whole = (body: (width: Width) => Code, between?: Code) =>
      overRow(j, left, columns, body, between);
    return whileAtLeast(get(rows), i32(1), [
      ...set(count, zero4),
      ...set(sum, zero4),
      ...set(along, zero4),
      ...whole((width) => [
        ...set(r, multiply4(load(width, here(d)), load(width, here(gain)))),
        ...store(width, here(out), get(r)),
        ...set(count, add4(get(count), constant(1))),
        ...set(sum, add4(get(sum), get(r))),
        ...set(along, multiplyAdd4(get(r), load(width, here(x)), get(along), fused)),
      ], [...spread(count, add4), ...spread(sum, add4), ...spread(along, add4)]),
      ...set(sum, divide4(get(sum), get(count))),
      ...set(along, divide4(get(along), get(count))),
      ...set(r, loadSplat(get(scale))),
      ...whole((width) =>
        store(
          width,
          here(out),
          multiply4(
            subtract4(
              subtract4(load(width, here(out)), get(sum)),
              multiply4(load(width, here(x)), get(along)),
            ),
            get(r),
          ),
        )
      ),
      ...advance(d, get(dApart)),
      ...advance(gain, get(gainApart)),
      ...advance(x, get(xApart)),
      ...advance(scale, get(scaleApart)),
      ...advance(out, get(outApart)),
      ...advance(rows, i32(-1)),
    ]);
  });
}

/** Returns the kernels of layer normalization. */
export function normKernels(fused: boolean): WasmFunction[] {
  return [normalizeKernel(), normalizeBackKernel(fused)];
}
