/**
 * The forward and backward equations of each cell for one unit, with their numbers.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import type { CellName } from "../network/cells/cells.ts";
import type { NetworkConfig } from "../network/config.ts";

/** A number with its name in the equations, such as `c_{t-1}`. */
export interface NamedNumber {
  /** The name, with subscripts as in TeX: `_t` or `_{t-1}`. */
  name: string;
  /** The number. */
  value: number;
}

/** An equation: a sum of terms, each a product of named factors. */
export interface EquationLine {
  /** The name of the left side. */
  name: string;
  /** The factors of each term. */
  terms: NamedNumber[][];
  /** The value of the sum. */
  value: number;
}

/** The activation function of a gate. */
export type GateActivation = "sigmoid" | "tanh" | "relu" | "identity";

/** The numbers of one unit at one time step. */
export interface UnitNumbers {
  /** The gates by name; empty for a cell without gates. */
  gates: Readonly<Record<string, number>>;
  /** The hidden state after this step, and before it. */
  h: number;
  hBefore: number;
  /** The cell state after this step, and before it; 0 if the cell has none. */
  c: number;
  cBefore: number;
  /** h_{t-1} W + b of the gate with a separate bias in the recurrence; 0 if there is none. */
  inner: number;
}

/** The gradients that reach a unit at one time step. */
export interface UnitGradients {
  /** dL/dh_t. */
  dh: number;
  /** The gradient that reaches c_t from above. */
  reachedCell: number;
  /** dL/dc_{t+1} and the gates of the next step; undefined at the last step. */
  next?: { dc: number; gates: UnitNumbers["gates"] };
}

/** The equations of a cell. */
export interface UnitEquations {
  /** Returns the activation function of each gate. */
  activations(config: NetworkConfig): readonly GateActivation[];
  /** Returns the factor of the state's part of the gate with an inner bias. */
  scale?(at: UnitNumbers): NamedNumber;
  /** Returns the equations from the gates to the states; empty if the gate is the state. */
  forward(at: UnitNumbers): EquationLine[];
  /** Returns the factors of the part of dL/dh_{t+1} that bypasses W_hh. Default: no such part. */
  carry?(next: UnitNumbers, dh: number): NamedNumber[];
  /** Returns the factor of a gate's gradient before it flows back through W_hh. Default: 1. */
  scaleBack?(gate: number, gates: Readonly<Record<string, number>>): number;
  /** Returns the equations from dL/dh_t to dL/dz of each gate, in gate order, and dL/dc_t. */
  backward(
    at: UnitNumbers,
    back: UnitGradients,
    config: NetworkConfig,
  ): { cell?: EquationLine; gates: EquationLine[] };
}

/** Returns an equation with its value. */
export function lineOf(name: string, terms: NamedNumber[][]): EquationLine {
  let sum = 0;
  for (const factors of terms) {
    let product = 1;
    for (const { value } of factors) product *= value;
    sum += product;
  }
  return { name, terms, value: sum };
}

const named = (name: string, value: number): NamedNumber => ({ name, value });
const sigmoidSlope = (gate: string, y: number) => named(`${gate}_t (1 - ${gate}_t)`, y * (1 - y));
const tanhSlope = (name: string, y: number) => named(`(1 - ${name}^2)`, 1 - y * y);

/**
 * The table of equations. A cell's file has the same equations for all units at once. A
 * layer-normalized cell has none, because each of its numbers depends on all units.
 */
