/**
 * The kinds of cell behind one face, for networks of any of them.
 *
 * @module
 */
import type { Activation, GruTrace, LstmTrace, Tensor } from "../../backend.ts";
import type { Ops } from "../../ops/checked_ops.ts";

/** The kinds of cell: the vanilla network, long short-term memory, the gated recurrent unit. */
export type CellName = "rnn" | "lstm" | "gru";

/** The weights of one cell. */
export interface CellWeights<T> {
  /** From an input to the gates, `[inputs, gates * hidden]`. */
  Wxh: T;
  /** From a state to the next step's gates, `[hidden, gates * hidden]`. */
  Whh: T;
  /** The gates' biases, `[1, gates * hidden]`. */
  bh: T;
  /** The bias within a GRU's reset, `[1, hidden]`. */
  bhn?: T;
}

/** What a cell carries from step to step, `[batch, hidden]` each. */
export interface State {
  /** The hidden state. */
  h: Tensor;
  /** The cell of an LSTM. */
  c?: Tensor;
}

/** What a forward pass leaves for the backward pass. */
export interface Trace {
  /** h_0 to h_n, `[(timeSteps + 1) * batch, hidden]`. */
  states: Tensor;
  /** c_0 to c_n of an LSTM, shaped as the states. */
  cells?: Tensor;
  /** What the gates were. */
  gates?: Tensor;
}

/** The gradients that a cell gives back. */
export interface CellGradients {
  /** For inputs = x Wxh + b_h of every step, `[timeSteps * batch, gates * hidden]`. */
  dInputs: Tensor;
  /** For h_{t-1} Whh of every step, shaped as dInputs. */
  dRecurrent: Tensor;
  /** For the state before the first step, computed when asked for. */
  dInitial(): State;
}

/** A kind of cell. */
export interface Cell {
  /** How many numbers of Wxh, Whh and b_h each hidden unit has: its gates. */
  readonly gates: number;
  /** All states, from inputs = x Wxh + b_h `[timeSteps * batch, gates * hidden]`. */
  forward(ops: Ops, inputs: Tensor, initial: State, weights: CellWeights<Tensor>): Trace;
  /**
   * From the gradient that reaches each of h_0 to h_n directly, and with dCells each of an LSTM's
   * c_0 to c_n, back through time.
   */
  backward(
    ops: Ops,
    dStates: Tensor,
    trace: Trace,
    weights: CellWeights<Tensor>,
    batch: number,
    dCells?: Tensor,
  ): CellGradients;
}

/** The cell of a name; the activation is a vanilla network's. */
export function cellOf(name: CellName, activation: Activation = "tanh"): Cell {
  return name === "lstm" ? lstm : name === "gru" ? gru : rnn[activation];
}

const rnn: Record<Activation, Cell> = { tanh: vanilla("tanh"), relu: vanilla("relu") };

function vanilla(activation: Activation): Cell {
  return {
    gates: 1,
    forward: (ops, inputs, { h }, { Whh }) => ({
      states: ops.rnnForward(inputs, h, Whh, activation),
    }),
    backward(ops, dStates, { states }, { Whh }, batch) {
      const dz = ops.rnnBackward(dStates, states, Whh, batch, activation);
      const dInitial = () => ({ h: throughWhh(ops, dz, Whh, batch) });
      return { dInputs: dz, dRecurrent: dz, dInitial };
    },
  };
}

const lstm: Cell = {
  gates: 4,
  forward: (ops, inputs, { h, c }, { Whh }) =>
    ops.lstmForward(inputs, h, c ?? ops.zeros(h.shape), Whh),
  backward(ops, dStates, trace, { Whh }, batch, dCells) {
    const { dInputs, dc0 } = ops.lstmBackward(dStates, trace as LstmTrace, Whh, batch, dCells);
    const dInitial = () => ({ h: throughWhh(ops, dInputs, Whh, batch), c: dc0 });
    return { dInputs, dRecurrent: dInputs, dInitial };
  },
};

const gru: Cell = {
  gates: 3,
  forward: (ops, inputs, { h }, { Whh, bhn }) => ops.gruForward(inputs, h, Whh, bhn!),
  backward(ops, dStates, trace, { Whh }, batch) {
    const { dInputs, dRecurrent, dCarry } = ops.gruBackward(
      dStates,
      trace as GruTrace,
      Whh,
      batch,
    );
    const dInitial = () => ({ h: ops.add(throughWhh(ops, dRecurrent, Whh, batch), dCarry) });
    return { dInputs, dRecurrent, dInitial };
  },
};

/** dL/dz_1 Whhᵀ: what the first step sends back to h_0. */
function throughWhh(ops: Ops, dz: Tensor, Whh: Tensor, batch: number): Tensor {
  return ops.matmul(ops.sliceRows(dz, 0, batch), Whh, { transposeB: true });
}
