/**
 * Kernels that reduce many numbers to one.
 *
 * @module
 */
import {
  add,
  add4,
  advance,
  type Code,
  const4,
  divide4,
  get,
  i32,
  load32,
  loadSplat,
  max4,
  multiply4,
  set,
  storeFirst,
  subtract4,
  type WasmFunction,
  wasmFunction,
  whileAtLeast,
  zero4,
} from "./assembler.ts";
import { exp4 } from "./functions.ts";
import { load, spread, store, type Width } from "./lanes.ts";

/**
 * Softmax of each row of a; writes to `facts` each row's maximum and the sum of all e^(a -
 * maximum). Parameters: the addresses of a, out and facts, and the counts of rows and columns.
 *
 * With labels, it is the gradient of cross-entropy, out = w (softmax - 1_c), with two more
 * addresses: each row's w, and for each row its label's byte offset within the row and a 1, or 0
 * for no label.
 */
export function softmaxKernel(name: string, fused: boolean, withLabels = false): WasmFunction {
  const parameters = new Array<"i32">(withLabels ? 7 : 5).fill("i32");
  return wasmFunction(name, parameters, (
    [a, out, facts, rows, columns, weights, labels],
    { local, constant },
  ) => {
    const labelAt = local("i32"), right = local("v128"), weight = local("v128");
    const at = local("i32"), outAt = local("i32"), left = local("i32");
    const largest = local("v128"), sum = local("v128"), e = local("v128");

    /** Loops over the row: four numbers at a time, then `between`, then one at a time. */
    const overRow = (body: (width: Width) => Code, between: Code = []): Code => {
      const by = (width: Width) =>
        whileAtLeast(get(left), i32(width), [
          ...body(width),
          ...advance(at, i32(4 * width)),
          ...advance(outAt, i32(4 * width)),
          ...advance(left, i32(-width)),
        ]);
      const begin = [...set(at, get(a)), ...set(outAt, get(out)), ...set(left, get(columns))];
      return [...begin, ...by(4), ...between, ...by(1)];
    };

    return whileAtLeast(get(rows), i32(1), [
      ...set(largest, const4(-Infinity)),
      ...overRow(
        (width) => set(largest, max4(get(largest), load(width, get(at)))),
        spread(largest, max4),
      ),
      ...set(sum, zero4),
      ...overRow((width) => {
        const statements: Code[] = [];
        const keep = (value: Code) => {
          const kept = local("v128");
          statements.push(set(kept, value));
          return get(kept);
        };
        const shifted = keep(subtract4(load(width, get(at)), get(largest)));
        const power = exp4(shifted, { keep, constant, fused });
        return [
          ...statements.flat(),
          ...set(e, power),
          ...store(width, get(outAt), get(e)),
          ...set(sum, add4(get(sum), get(e))),
        ];
      }, spread(sum, add4)),
      ...storeFirst(get(facts), get(largest)),
      ...storeFirst(add(get(facts), i32(4)), get(sum)),
      ...(withLabels
        ? [
          ...set(weight, loadSplat(get(weights))),
          ...set(labelAt, add(get(out), load32(get(labels)))),
          ...set(
            right,
            subtract4(divide4(loadSplat(get(labelAt)), get(sum)), loadSplat(get(labels), 4)),
          ),
        ]
        : []),
      ...overRow((width) => {
        const p = divide4(load(width, get(outAt)), get(sum));
        return store(width, get(outAt), withLabels ? multiply4(p, get(weight)) : p);
      }),
      ...(withLabels
        ? [
          ...storeFirst(get(labelAt), multiply4(get(right), get(weight))),
          ...advance(weights, i32(4)),
          ...advance(labels, i32(8)),
        ]
        : []),
      ...set(a, get(at)),
      ...set(out, get(outAt)),
      ...advance(facts, i32(8)),
      ...advance(rows, i32(-1)),
    ]);
  });
}
