/**
 * The elementwise ops as kernels; each has the formula of the op with its name.
 *
 * @module
 */
import {
  add4,
  and4,
  divide4,
  equal4,
  less4,
  max4,
  min4,
  multiply4,
  multiplyAdd4,
  root4,
  subtract4,
  type WasmFunction,
  without4,
} from "./assembler.ts";
import { sigmoid4, tanh4 } from "./functions.ts";
import { relu4 } from "./gates.ts";
import { rowsKernelOf } from "./rows.ts";

/** Returns the elementwise kernels. */
export function elementKernels(fused: boolean): WasmFunction[] {
  const rowsKernel = rowsKernelOf(fused);
  return [
    rowsKernel("copy", ["in", "out"], 0, ([a]) => [a]),
    rowsKernel("copyPicked", ["in", "out"], 0, ([a]) => [a], 1),
    rowsKernel("addPicked", ["both", "in"], 0, ([sum, a]) => [add4(sum, a)], 1),
    rowsKernel("maxPicked", ["both", "in"], 0, ([most, a]) => [max4(most, a)], 1),
    // Where a is the maximum, takes what is left of dMax, so that only the first row gets it.
    rowsKernel(
      "maxPickedBack",
      ["both", "in", "in", "out"],
      0,
      ([left, most, a], _, { keep }) => {
        const isMost = keep(equal4(a, most));
        return [without4(left, isMost), and4(left, isMost)];
      },
      2,
    ),
    rowsKernel("fill", ["out"], 1, (_, [value]) => [value]),
    rowsKernel("add", ["in", "in", "out"], 0, ([a, b]) => [add4(a, b)]),
    rowsKernel("subtract", ["in", "in", "out"], 0, ([a, b]) => [subtract4(a, b)]),
    rowsKernel("multiply", ["in", "in", "out"], 0, ([a, b]) => [multiply4(a, b)]),
    rowsKernel("scale", ["in", "out"], 1, ([a], [factor]) => [multiply4(a, factor)]),
    rowsKernel("divideByRoot", ["in", "in", "out"], 1, ([a, b], [epsilon]) => [
      divide4(a, add4(root4(b), epsilon)),
    ]),
    rowsKernel("tanh", ["in", "out"], 0, ([a], _, scope) => [tanh4(a, scope)]),
    rowsKernel("tanhDerivative", ["in", "out"], 0, ([h], _, { constant }) => [
      subtract4(constant(1), multiply4(h, h)),
    ]),
    rowsKernel("sigmoid", ["in", "out"], 0, ([a], _, scope) => [sigmoid4(a, scope)]),
    rowsKernel("sigmoidDerivative", ["in", "out"], 0, ([s], _, { constant }) => [
      multiply4(s, subtract4(constant(1), s)),
    ]),
    rowsKernel("relu", ["in", "out"], 0, ([a], _, scope) => [relu4(a, scope)]),
    rowsKernel("reluDerivative", ["in", "out"], 0, ([h], _, { constant }) => [
      and4(constant(1), less4(constant(0), h)),
    ]),
    ...[0, 3].map((picked) =>
      // W, m, v and g; keep, stepSize, β₁, 1 - β₁, β₂, 1 - β₂, ε
      rowsKernel(
        picked > 0 ? "adamPicked" : "adam",
        ["both", "both", "both", "in"],
        7,
        ([W, m, v, g], scalars, { keep }) => {
          const [kept, stepSize, beta1, other1, beta2, other2, epsilon] = scalars;
          const mean = keep(multiplyAdd4(m, beta1, multiply4(other1, g), fused));
          const squares = keep(multiplyAdd4(v, beta2, multiply4(other2, multiply4(g, g)), fused));
          const step = divide4(mean, add4(root4(squares), epsilon));
          return [subtract4(multiply4(kept, W), multiply4(stepSize, step)), mean, squares];
        },
        picked,
      )
    ),
    ...[0, 1].map((picked) =>
      rowsKernel(
        picked > 0 ? "updatePicked" : "update",
        ["both", "in"],
        3,
        ([state, change], [keep, add, clip], { constant }) => {
          const clipped = min4(max4(change, subtract4(constant(0), clip)), clip);
          return [multiplyAdd4(state, keep, multiply4(add, clipped), fused)];
        },
        picked,
      )
    ),
  ];
}
