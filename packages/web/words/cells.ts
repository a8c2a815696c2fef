/**
 * The names of the cells.
 *
 * @module
 */

/** The names, by core's names. */
export const cells: Record<string, string> = {
  rnn: "RNN",
  lstm: "LSTM",
  gru: "GRU",
  mingru: "minGRU",
  lnlstm: "layer-norm LSTM",
};
