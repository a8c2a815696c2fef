/**
 * One step of each cell, forward and backward, as kernels: the equations of core's cells, line by
 * line, after the product with Whh.
 *
 * @module
 */
import {
  add4,
  and4,
  type Code,
  less4,
  multiply4,
  multiplyAdd4,
  subtract4,
  type WasmFunction,
  without4,
} from "./assembler.ts";
import { type Scope, sigmoids4, tanh4 } from "./functions.ts";
import { rowsKernelOf, type Use } from "./rows.ts";

/** s (1 - s): the derivative of σ at the point where σ is s. */
const slope = (s: Code, { constant }: Scope) => multiply4(s, subtract4(constant(1), s));
/** 1 - h²: the derivative of tanh at the point where tanh is h. */
const tanhSlope = (h: Code, { constant }: Scope) => subtract4(constant(1), multiply4(h, h));

/** The gradient through tanh: (1 - h²) ⊙ dh. */
export const tanhBack = (h: Code, dh: Code, scope: Scope): Code =>
  multiply4(tanhSlope(h, scope), dh);
/** The gradient through relu: dh where h > 0, otherwise 0. */
export const reluBack = (h: Code, dh: Code, { constant }: Scope): Code =>
  and4(dh, less4(constant(0), h));
/** max(0, z); NaN for NaN. */
export const relu4 = (z: Code, { constant }: Scope): Code => without4(z, less4(z, constant(0)));

/** i, f, g and o of an LSTM from their arguments. */
function lstmGates([zi, zf, zg, zo]: readonly Code[], scope: Scope): Code[] {
  const [i, f, o] = sigmoids4([zi, zf, zo], scope);
  return [i, f, tanh4(zg, scope), o];
}

/** dL/dz of an LSTM's i, f, g and o, then the gradient of c_{t-1}, where h_t = o ⊙ `shown`. */
function lstmGradients(
  [i, f, g, o]: readonly Code[],
  { before, dh, dc, shown }: Record<"before" | "dh" | "dc" | "shown", Code>,
  scope: Scope,
): Code[] {
  return [
    multiply4(multiply4(dc, g), slope(i, scope)),
    multiply4(multiply4(dc, before), slope(f, scope)),
    multiply4(multiply4(dc, i), tanhSlope(g, scope)),
    multiply4(multiply4(dh, shown), slope(o, scope)),
    multiply4(dc, f),
  ];
}

