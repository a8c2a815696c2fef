/**
 * What the parts of exported modules pass to each other.
 *
 * @module
 */

/** Numbers of a weight, row by row. */
export type Numbers = Float32Array<ArrayBuffer>;
/** One row of numbers that was computed. */
export type Row = Float64Array<ArrayBuffer>;
/** What a layer reads in a step: a row, or the place of the 1 in a one-hot row. */
export type Input = Row | number;
/** The weights of one cell. */
export type CellWeights = Record<string, Numbers>;

/** What a cell carries from step to step. */
export interface State {
  /** The hidden state. */
  h: Row;
  /** The cell state of an LSTM. */
  c: Row;
}

/** A kind of cell. */
export interface JsCell {
  /** The size of its states. */
  hidden: number;
  /** z = x Wxh + b_h of a step. */
  project(x: Input, w: CellWeights): Row;
  /** The next state. */
  step(z: Row, state: State, w: CellWeights): State;
}

/** The weights of a network. */
export interface Network {
  /** All of them, by name. */
  weights: Record<string, Numbers>;
  /** Those of each direction of each layer. */
  layers: CellWeights[][];
  /** Those of the layer that reads letters. */
  letters: CellWeights[][];
}

/** The weights of a network that translates. */
export interface Halves {
  /** All of them, by name. */
  weights: Record<string, Numbers>;
  /** Those of each direction of each of the encoder's layers. */
  encoder: CellWeights[][];
  /** Those of the decoder's. */
  decoder: CellWeights[][];
}
