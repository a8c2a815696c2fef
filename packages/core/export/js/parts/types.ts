/**
 * The types of the values that parts of exported modules share.
 *
 * @module
 */

/** The numbers of a weight, row by row. */
export type Numbers = Float32Array<ArrayBuffer>;
/** One row of computed numbers. */
export type Row = Float64Array<ArrayBuffer>;
/** A layer's input in a time step: a row, or the index of the 1 in a one-hot vector. */
export type Input = Row | number;
/** The weights of one cell. */
export type CellWeights = Record<string, Numbers>;

/** The state that a cell carries from one time step to the next. */
export interface State {
  /** The hidden state. */
  h: Row;
  /** The cell state of an LSTM; unused by other cells. */
  c: Row;
}

/** The functions of a cell. */
export interface JsCell {
  /** The hidden size. */
  hidden: number;
  /** Computes z = x Wxh + b_h of a time step. */
  project(x: Input, w: CellWeights): Row;
  /** Computes the next state. */
  step(z: Row, state: State, w: CellWeights): State;
}

/** The weights of a network. */
export interface Network {
  /** All weights, by name. */
  weights: Record<string, Numbers>;
  /** The weights of each direction of each layer. */
  layers: CellWeights[][];
  /** The weights of the layer that reads letters; empty if there is none. */
  letters: CellWeights[][];
}

/** The weights of a translation network. */
export interface Halves {
  /** All weights, by name. */
  weights: Record<string, Numbers>;
  /** The weights of each direction of each of the encoder's layers. */
  encoder: CellWeights[][];
  /** The weights of each of the decoder's layers. */
  decoder: CellWeights[][];
}