/** Returns the kernels of the cells. */
export function gateKernels(fused: boolean): WasmFunction[] {
  const rowsKernel = rowsKernelOf(fused);
  return [
    rowsKernel("tanhBack", ["in", "both"], 0, ([h, dh], _, scope) => [tanhBack(h, dh, scope)]),
    rowsKernel("reluBack", ["in", "both"], 0, ([h, dh], _, scope) => [reluBack(h, dh, scope)]),
    rowsKernel(
      "lstm",
      ["both", "both", "both", "both", "-", "-", "-"],
      0,
      (z, _, scope) => lstmGates(z, scope),
      0,
      {
        uses: ["in", "in", "in", "in", "in", "out", "out"],
        formula([i, f, g, o, before], _, scope) {
          const c = scope.keep(multiplyAdd4(f, before, multiply4(i, g), fused));
          return [c, multiply4(o, tanh4(c, scope))];
        },
      },
    ),
    // reads i, f, g, o, c_t, c_{t-1} and dL/dh_t; writes dz of i, f, g and o; updates dL/dc
    rowsKernel(
      "lstmBack",
      ["-", "-", "-", "-", "in", "-", "-", "-", "-", "-", "out", "-"],
      0,
      ([c], _, scope) => [tanh4(c, scope)], // stored where dz of o will be
      0,
      {
        uses: ["in", "in", "in", "in", "-", "in", "in", "out", "out", "out", "both", "both"],
        formula([i, f, g, o, before, dh, shown, dcNext], _, scope) {
          const dc = scope.keep(
            multiplyAdd4(multiply4(dh, o), tanhSlope(shown, scope), dcNext, fused),
          );
          return lstmGradients([i, f, g, o], { before, dh, dc, shown }, scope);
        },
      },
    ),
    // z + x̂ ⊙ gain
    rowsKernel("addGained", ["in", "in", "in", "out"], 0, ([z, x, gain]) => [
      multiplyAdd4(x, gain, z, fused),
    ]),
    // for a layer-normalized LSTM: i, f, g and o from their arguments, and c_t from c_{t-1}
    rowsKernel(
      "normLstm",
      ["both", "both", "both", "both", "-", "-"],
      0,
      (z, _, scope) => lstmGates(z, scope),
      0,
      {
        uses: ["in", "in", "in", "-", "in", "out"],
        formula: ([i, f, g, before]) => [multiplyAdd4(f, before, multiply4(i, g), fused)],
      },
    ),
    // reads LN(c_t), its gain and bias, and o; writes s and h
    rowsKernel(
      "normShow",
      ["in", "in", "in", "in", "out", "out"],
      0,
      ([x, gain, b, o], _, scope) => {
        const { keep } = scope;
        const s = keep(tanh4(keep(multiplyAdd4(x, gain, b, fused)), scope));
        return [s, multiply4(o, s)];
      },
    ),
    // reads dL/dh_t, o and s; writes dL/dy_t
    rowsKernel("normShowBack", ["in", "in", "in", "out"], 0, ([dh, o, s], _, scope) => [
      multiply4(multiply4(dh, o), tanhSlope(s, scope)),
    ]),
    // reads i, f, g, o, s, c_{t-1}, dL/dh_t and the gradient through LN; writes dL/da; updates
    // dL/dc
    rowsKernel(
      "normLstmBack",
      [...new Array<Use>(8).fill("in"), "out", "out", "out", "out", "both"],
      0,
      ([i, f, g, o, s, before, dh, shown, dcNext], _, scope) => {
        const dc = scope.keep(add4(dcNext, shown));
        return lstmGradients([i, f, g, o], { before, dh, dc, shown: s }, scope);
      },
    ),
    // reads the inputs and the products for r, z and n, then b_hn and h_{t-1}
    rowsKernel(
      "gru",
      ["in", "in", "-", "in", "in", "in", "in", "-", "out", "out", "-", "out", "-"],
      0,
      ([xr, xz, pr, pz, pn, bhn], _, scope) => {
        const { keep } = scope;
        const [r, z] = sigmoids4([keep(add4(xr, pr)), keep(add4(xz, pz))], scope);
        return [r, z, add4(pn, bhn)];
      },
      0,
      {
        uses: ["-", "-", "in", "-", "-", "-", "-", "in", "in", "in", "out", "in", "out"],
        formula([xn, before, r, z, q], _, scope) {
          const { keep } = scope;
          const n = keep(tanh4(keep(multiplyAdd4(r, q, xn, fused)), scope));
          return [n, multiplyAdd4(z, subtract4(before, n), n, fused)];
        },
      },
    ),
    // reads r, z, n, q and h_{t-1}; writes dz of r, z and n for the inputs, and the same for the
    // products, except that n's is dn r; updates dL/dh
    rowsKernel(
      "gruBack",
      ["in", "in", "in", "in", "in", "out", "out", "out", "out", "out", "out", "both"],
      0,
      ([r, z, n, q, before, dh], _, scope) => {
        const { keep } = scope;
        const dn = keep(
          multiply4(multiply4(dh, subtract4(scope.constant(1), z)), tanhSlope(n, scope)),
        );
        const dz = keep(multiply4(multiply4(dh, subtract4(before, n)), slope(z, scope)));
        const dr = keep(multiply4(multiply4(dn, q), slope(r, scope)));
        return [dr, dz, dn, dr, dz, multiply4(dn, r), multiply4(dh, z)];
      },
    ),
  ];
}