export const UNIT_EQUATIONS: Readonly<Record<CellName, UnitEquations | undefined>> = {
  lnlstm: undefined,
  rnn: {
    activations: ({ activation }) => [activation as GateActivation],
    forward: () => [],
    backward({ h }, { dh }, { activation }) {
      const slope = activation === "tanh"
        ? tanhSlope("h_t", h)
        : named("relu'(z_t)", h > 0 ? 1 : 0);
      return { gates: [lineOf("dL/dz_t", [[named("dL/dh_t", dh), slope]])] };
    },
  },
  lstm: {
    activations: () => ["sigmoid", "sigmoid", "tanh", "sigmoid"],
    forward: ({ gates: { i, f, g, o }, c, cBefore }) => [
      lineOf("c_t", [
        [named("f_t", f), named("c_{t-1}", cBefore)],
        [named("i_t", i), named("g_t", g)],
      ]),
      lineOf("h_t", [[named("o_t", o), named("tanh(c_t)", Math.tanh(c))]]),
    ],
    backward({ gates: { i, f, g, o }, c, cBefore }, { dh, reachedCell, next }) {
      const tanhC = Math.tanh(c), dhNamed = named("dL/dh_t", dh);
      const cell = lineOf("dL/dc_t", [
        [dhNamed, named("o_t", o), tanhSlope("tanh(c_t)", tanhC)],
        ...(next ? [[named("dL/dc_{t+1}", next.dc), named("f_{t+1}", next.gates.f)]] : []),
        ...(reachedCell !== 0 ? [[named("dL/dc_n", reachedCell)]] : []),
      ]);
      const dc = named("dL/dc_t", cell.value);
      return {
        cell,
        gates: [
          lineOf("dL/dz_i", [[dc, named("g_t", g), sigmoidSlope("i", i)]]),
          lineOf("dL/dz_f", [[dc, named("c_{t-1}", cBefore), sigmoidSlope("f", f)]]),
          lineOf("dL/dz_g", [[dc, named("i_t", i), tanhSlope("g_t", g)]]),
          lineOf("dL/dz_o", [[dhNamed, named("tanh(c_t)", tanhC), sigmoidSlope("o", o)]]),
        ],
      };
    },
  },
  gru: {
    activations: () => ["sigmoid", "sigmoid", "tanh"],
    scale: ({ gates: { r } }) => named("r_t", r),
    forward: ({ gates: { z, n }, hBefore }) => [
      lineOf("h_t", [
        [named("(1 - z_t)", 1 - z), named("n_t", n)],
        [named("z_t", z), named("h_{t-1}", hBefore)],
      ]),
    ],
    carry: ({ gates: { z } }, dh) => [named("dL/dh_{t+1}", dh), named("z_{t+1}", z)],
    scaleBack: (gate, { r }) => gate === 2 ? r : 1,
    backward({ gates: { r, z, n }, hBefore, inner }, { dh }) {
      const dhNamed = named("dL/dh_t", dh);
      const dn = lineOf("dL/dz_n", [[dhNamed, named("(1 - z_t)", 1 - z), tanhSlope("n_t", n)]]);
      const q = named("(h_{t-1} W_{hn} + b_{hn})", inner);
      return {
        gates: [
          lineOf("dL/dz_r", [[named("dL/dz_n", dn.value), q, sigmoidSlope("r", r)]]),
          lineOf("dL/dz_z", [
            [dhNamed, named("(h_{t-1} - n_t)", hBefore - n), sigmoidSlope("z", z)],
          ]),
          dn,
        ],
      };
    },
  },
  mingru: {
    activations: () => ["sigmoid", "identity"],
    forward: ({ gates: { z, n }, hBefore }) => [
      lineOf("h_t", [
        [named("(1 - z_t)", 1 - z), named("h_{t-1}", hBefore)],
        [named("z_t", z), named("n_t", n)],
      ]),
    ],
    carry: ({ gates: { z } }, dh) => [named("dL/dh_{t+1}", dh), named("(1 - z_{t+1})", 1 - z)],
    backward({ gates: { z, n }, hBefore }, { dh }) {
      const dhNamed = named("dL/dh_t", dh);
      return {
        gates: [
          lineOf("dL/dz_z", [
            [dhNamed, named("(n_t - h_{t-1})", n - hBefore), sigmoidSlope("z", z)],
          ]),
          lineOf("dL/dn_t", [[dhNamed, named("z_t", z)]]),
        ],
      };
    },
  },
};

/** Returns the equations of a network's cell; throws if the cell is layer-normalized. */
export function equationsOf({ cell }: NetworkConfig): UnitEquations {
  const equations = UNIT_EQUATIONS[cell];
  if (equations) return equations;
  throw new InputError(
    `the cell ${cell} has no equations for single units: its units are normalized together`,
  );
}
